package io.spinwire.api;

/**
 * Collects settings; every method returns the builder. The meaning of each stands at {@link TcpConfig}'s accessor of
 * the same name.
 */
public final class TcpConfigBuilder {
    private final TcpConfigValues values = new TcpConfigValues();

    TcpConfigBuilder() {}

    public TcpConfigBuilder timestamps(boolean value) {
        values.timestamps = value;
        return this;
    }

    public TcpConfigBuilder timestampsInMicros(boolean value) {
        values.timestampsInMicros = value;
        return this;
    }

    public TcpConfigBuilder windowScaling(boolean value) {
        values.windowScaling = value;
        return this;
    }

    public TcpConfigBuilder sack(boolean value) {
        values.sack = value;
        return this;
    }

    public TcpConfigBuilder dsack(boolean value) {
        values.dsack = value;
        return this;
    }

    public TcpConfigBuilder ecn(EcnMode value) {
        values.ecn = value;
        return this;
    }

    public TcpConfigBuilder ecnFallback(boolean value) {
        values.ecnFallback = value;
        return this;
    }

    public TcpConfigBuilder receiveBufferMin(int value) {
        values.receiveBufferMin = value;
        return this;
    }

    public TcpConfigBuilder receiveBuffer(int value) {
        values.receiveBuffer = value;
        return this;
    }

    public TcpConfigBuilder receiveBufferMax(int value) {
        values.receiveBufferMax = value;
        return this;
    }

    public TcpConfigBuilder receiveAutoTuning(boolean value) {
        values.receiveAutoTuning = value;
        return this;
    }

    public TcpConfigBuilder sendBufferMin(int value) {
        values.sendBufferMin = value;
        return this;
    }

    public TcpConfigBuilder sendBuffer(int value) {
        values.sendBuffer = value;
        return this;
    }

    public TcpConfigBuilder sendBufferMax(int value) {
        values.sendBufferMax = value;
        return this;
    }

    public TcpConfigBuilder notSentLowat(int value) {
        values.notSentLowat = value;
        return this;
    }

    public TcpConfigBuilder initialWindow(int value) {
        values.initialWindow = value;
        return this;
    }

    public TcpConfigBuilder reordering(int value) {
        values.reordering = value;
        return this;
    }

    public TcpConfigBuilder maxReordering(int value) {
        values.maxReordering = value;
        return this;
    }

    public TcpConfigBuilder rack(boolean value) {
        values.rack = value;
        return this;
    }

    public TcpConfigBuilder tlp(boolean value) {
        values.tlp = value;
        return this;
    }

    public TcpConfigBuilder frto(boolean value) {
        values.frto = value;
        return this;
    }

    public TcpConfigBuilder slowStartAfterIdle(boolean value) {
        values.slowStartAfterIdle = value;
        return this;
    }

    public TcpConfigBuilder congestionControl(String value) {
        values.congestionControl = value;
        return this;
    }

    public TcpConfigBuilder hystart(HystartMode value) {
        values.hystart = value;
        return this;
    }

    public TcpConfigBuilder pacing(boolean value) {
        values.pacing = value;
        return this;
    }

    public TcpConfigBuilder pacingSlowStartPercent(int value) {
        values.pacingSlowStartPercent = value;
        return this;
    }

    public TcpConfigBuilder pacingAvoidancePercent(int value) {
        values.pacingAvoidancePercent = value;
        return this;
    }

    public TcpConfigBuilder initialRtoNs(long value) {
        values.initialRtoNs = value;
        return this;
    }

    public TcpConfigBuilder minRtoNs(long value) {
        values.minRtoNs = value;
        return this;
    }

    public TcpConfigBuilder maxRtoNs(long value) {
        values.maxRtoNs = value;
        return this;
    }

    public TcpConfigBuilder minDelayedAckNs(long value) {
        values.minDelayedAckNs = value;
        return this;
    }

    public TcpConfigBuilder maxDelayedAckNs(long value) {
        values.maxDelayedAckNs = value;
        return this;
    }

    public TcpConfigBuilder quickAckSegments(int value) {
        values.quickAckSegments = value;
        return this;
    }

    public TcpConfigBuilder minRttWindowNs(long value) {
        values.minRttWindowNs = value;
        return this;
    }

