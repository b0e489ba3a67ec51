package io.spinwire.tcp;

import static io.spinwire.api.TcpState.CLOSED;
import static io.spinwire.api.TcpState.CLOSE_WAIT;
import static io.spinwire.api.TcpState.CLOSING;
import static io.spinwire.api.TcpState.ESTABLISHED;
import static io.spinwire.api.TcpState.FIN_WAIT_1;
import static io.spinwire.api.TcpState.FIN_WAIT_2;
import static io.spinwire.api.TcpState.LAST_ACK;
import static io.spinwire.api.TcpState.SYN_RECEIVED;
import static io.spinwire.api.TcpState.SYN_SENT;
import static io.spinwire.api.TcpState.TIME_WAIT;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketError;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * All ways in which a connection ends: FIN from either side, close, abort, reset, time-out; and the passage to
 * TIME_WAIT. RFC 9293 sections 3.6 and 3.10.4 to 3.10.5. A socket that is done is freed at the end of the turn. Engine
 * thread only.
 */
final class Teardown {
    private static final long MAX_FIN_TIMEOUT_NS = 120_000_000_000L; // Linux: TCP_FIN_TIMEOUT_MAX

    private final SockPool socks;
    private final TimeWaitTable timeWait;
    private final PathMetrics paths;
    private final FastOpenBlackHole blackHole;
    private final SockTimers timers;
    private final Transmit transmit;
    private final OwedList owed;
    private final OutputList pending;
    private final Counters counters;
    private final long finTimeoutNs;
    private final int maxOrphans;
    private int orphans;

    Teardown(SockPool socks, Traces traces, Transmit transmit, OwedList owed, TcpOutput.Rooms rooms, TcpConfig config) {
        this.socks = socks;
        timeWait = traces.timeWait();
        paths = traces.paths();
        blackHole = traces.blackHole();
        this.transmit = transmit;
        this.owed = owed;
        timers = rooms.timers();
        pending = rooms.pending();
        counters = rooms.counters();
        finTimeoutNs = config.finTimeoutNs();
        maxOrphans = config.maxOrphans();
    }

    /** What remains of a connection when it is over. */
    record Traces(TimeWaitTable timeWait, PathMetrics paths, FastOpenBlackHole blackHole) {}

    // ---- The peer's side ----

    /** The peer's FIN is in order. Linux: {@code tcp_fin()}. */
    void onFin(TcpSock sock, long nowNs) {
        sock.rcvNxt++;
        sock.isPeerClosed = true;
        sock.predFlags = 0;
        sock.isAckScheduled = true;
        switch (sock.state) {
            case SYN_RECEIVED, ESTABLISHED -> {
                sock.state = CLOSE_WAIT;
                sock.isPingPong = true; // our FIN is likely to follow, and can carry the ACK
                sock.owesPeerClosed = true;
                owed.add(sock);
            }
            case FIN_WAIT_1 -> {
                sock.state = CLOSING; // both closed at once
                sock.isAckNow = true;
                oweHalfClosed(sock);
            }
            case FIN_WAIT_2 -> {
                oweHalfClosed(sock);
                transmit.sendAck(sock, nowNs); // if refused, the peer's next FIN is answered from TIME_WAIT
                enterTimeWait(sock, nowNs);
            }
            default -> {} // CLOSE_WAIT, CLOSING, LAST_ACK: a repetition
        }
    }

    /** After shutdownOutput the application still reads, and wants to know. */
    private void oweHalfClosed(TcpSock sock) {
        if (!sock.isOrphan) {
            sock.owesPeerClosed = true;
            owed.add(sock);
        }
    }

    /** Our FIN has been acknowledged: RFC 9293 section 3.10.7.4, fifth check. */
    void onFinAcked(TcpSock sock, long nowNs) {
        sock.lingerDeadlineNs = Long.MAX_VALUE; // all that was offered has arrived
        switch (sock.state) {
            case FIN_WAIT_1 -> {
                sock.state = FIN_WAIT_2;
                if (sock.isOrphan) {
                    armFinWait2(sock, nowNs);
                }
                owed.add(sock);
            }
            case CLOSING -> enterTimeWait(sock, nowNs);
            case LAST_ACK -> {
                paths.save(sock, nowNs);
                finish(sock, CloseReason.NORMAL);
            }
            default -> {} // repeated
        }
    }

    /** Linux: {@code tcp_fin_time()}. */
    private void armFinWait2(TcpSock sock, long nowNs) {
        final long wantedNs =
                sock.options.finWait2Ns() == 0 ? finTimeoutNs : Math.min(sock.options.finWait2Ns(), MAX_FIN_TIMEOUT_NS);
        final long rtoNs = sock.rtoNs;
        sock.sockDeadlineNs = nowNs + Math.max(wantedNs, (rtoNs << 2) - (rtoNs >> 1)); // Linux: 3.5 RTO at the least
        timers.arm(sock);
    }

    /** Linux: {@code tcp_time_wait()}. */
    private void enterTimeWait(TcpSock sock, long nowNs) {
        sock.state = TIME_WAIT;
        timeWait.add(sock, nowNs); // at the limit it ends without, which is counted
        paths.save(sock, nowNs);
        finish(sock, CloseReason.NORMAL);
    }

    /** An acceptable reset. Linux: {@code tcp_reset()}. */
    void onReset(TcpSock sock) {
        sock.setError(sock.state == CLOSE_WAIT ? SocketError.EPIPE : SocketError.NONE);
        final CloseReason reason = switch (sock.state) {
            case SYN_SENT -> CloseReason.REFUSED;
            case SYN_RECEIVED -> sock.fastOpens == null ? CloseReason.REFUSED : CloseReason.RESET;
            case CLOSING, LAST_ACK, TIME_WAIT -> {
                sock.setError(SocketError.ECONNRESET); // in order for the stream, and yet an error of the socket
                yield CloseReason.NORMAL;
            }
            default -> CloseReason.RESET;
        };
        countEnd(sock);
        finish(sock, reason);
    }

