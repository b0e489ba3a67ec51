package io.spinwire.tcp;

import io.spinwire.api.OptionResult;
import io.spinwire.api.SocketOption;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.ip.IpOutput;

/**
 * What changing the options of an open socket sets in motion; most are simply read anew when they are needed. Engine
 * thread, but for what says otherwise. Linux: {@code do_tcp_setsockopt()}, {@code sk_setsockopt()}.
 */
final class OptionChanges {
    private final IpOutput ip;
    private final SockTimers timers;
    private final OutputList pending;
    private final CongestionSignals congestion;
    private final OwedList owed;
    private final ReceiveWindow receiveWindow;
    private final TcpConfig config;

    OptionChanges(IpOutput ip, TcpOutput.Rooms rooms, OwedList owed, ReceiveWindow receiveWindow, TcpConfig config) {
        this.ip = ip;
        timers = rooms.timers();
        pending = rooms.pending();
        congestion = rooms.congestion();
        this.owed = owed;
        this.receiveWindow = receiveWindow;
        this.config = config;
    }

    /** Changes an option of a socket that connects or is connected. */
    OptionResult set(TcpSock sock, SocketOption option, long value, long nowNs) {
        if (!option.isForOpenSockets()) {
            return OptionResult.UNSUPPORTED;
        }
        switch (option) {
            case NO_DELAY -> sock.setNoDelay(value != 0);
            case CORK -> sock.setCorked(value != 0);
            case QUICK_ACK -> sock.setQuickAck(value != 0);
            default -> {
                return change(sock, sock.options.with(option, value), nowNs);
            }
        }
        if (sock.isAckNow || sock.sndNxt != sock.sendEnd()) {
            pending.add(sock);
        }
        return OptionResult.SET;
    }

    /** Takes other options, unless they are null because a value was not allowed. */
    OptionResult change(TcpSock sock, SocketOptions wanted, long nowNs) {
        if (wanted == null) {
            return OptionResult.OUT_OF_RANGE;
        }
        apply(sock, wanted, nowNs);
        return OptionResult.SET;
    }

    /** The socket has these options from now on. */
    void apply(TcpSock sock, SocketOptions wanted, long nowNs) {
        final SocketOptions before = sock.options;
        sock.options = wanted;
        if (sock.isFinished || !sock.isSynchronised()) {
            return; // over, or about to read them all
        }
        if (wanted.keepAlive() != before.keepAlive()) {
            switchKeepAlive(sock, nowNs);
        } else if (wanted.keepAlive() && wanted.keepAliveIdleNs() != before.keepAliveIdleNs()) {
            arm(sock, Math.max(sock.lastHeardNs() + keepAliveIdleNs(wanted), nowNs));
        }
        if (wanted.sendBuffer() != before.sendBuffer() || wanted.notSentLowat() != before.notSentLowat()) {
            SendSpace.limit(sock, config);
            owed.add(sock); // there may be room now
        }
        if (wanted.receiveBuffer() != before.receiveBuffer() || wanted.windowClamp() != before.windowClamp()) {
            receiveWindow.resize(sock);
        }
        if (wanted.receiveLowWater() != before.receiveLowWater()) {
            owed.add(sock); // what waits may be enough now
        }
        if (wanted.pathMtuMode() != before.pathMtuMode()) {
            PathMtu.onOptions(sock);
        }
        if (wanted.maxPacingRate() != before.maxPacingRate()) {
            congestion.choosePacing(sock);
            congestion.updatePacing(sock, nowNs);
        }
        final String control = congestionControl(wanted);
        if (!control.equals(congestionControl(before))) {
            congestion.assign(sock, control, nowNs);
        }
    }

    /** Linux: {@code tcp_set_keepalive()}. */
    private void switchKeepAlive(TcpSock sock, long nowNs) {
        if (sock.options.keepAlive()) {
            arm(sock, nowNs + keepAliveIdleNs(sock.options));
        } else if (!sock.isOrphan) {
            sock.sockDeadlineNs = Long.MAX_VALUE;
        }
    }

    /** An orphan has other deadlines, and no keepalive. */
    private void arm(TcpSock sock, long deadlineNs) {
        if (!sock.isOrphan) {
            sock.sockDeadlineNs = deadlineNs;
            timers.arm(sock);
        }
    }

    private long keepAliveIdleNs(SocketOptions options) {
        return value(options, SocketOption.KEEP_ALIVE_IDLE_NS);
    }

    /** Any thread: the name of the congestion control that these options ask for, or the engine's. */
    String congestionControl(SocketOptions options) {
        return options.congestionControl() == null ? config.congestionControl() : options.congestionControl();
    }

    /** What an option of a socket is now. */
    long value(TcpSock sock, SocketOption option) {
        return switch (option) {
            case NO_DELAY -> sock.isNoDelay ? 1 : 0;
            case CORK -> sock.isCorked ? 1 : 0;
            case QUICK_ACK -> sock.isQuickAck ? 1 : 0;
            case SEND_BUFFER -> sock.sndBuf;
            case MSS -> sock.mss;
            default -> value(sock.options, option);
        };
    }

    /** Any thread: what an option comes to, the engine's value where it is not set. */
    long value(SocketOptions options, SocketOption option) {
        final long own = options.value(option);
        return own == 0 ? engineValue(option) : own;
    }

    private long engineValue(SocketOption option) {
        return switch (option) {
            case KEEP_ALIVE_IDLE_NS -> config.keepAliveIdleNs();
            case KEEP_ALIVE_INTERVAL_NS -> config.keepAliveIntervalNs();
            case KEEP_ALIVE_COUNT -> config.keepAliveCount();
            case SEND_BUFFER -> config.sendBuffer();
            case RECEIVE_BUFFER -> config.receiveBuffer();
            case NOT_SENT_LOWAT -> config.notSentLowat();
            case FIN_WAIT_2_NS -> config.finTimeoutNs();
            case SYN_COUNT -> config.synRetries();
            case TTL -> ip.ttl();
            default -> 0;
        };
    }
}
