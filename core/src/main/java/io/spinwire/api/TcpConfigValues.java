package io.spinwire.api;

import java.util.concurrent.TimeUnit;

/** The values of a {@link TcpConfig}, with Linux's defaults, and what is allowed for each. */
final class TcpConfigValues implements Cloneable {
    boolean timestamps = true;
    boolean timestampsInMicros;
    boolean windowScaling = true;
    boolean sack = true;
    boolean dsack = true;
    EcnMode ecn = EcnMode.ACCEPT;
    boolean ecnFallback = true;
    int receiveBufferMin = 4096;
    int receiveBuffer = 131072;
    int receiveBufferMax = 33554432;
    boolean receiveAutoTuning = true;
    int sendBufferMin = 4096;
    int sendBuffer = 16384;
    int sendBufferMax = 4194304;
    int notSentLowat = Integer.MAX_VALUE;
    int initialWindow = 10;
    int reordering = 3;
    int maxReordering = 300;
    boolean rack = true;
    boolean tlp = true;
    boolean frto = true;
    boolean slowStartAfterIdle = true;
    String congestionControl = "cubic";
    HystartMode hystart = HystartMode.LINUX;
    boolean pacing;
    int pacingSlowStartPercent = 200;
    int pacingAvoidancePercent = 120;
    long initialRtoNs = seconds(1);
    long minRtoNs = millis(200);
    long maxRtoNs = seconds(120);
    long minDelayedAckNs = millis(40);
    long maxDelayedAckNs = millis(200);
    int quickAckSegments = 16;
    long minRttWindowNs = seconds(300);
    int synRetries = 6;
    int synLinearTimeouts = 4;
    int synAckRetries = 5;
    int retriesBeforeDoubt = 3;
    int retries = 15;
    int orphanRetries = 8;
    int maxOrphans = 131072;
    long keepAliveIdleNs = seconds(7200);
    long keepAliveIntervalNs = seconds(75);
    int keepAliveCount = 9;
    long finTimeoutNs = seconds(60);
    long timeWaitNs = seconds(60);
    int maxTimeWait = 131072;
    TimeWaitReuse timeWaitReuse = TimeWaitReuse.LOCAL;
    long timeWaitReuseDelayNs = seconds(1);
    boolean rfc1337;
    boolean pathMetrics = true;
    boolean pathSsthresh;
    int maxPathMetrics = 1024;
    boolean pathMtuDiscovery = true;
    MtuProbing mtuProbing = MtuProbing.OFF;
    int baseMss = 1024;
    int mtuProbeFloor = 48;
    int mtuProbeThreshold = 8;
    long mtuProbeIntervalNs = seconds(600);
    int maxRequests = 4096;
    SynCookieMode synCookies = SynCookieMode.WHEN_FULL;
    boolean abortOnOverflow;
    boolean fastOpenClient = true;
    boolean fastOpenServer;
    boolean fastOpenWithoutCookie;
    long fastOpenBlackHoleTimeoutNs;
    long invalidRateLimitNs = millis(500);