    // ---- Our side ----

    /** The application ends its stream. Linux: {@code tcp_shutdown()}. */
    void shutdownOutput(TcpSock sock) {
        switch (sock.state) {
            case SYN_RECEIVED, ESTABLISHED -> queueFin(sock, FIN_WAIT_1);
            case CLOSE_WAIT -> queueFin(sock, LAST_ACK);
            case SYN_SENT -> finish(sock, CloseReason.ABORTED);
            default -> {} // done already
        }
    }

    private void queueFin(TcpSock sock, TcpState next) {
        sock.state = next;
        sock.isFinQueued = true;
        pending.add(sock);
        owed.add(sock);
    }

    /** The application gives the socket up in order. Linux: {@code tcp_close()}. */
    void close(TcpSock sock, long nowNs) {
        if (sock.isOrphan || sock.isFinished) {
            sock.isOrphan = true;
            owed.add(sock); // bytes that nobody will read no longer hold back the end
            socks.release(sock);
            return;
        }
        if (sock.available() > 0 && !sock.isBeingRead) {
            abortUnread(sock);
            return;
        }
        if (sock.options.lingerNs() == 0) {
            sock.isOrphan = true;
            abort(sock, CloseReason.ABORTED);
            return;
        }
        sock.isOrphan = true;
        shutdownOutput(sock);
        if (sock.isFinished) {
            return;
        }
        sock.isCountedOrphan = true;
        if (++orphans > maxOrphans) {
            counters.increment(Counter.TcpAbortOnMemory);
            abort(sock, CloseReason.ABORTED);
            return;
        }
        if (sock.options.lingerNs() > 0 && sock.state != FIN_WAIT_2) {
            sock.lingerDeadlineNs = nowNs + sock.options.lingerNs();
            sock.sockDeadlineNs = Math.min(sock.sockDeadlineNs, sock.lingerDeadlineNs);
            timers.arm(sock);
        } else if (sock.state == FIN_WAIT_2) {
            awaitFin(sock, nowNs);
        }
    }

    /** Our FIN was acknowledged before the close: the peer's is waited for, or not. Linux: TCP_LINGER2. */
    private void awaitFin(TcpSock sock, long nowNs) {
        if (sock.options.finWait2Ns() < 0) {
            counters.increment(Counter.TcpAbortOnLinger);
            abort(sock, CloseReason.ABORTED);
        } else {
            armFinWait2(sock, nowNs);
        }
    }

    /** Closed with bytes unread: the peer must know that they were lost (RFC 1122 section 4.2.2.13). */
    void abortUnread(TcpSock sock) {
        counters.increment(Counter.TcpAbortOnClose);
        sock.isOrphan = true;
        abort(sock, CloseReason.ABORTED);
    }

    /** Ends the connection from this side, with a reset where the peer has one. RFC 9293 section 3.10.5. */
    void abort(TcpSock sock, CloseReason reason) {
        if (sock.isFinished) {
            return;
        }
        if (needsReset(sock.state)) {
            transmit.sendReset(sock, socks.nowNs());
        }
        countEnd(sock);
        finish(sock, reason);
    }

    /** Linux: {@code tcp_need_reset()}. */
    static boolean needsReset(TcpState state) {
        return switch (state) {
            case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT -> true;
            default -> false;
        };
    }

    private void countEnd(TcpSock sock) {
        if (sock.state == SYN_SENT || sock.state == SYN_RECEIVED) {
            counters.increment(Counter.TcpAttemptFails);
        } else if (sock.state == ESTABLISHED || sock.state == CLOSE_WAIT) {
            counters.increment(Counter.TcpEstabResets);
        }
    }

    /** All retries are used up, or something as final. Linux: {@code tcp_write_err()}. */
    void giveUp(TcpSock sock, CloseReason reason) {
        counters.increment(sock.isOrphan ? Counter.TcpOrphanRetries : Counter.TcpAbortOnTimeout);
        if (sock.state == SYN_SENT || sock.state == SYN_RECEIVED) {
            counters.increment(Counter.TcpAttemptFails);
        }
        if (sock.softError == 0) {
            finish(sock, reason);
        } else {
            finish(sock, SocketError.of(sock.softError));
        }
    }

    /** The application has been told of the end: its last callback. */
    void onClosedTold(TcpSock sock) {
        socks.release(sock);
    }

    /** The connection is over, by an error that is known exactly. */
    void finish(TcpSock sock, SocketError error) {
        sock.setError(error);
        finish(sock, error.reason());
    }

    /** The connection is over. Its socket is freed at the end of the turn, when its owner has let go too. */
    void finish(TcpSock sock, CloseReason reason) {
        if (sock.isFinished) {
            return;
        }
        if (sock.fastOpens != null) {
            sock.fastOpens.onEnd(reason == CloseReason.RESET, socks.nowNs());
            sock.fastOpens = null;
        }
        blackHole.onEnd(sock, socks.nowNs());
        if (sock.isCountedOrphan) {
            orphans--;
        }
        sock.closeReason = reason;
        if (!sock.hasError()) {
            sock.setError(reason.error());
        }
        sock.state = CLOSED;
        sock.isFinished = true;
        sock.owesClosed = true;
        sock.isAckNow = false;
        timers.cancel(sock);
        socks.retire(sock);
        owed.add(sock);
    }
}
