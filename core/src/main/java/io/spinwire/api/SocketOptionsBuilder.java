package io.spinwire.api;

import java.net.InetAddress;

/**
 * Collects options; every method returns the builder. The meaning of each stands at {@link SocketOptions}'s accessor of
 * the same name.
 */
public final class SocketOptionsBuilder {
    private final SocketOptionsValues values = new SocketOptionsValues();

    SocketOptionsBuilder() {}

    public SocketOptionsBuilder localAddress(InetAddress value) {
        values.localAddress = value;
        return this;
    }

    public SocketOptionsBuilder localPort(int value) {
        values.localPort = value;
        return this;
    }

    public SocketOptionsBuilder noDelay(boolean value) {
        values.noDelay = value;
        return this;
    }

    public SocketOptionsBuilder cork(boolean value) {
        values.cork = value;
        return this;
    }

    public SocketOptionsBuilder quickAck(boolean value) {
        values.quickAck = value;
        return this;
    }

    public SocketOptionsBuilder keepAlive(boolean value) {
        values.keepAlive = value;
        return this;
    }

    public SocketOptionsBuilder keepAliveIdleNs(long value) {
        values.keepAliveIdleNs = value;
        return this;
    }

    public SocketOptionsBuilder keepAliveIntervalNs(long value) {
        values.keepAliveIntervalNs = value;
        return this;
    }

    public SocketOptionsBuilder keepAliveCount(int value) {
        values.keepAliveCount = value;
        return this;
    }

    public SocketOptionsBuilder userTimeoutNs(long value) {
        values.userTimeoutNs = value;
        return this;
    }

    public SocketOptionsBuilder lingerNs(long value) {
        values.lingerNs = value;
        return this;
    }

    public SocketOptionsBuilder mss(int value) {
        values.mss = value;
        return this;
    }

    public SocketOptionsBuilder sendBuffer(int value) {
        values.sendBuffer = value;
        return this;
    }

    public SocketOptionsBuilder receiveBuffer(int value) {
        values.receiveBuffer = value;
        return this;
    }

    public SocketOptionsBuilder receiveLowWater(int value) {
        values.receiveLowWater = value;
        return this;
    }

    public SocketOptionsBuilder congestionControl(String value) {
        values.congestionControl = value;
        return this;
    }

    public SocketOptionsBuilder tos(int value) {
        values.tos = value;
        return this;
    }

    public SocketOptionsBuilder backlog(int value) {
        values.backlog = value;
        return this;
    }

    public SocketOptionsBuilder fastOpen(boolean value) {
        values.fastOpen = value;
        return this;
    }

    public SocketOptionsBuilder fastOpenWithoutCookie(boolean value) {
        values.fastOpenWithoutCookie = value;
        return this;
    }

    public SocketOptionsBuilder fastOpenQueue(int value) {
        values.fastOpenQueue = value;
        return this;
    }

    public SocketOptionsBuilder notSentLowat(int value) {
        values.notSentLowat = value;
        return this;
    }

    public SocketOptionsBuilder windowClamp(int value) {
        values.windowClamp = value;
        return this;
    }

    public SocketOptionsBuilder synCount(int value) {
        values.synCount = value;
        return this;
    }

    public SocketOptionsBuilder deferAcceptNs(long value) {
        values.deferAcceptNs = value;
        return this;
    }

    public SocketOptionsBuilder finWait2Ns(long value) {
        values.finWait2Ns = value;
        return this;
    }

    public SocketOptionsBuilder ttl(int value) {
        values.ttl = value;
        return this;
    }

    public SocketOptionsBuilder pathMtuMode(PathMtuMode value) {
        values.pathMtuMode = value;
        return this;
    }

    public SocketOptionsBuilder maxPacingRate(long value) {
        values.maxPacingRate = value;
        return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException naming the setting, its value and what is allowed
     */
    public SocketOptions build() {
        values.check();
        return new SocketOptions(values.copy());
    }
}