    /** A copy that later changes of the builder do not reach. */
    TcpConfigValues copy() {
        try {
            return (TcpConfigValues) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    void check() {
        checkRanges();
        Check.ordered("receiveBufferMin", receiveBufferMin, "receiveBuffer", receiveBuffer);
        Check.ordered("receiveBuffer", receiveBuffer, "receiveBufferMax", receiveBufferMax);
        Check.ordered("sendBufferMin", sendBufferMin, "sendBuffer", sendBuffer);
        Check.ordered("sendBuffer", sendBuffer, "sendBufferMax", sendBufferMax);
        Check.ordered("minRtoNs", minRtoNs, "maxRtoNs", maxRtoNs);
        Check.ordered("minDelayedAckNs", minDelayedAckNs, "maxDelayedAckNs", maxDelayedAckNs);
        Check.ordered("reordering", reordering, "maxReordering", maxReordering);
        Check.ordered("mtuProbeFloor", mtuProbeFloor, "baseMss", baseMss);
    }

    private void checkRanges() {
        Check.present("ecn", ecn);
        Check.range("receiveBufferMin", receiveBufferMin, TcpConfig.MIN_BUFFER, TcpConfig.MAX_BUFFER);
        Check.range("receiveBuffer", receiveBuffer, TcpConfig.MIN_BUFFER, TcpConfig.MAX_BUFFER);
        Check.range("receiveBufferMax", receiveBufferMax, TcpConfig.MIN_BUFFER, TcpConfig.MAX_BUFFER);
        Check.range("sendBufferMin", sendBufferMin, TcpConfig.MIN_BUFFER, TcpConfig.MAX_BUFFER);
        Check.range("sendBuffer", sendBuffer, TcpConfig.MIN_BUFFER, TcpConfig.MAX_BUFFER);
        Check.range("sendBufferMax", sendBufferMax, TcpConfig.MIN_BUFFER, TcpConfig.MAX_BUFFER);
        Check.range("notSentLowat", notSentLowat, 1, Integer.MAX_VALUE);
        Check.range("initialWindow", initialWindow, 1, 1000);
        Check.range("reordering", reordering, 1, 300);
        Check.range("maxReordering", maxReordering, 1, 1000);
        Check.oneOf("congestionControl", congestionControl, TcpConfig.CONGESTION_CONTROLS);
        Check.present("hystart", hystart);
        Check.range("pacingSlowStartPercent", pacingSlowStartPercent, 1, 1000);
        Check.range("pacingAvoidancePercent", pacingAvoidancePercent, 1, 1000);
        Check.range("initialRtoNs", initialRtoNs, millis(1), seconds(120));
        Check.range("minRtoNs", minRtoNs, millis(1), seconds(120));
        Check.range("maxRtoNs", maxRtoNs, seconds(1), seconds(120));
        Check.range("minDelayedAckNs", minDelayedAckNs, 0, millis(500));
        Check.range("maxDelayedAckNs", maxDelayedAckNs, 0, millis(500));
        Check.range("quickAckSegments", quickAckSegments, 0, 1000);
        Check.range("minRttWindowNs", minRttWindowNs, millis(1), seconds(86400));
        Check.range("synRetries", synRetries, 0, 127);
        Check.range("synLinearTimeouts", synLinearTimeouts, 0, 127);
        Check.range("synAckRetries", synAckRetries, 0, 127);
        Check.range("retriesBeforeDoubt", retriesBeforeDoubt, 0, 127);
        Check.range("retries", retries, 1, 127);
        Check.range("orphanRetries", orphanRetries, 0, 127);
        Check.range("maxOrphans", maxOrphans, 0, 1 << 24);
        Check.range("keepAliveIdleNs", keepAliveIdleNs, seconds(1), seconds(32767));
        Check.range("keepAliveIntervalNs", keepAliveIntervalNs, seconds(1), seconds(32767));
        Check.range("keepAliveCount", keepAliveCount, 1, 127);
        Check.range("finTimeoutNs", finTimeoutNs, millis(1), seconds(600));
        Check.range("timeWaitNs", timeWaitNs, millis(1), seconds(600));
        Check.range("maxTimeWait", maxTimeWait, 0, 1 << 24);
        Check.present("timeWaitReuse", timeWaitReuse);
        Check.range("timeWaitReuseDelayNs", timeWaitReuseDelayNs, millis(1), seconds(60));
        Check.range("maxPathMetrics", maxPathMetrics, 0, 1 << 20);
        Check.present("mtuProbing", mtuProbing);
        Check.range("baseMss", baseMss, TcpConfig.MIN_MSS, TcpConfig.MAX_MSS);
        Check.range("mtuProbeFloor", mtuProbeFloor, 48, TcpConfig.MAX_MSS);
        Check.range("mtuProbeThreshold", mtuProbeThreshold, 1, TcpConfig.MAX_MSS);
        Check.range("mtuProbeIntervalNs", mtuProbeIntervalNs, seconds(1), seconds(86400));
        Check.range("maxRequests", maxRequests, 1, 1 << 24);
        Check.present("synCookies", synCookies);
        Check.range("fastOpenBlackHoleTimeoutNs", fastOpenBlackHoleTimeoutNs, 0, seconds(86400));
        Check.range("invalidRateLimitNs", invalidRateLimitNs, 0, seconds(60));
    }

    private static long seconds(long count) {
        return TimeUnit.SECONDS.toNanos(count);
    }

    private static long millis(long count) {
        return TimeUnit.MILLISECONDS.toNanos(count);
    }
}
