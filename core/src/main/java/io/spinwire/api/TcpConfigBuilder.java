package io.spinwire.api;

import java.util.concurrent.TimeUnit;

/**
 * Collects settings; every method returns the builder. The meaning of each stands at {@link TcpConfig}'s accessor of
 * the same name.
 */
public final class TcpConfigBuilder {
    boolean timestamps = true;
    boolean windowScaling = true;
    int receiveBuffer = 131072;
    int receiveBufferMax = 33554432;
    int sendBuffer = 16384;
    int sendBufferMax = 4194304;
    int initialWindow = 10;
    int reordering = 3;
    boolean slowStartAfterIdle = true;
    String congestionControl = "reno";
    long initialRtoNs = seconds(1);
    long minRtoNs = millis(200);
    long maxRtoNs = seconds(120);
    long minDelayedAckNs = millis(40);
    long maxDelayedAckNs = millis(200);
    int quickAckSegments = 16;
    int synRetries = 6;
    int synLinearTimeouts = 4;
    int synAckRetries = 5;
    int retries = 15;
    int orphanRetries = 8;
    long keepAliveIdleNs = seconds(7200);
    long keepAliveIntervalNs = seconds(75);
    int keepAliveCount = 9;
    long finTimeoutNs = seconds(60);
    long timeWaitNs = seconds(60);
    int maxTimeWait = 131072;
    int maxRequests = 4096;
    long invalidRateLimitNs = millis(500);

    TcpConfigBuilder() {}

    private TcpConfigBuilder(TcpConfigBuilder other) {
        timestamps = other.timestamps;
        windowScaling = other.windowScaling;
        receiveBuffer = other.receiveBuffer;
        receiveBufferMax = other.receiveBufferMax;
        sendBuffer = other.sendBuffer;
        sendBufferMax = other.sendBufferMax;
        initialWindow = other.initialWindow;
        reordering = other.reordering;
        slowStartAfterIdle = other.slowStartAfterIdle;
        congestionControl = other.congestionControl;
        initialRtoNs = other.initialRtoNs;
        minRtoNs = other.minRtoNs;
        maxRtoNs = other.maxRtoNs;
        minDelayedAckNs = other.minDelayedAckNs;
        maxDelayedAckNs = other.maxDelayedAckNs;
        quickAckSegments = other.quickAckSegments;
        synRetries = other.synRetries;
        synLinearTimeouts = other.synLinearTimeouts;
        synAckRetries = other.synAckRetries;
        retries = other.retries;
        orphanRetries = other.orphanRetries;
        keepAliveIdleNs = other.keepAliveIdleNs;
        keepAliveIntervalNs = other.keepAliveIntervalNs;
        keepAliveCount = other.keepAliveCount;
        finTimeoutNs = other.finTimeoutNs;
        timeWaitNs = other.timeWaitNs;
        maxTimeWait = other.maxTimeWait;
        maxRequests = other.maxRequests;
        invalidRateLimitNs = other.invalidRateLimitNs;
    }

    public TcpConfigBuilder timestamps(boolean value) {
        timestamps = value;
        return this;
    }

    public TcpConfigBuilder windowScaling(boolean value) {
        windowScaling = value;
        return this;
    }

    public TcpConfigBuilder receiveBuffer(int value) {
        receiveBuffer = value;
        return this;
    }

    public TcpConfigBuilder receiveBufferMax(int value) {
        receiveBufferMax = value;
        return this;
    }

    public TcpConfigBuilder sendBuffer(int value) {
        sendBuffer = value;
        return this;
    }

    public TcpConfigBuilder sendBufferMax(int value) {
        sendBufferMax = value;
        return this;
    }

    public TcpConfigBuilder initialWindow(int value) {
        initialWindow = value;
        return this;
    }

    public TcpConfigBuilder reordering(int value) {
        reordering = value;
        return this;
    }

    public TcpConfigBuilder slowStartAfterIdle(boolean value) {
        slowStartAfterIdle = value;
        return this;
    }

    public TcpConfigBuilder congestionControl(String value) {
        congestionControl = value;
        return this;
    }

    public TcpConfigBuilder initialRtoNs(long value) {
        initialRtoNs = value;
        return this;
    }

    public TcpConfigBuilder minRtoNs(long value) {
        minRtoNs = value;
        return this;
    }

    public TcpConfigBuilder maxRtoNs(long value) {
        maxRtoNs = value;
        return this;
    }

    public TcpConfigBuilder minDelayedAckNs(long value) {
        minDelayedAckNs = value;
        return this;
    }

    public TcpConfigBuilder maxDelayedAckNs(long value) {
        maxDelayedAckNs = value;
        return this;
    }

    public TcpConfigBuilder quickAckSegments(int value) {
        quickAckSegments = value;
        return this;
    }