    public TcpConfigBuilder synRetries(int value) {
        values.synRetries = value;
        return this;
    }

    public TcpConfigBuilder synLinearTimeouts(int value) {
        values.synLinearTimeouts = value;
        return this;
    }

    public TcpConfigBuilder synAckRetries(int value) {
        values.synAckRetries = value;
        return this;
    }

    public TcpConfigBuilder retriesBeforeDoubt(int value) {
        values.retriesBeforeDoubt = value;
        return this;
    }

    public TcpConfigBuilder retries(int value) {
        values.retries = value;
        return this;
    }

    public TcpConfigBuilder orphanRetries(int value) {
        values.orphanRetries = value;
        return this;
    }

    public TcpConfigBuilder maxOrphans(int value) {
        values.maxOrphans = value;
        return this;
    }

    public TcpConfigBuilder keepAliveIdleNs(long value) {
        values.keepAliveIdleNs = value;
        return this;
    }

    public TcpConfigBuilder keepAliveIntervalNs(long value) {
        values.keepAliveIntervalNs = value;
        return this;
    }

    public TcpConfigBuilder keepAliveCount(int value) {
        values.keepAliveCount = value;
        return this;
    }

    public TcpConfigBuilder finTimeoutNs(long value) {
        values.finTimeoutNs = value;
        return this;
    }

    public TcpConfigBuilder timeWaitNs(long value) {
        values.timeWaitNs = value;
        return this;
    }

    public TcpConfigBuilder maxTimeWait(int value) {
        values.maxTimeWait = value;
        return this;
    }

    public TcpConfigBuilder timeWaitReuse(TimeWaitReuse value) {
        values.timeWaitReuse = value;
        return this;
    }

    public TcpConfigBuilder timeWaitReuseDelayNs(long value) {
        values.timeWaitReuseDelayNs = value;
        return this;
    }

    public TcpConfigBuilder rfc1337(boolean value) {
        values.rfc1337 = value;
        return this;
    }

    public TcpConfigBuilder pathMetrics(boolean value) {
        values.pathMetrics = value;
        return this;
    }

    public TcpConfigBuilder pathSsthresh(boolean value) {
        values.pathSsthresh = value;
        return this;
    }

    public TcpConfigBuilder maxPathMetrics(int value) {
        values.maxPathMetrics = value;
        return this;
    }

    public TcpConfigBuilder pathMtuDiscovery(boolean value) {
        values.pathMtuDiscovery = value;
        return this;
    }

    public TcpConfigBuilder mtuProbing(MtuProbing value) {
        values.mtuProbing = value;
        return this;
    }

    public TcpConfigBuilder baseMss(int value) {
        values.baseMss = value;
        return this;
    }

    public TcpConfigBuilder mtuProbeFloor(int value) {
        values.mtuProbeFloor = value;
        return this;
    }

    public TcpConfigBuilder mtuProbeThreshold(int value) {
        values.mtuProbeThreshold = value;
        return this;
    }

    public TcpConfigBuilder mtuProbeIntervalNs(long value) {
        values.mtuProbeIntervalNs = value;
        return this;
    }

    public TcpConfigBuilder maxRequests(int value) {
        values.maxRequests = value;
        return this;
    }

    public TcpConfigBuilder synCookies(SynCookieMode value) {
        values.synCookies = value;
        return this;
    }

    public TcpConfigBuilder abortOnOverflow(boolean value) {
        values.abortOnOverflow = value;
        return this;
    }

    public TcpConfigBuilder fastOpenClient(boolean value) {
        values.fastOpenClient = value;
        return this;
    }

    public TcpConfigBuilder fastOpenServer(boolean value) {
        values.fastOpenServer = value;
        return this;
    }

    public TcpConfigBuilder fastOpenWithoutCookie(boolean value) {
        values.fastOpenWithoutCookie = value;
        return this;
    }

    public TcpConfigBuilder fastOpenBlackHoleTimeoutNs(long value) {
        values.fastOpenBlackHoleTimeoutNs = value;
        return this;
    }

    public TcpConfigBuilder invalidRateLimitNs(long value) {
        values.invalidRateLimitNs = value;
        return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException naming the setting, its value and what is allowed
     */
    public TcpConfig build() {
        values.check();
        return new TcpConfig(values.copy());
    }
}
