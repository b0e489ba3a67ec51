package io.spinwire.api;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;

/** The values of {@link SocketOptions}, and what is allowed for each. */
final class SocketOptionsValues implements Cloneable {
    private static final long MAX_TIME_NS = TimeUnit.DAYS.toNanos(365); // far from where times would wrap

    InetAddress localAddress;
    int localPort;
    boolean noDelay;
    boolean cork;
    boolean quickAck;
    boolean keepAlive;
    long keepAliveIdleNs;
    long keepAliveIntervalNs;
    int keepAliveCount;
    long userTimeoutNs;
    long lingerNs = -1;
    int mss;
    int sendBuffer;
    int receiveBuffer;
    int receiveLowWater = 1;
    String congestionControl;
    int tos;
    int backlog = 4096;
    boolean fastOpen;
    boolean fastOpenWithoutCookie;
    int fastOpenQueue;
    int notSentLowat;
    int windowClamp;
    int synCount;
    long deferAcceptNs;
    long finWait2Ns;
    int ttl;
    PathMtuMode pathMtuMode = PathMtuMode.WANT;
    long maxPacingRate;

    /** A copy that later changes of the builder do not reach. */
    SocketOptionsValues copy() {
        try {
            return (SocketOptionsValues) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    void check() {
        checkRanges();
        if (mss != 0) {
            Check.range("mss", mss, TcpConfig.MIN_MSS, TcpConfig.MAX_MSS);
        }
        if (congestionControl != null) {
            Check.oneOf("congestionControl", congestionControl, TcpConfig.CONGESTION_CONTROLS);
        }
        if ((tos & 3) != 0) {
            throw new IllegalArgumentException("tos " + tos + " sets ECN bits, which belong to TCP: clear the low two");
        }
    }

    private static void checkBuffer(String name, int bytes) {
        if (bytes != 0) {
            Check.range(name, bytes, TcpConfig.MIN_BUFFER, TcpConfig.MAX_BUFFER);
        }
    }

    private void checkRanges() {
        Check.range("localPort", localPort, 0, 65535);
        Check.range("keepAliveIdleNs", keepAliveIdleNs, 0, MAX_TIME_NS);
        Check.range("keepAliveIntervalNs", keepAliveIntervalNs, 0, MAX_TIME_NS);
        Check.range("keepAliveCount", keepAliveCount, 0, 127);
        Check.range("userTimeoutNs", userTimeoutNs, 0, MAX_TIME_NS);
        Check.range("lingerNs", lingerNs, -1, MAX_TIME_NS);
        Check.range("mss", mss, 0, TcpConfig.MAX_MSS);
        checkBuffer("sendBuffer", sendBuffer);
        checkBuffer("receiveBuffer", receiveBuffer);
        Check.range("receiveLowWater", receiveLowWater, 1, TcpConfig.MAX_BUFFER);
        Check.range("tos", tos, 0, 255);
        Check.range("backlog", backlog, 1, 1 << 20);
        Check.range("fastOpenQueue", fastOpenQueue, 0, 1 << 20);
        Check.range("notSentLowat", notSentLowat, 0, Integer.MAX_VALUE);
        Check.range("windowClamp", windowClamp, 0, TcpConfig.MAX_BUFFER);
        Check.range("synCount", synCount, 0, 127);
        Check.range("deferAcceptNs", deferAcceptNs, 0, MAX_TIME_NS);
        Check.range("finWait2Ns", finWait2Ns, -1, MAX_TIME_NS);
        Check.range("ttl", ttl, 0, 255);
        Check.present("pathMtuMode", pathMtuMode);
        Check.range("maxPacingRate", maxPacingRate, 0, Long.MAX_VALUE);
    }
}