    public TcpConfigBuilder synRetries(int value) {
        synRetries = value;
        return this;
    }

    public TcpConfigBuilder synLinearTimeouts(int value) {
        synLinearTimeouts = value;
        return this;
    }

    public TcpConfigBuilder synAckRetries(int value) {
        synAckRetries = value;
        return this;
    }

    public TcpConfigBuilder retries(int value) {
        retries = value;
        return this;
    }

    public TcpConfigBuilder orphanRetries(int value) {
        orphanRetries = value;
        return this;
    }

    public TcpConfigBuilder keepAliveIdleNs(long value) {
        keepAliveIdleNs = value;
        return this;
    }

    public TcpConfigBuilder keepAliveIntervalNs(long value) {
        keepAliveIntervalNs = value;
        return this;
    }

    public TcpConfigBuilder keepAliveCount(int value) {
        keepAliveCount = value;
        return this;
    }

    public TcpConfigBuilder finTimeoutNs(long value) {
        finTimeoutNs = value;
        return this;
    }

    public TcpConfigBuilder timeWaitNs(long value) {
        timeWaitNs = value;
        return this;
    }

    public TcpConfigBuilder maxTimeWait(int value) {
        maxTimeWait = value;
        return this;
    }

    public TcpConfigBuilder maxRequests(int value) {
        maxRequests = value;
        return this;
    }

    public TcpConfigBuilder invalidRateLimitNs(long value) {
        invalidRateLimitNs = value;
        return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException naming the setting, its value and what is allowed
     */
    public TcpConfig build() {
        checkRanges();
        Check.ordered("receiveBuffer", receiveBuffer, "receiveBufferMax", receiveBufferMax);
        Check.ordered("sendBuffer", sendBuffer, "sendBufferMax", sendBufferMax);
        Check.ordered("minRtoNs", minRtoNs, "maxRtoNs", maxRtoNs);
        Check.ordered("minDelayedAckNs", minDelayedAckNs, "maxDelayedAckNs", maxDelayedAckNs);
        return new TcpConfig(new TcpConfigBuilder(this));
    }

    private void checkRanges() {
        Check.range("receiveBuffer", receiveBuffer, TcpConfig.MIN_BUFFER, TcpConfig.MAX_BUFFER);
        Check.range("receiveBufferMax", receiveBufferMax, TcpConfig.MIN_BUFFER, TcpConfig.MAX_BUFFER);
        Check.range("sendBuffer", sendBuffer, TcpConfig.MIN_BUFFER, TcpConfig.MAX_BUFFER);
        Check.range("sendBufferMax", sendBufferMax, TcpConfig.MIN_BUFFER, TcpConfig.MAX_BUFFER);
        Check.range("initialWindow", initialWindow, 1, 1000);
        Check.range("reordering", reordering, 1, 300);
        Check.oneOf("congestionControl", congestionControl, TcpConfig.CONGESTION_CONTROLS);
        Check.range("initialRtoNs", initialRtoNs, millis(1), seconds(120));
        Check.range("minRtoNs", minRtoNs, millis(1), seconds(120));
        Check.range("maxRtoNs", maxRtoNs, seconds(1), seconds(120));
        Check.range("minDelayedAckNs", minDelayedAckNs, 0, millis(500));
        Check.range("maxDelayedAckNs", maxDelayedAckNs, 0, millis(500));
        Check.range("quickAckSegments", quickAckSegments, 0, 1000);
        Check.range("synRetries", synRetries, 0, 127);
        Check.range("synLinearTimeouts", synLinearTimeouts, 0, 127);
        Check.range("synAckRetries", synAckRetries, 0, 127);
        Check.range("retries", retries, 1, 127);
        Check.range("orphanRetries", orphanRetries, 0, 127);
        Check.range("keepAliveIdleNs", keepAliveIdleNs, seconds(1), seconds(32767));
        Check.range("keepAliveIntervalNs", keepAliveIntervalNs, seconds(1), seconds(32767));
        Check.range("keepAliveCount", keepAliveCount, 1, 127);
        Check.range("finTimeoutNs", finTimeoutNs, millis(1), seconds(600));
        Check.range("timeWaitNs", timeWaitNs, millis(1), seconds(600));
        Check.range("maxTimeWait", maxTimeWait, 0, 1 << 24);
        Check.range("maxRequests", maxRequests, 1, 1 << 24);
        Check.range("invalidRateLimitNs", invalidRateLimitNs, 0, seconds(60));
    }

    private static long seconds(long count) {
        return TimeUnit.SECONDS.toNanos(count);
    }

    private static long millis(long count) {
        return TimeUnit.MILLISECONDS.toNanos(count);
    }
}
