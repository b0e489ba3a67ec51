package io.spinwire.tcp;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.wire.TcpOptions;

/**
 * Chooses the window to offer, RFC 9293 section 3.8.6, with the receiver's half of silly-window avoidance. The right
 * edge never moves left, and never beyond what the receive queue can hold. Engine thread only. Linux:
 * {@code tcp_select_window()}.
 *
 * <p>Example, scale 10, buffer 131072 of which 82944 can be data, threshold 67160: with 1000 bytes unread, 81944 are
 * free, and 67160 are offered as 66 (67584 bytes): rounding up keeps the edge from falling back.
 */
final class ReceiveWindow {
    static final int MAX_UNSCALED = 65535;

    /** Linux: SOCK_MIN_RCVBUF / 2. */
    private static final int LEAST_CLAMP = 1152;

    private final LentQueues queues;
    private final Counters counters;
    private final boolean isScalingOn;
    private final int buffer;
    private final int bufferMax;

    ReceiveWindow(TcpConfig config, LentQueues queues, Counters counters) {
        this.queues = queues;
        this.counters = counters;
        isScalingOn = config.windowScaling();
        buffer = config.receiveBuffer();
        bufferMax = config.receiveBufferMax();
    }

    // ---- Opening ----

    /** The least shift that can offer all of {@code space}; RFC 7323 section 2.2. */
    static int scaleFor(int space) {
        int shift = 0;
        while (shift < TcpOptions.MAX_WINDOW_SCALE && space >> shift > MAX_UNSCALED) {
            shift++;
        }
        return shift;
    }

    /** The window scale option of a socket with these options, or {@link Segment#NO_WINDOW_SCALE}. */
    int wscaleOffered(SocketOptions options) {
        if (!isScalingOn) {
            return Segment.NO_WINDOW_SCALE;
        }
        final int space = options.receiveBuffer() == 0 ? Math.max(bufferMax, buffer / 2) : options.receiveBuffer() / 2;
        return scaleFor(Math.min(space, clamp(options)));
    }

    /** The user's limit of a window. Linux: TCP_WINDOW_CLAMP. */
    private static int clamp(SocketOptions options) {
        return options.windowClamp() == 0 ? Integer.MAX_VALUE : Math.max(options.windowClamp(), LEAST_CLAMP);
    }

    /** First window, before anything is received: whole segments. Linux: {@code tcp_select_initial_window()}. */
    int initial(SocketOptions options, int mss) {
        final int space = Math.min(bufferOf(options) / 2, clamp(options));
        return space >= mss ? space - space % mss : space;
    }

    private int bufferOf(SocketOptions options) {
        return options.receiveBuffer() == 0 ? buffer : options.receiveBuffer();
    }

    /** Sets a socket up for its first window; its options and the scale of its windows are known. */
    void init(TcpSock sock, int window) {
        sock.rcvBuf = bufferOf(sock.options);
        sock.rcvRatio = ReceiveTuning.DEFAULT_RATIO;
        sock.rcvCapacity = sock.isInline() ? 0 : sock.receiveQueue.capacity();
        sock.windowClamp = Math.min(mostOffered(sock), MAX_UNSCALED << sock.rcvWscale);
        sock.rcvWnd = Math.min(window, sock.windowClamp);
        sock.rcvSsthresh = sock.rcvWnd;
        growCapacity(sock);
    }

    /** The peer does not scale windows: those that it was told of were smaller than we thought. */
    static void unscale(TcpSock sock) {
        sock.rcvWscale = 0;
        sock.windowClamp = Math.min(sock.windowClamp, MAX_UNSCALED);
        sock.rcvWnd = Math.min(sock.rcvWnd, MAX_UNSCALED);
        sock.rcvSsthresh = sock.rcvWnd;
    }

    /** Bytes of a ring that does not grow: it holds the widest window from the beginning. */
    int ringFor(SocketOptions options) {
        return capacityFor(Math.max(bufferOf(options) / 2, MAX_UNSCALED));
    }

    /** Free bytes for which a closed window of such a socket would be opened, at the least: see {@link #propose}. */
    int leastStep(SocketOptions options) {
        return bufferOf(options) >> 5;
    }

    // ---- Limits ----

    /** What the user, and a ring that cannot grow, allow; what the scale allows is seen to by {@link #select}. */
    private static int mostOffered(TcpSock sock) {
        final int most = clamp(sock.options);
        return sock.isInline() ? most : Math.min(most, sock.receiveQueue.capacity());
    }

    /** Windows may be so large from now on. Linux: {@code tcp_set_window_clamp()}. */
    static void setClamp(TcpSock sock, int wanted) {
        final int before = sock.windowClamp;
        sock.windowClamp = Math.min(Math.max(wanted, LEAST_CLAMP), mostOffered(sock));
        if (sock.windowClamp < before) {
            sock.rcvSsthresh = Math.min(sock.rcvSsthresh, sock.windowClamp);
        } else {
            sock.rcvSsthresh = Math.max(sock.rcvSsthresh, Math.min(sock.rcvWnd, sock.windowClamp));
        }
        growCapacity(sock);
    }

    /** The buffer, or the user's limit, is of another size now: what was offered is kept, what comes next fits it. */
    void resize(TcpSock sock) {
        sock.rcvBuf = bufferOf(sock.options);
        setClamp(sock, ReceiveTuning.windowFrom(sock, sock.rcvBuf));
    }

    /** The buffer has grown, and the clamp goes with it. */
    static void widen(TcpSock sock) {
        sock.windowClamp = Math.min(ReceiveTuning.windowFrom(sock, sock.rcvBuf), mostOffered(sock));
        growCapacity(sock);
    }

    private static void growCapacity(TcpSock sock) {
        if (sock.isInline()) {
            final int window = Math.max(ReceiveTuning.windowFrom(sock, sock.rcvBuf), sock.rcvWnd);
            sock.rcvCapacity = Math.max(sock.rcvCapacity, capacityFor(window));
        }
    }

    /** A ring that holds a window of this limit, rounding to the window scale included. */
    private static int capacityFor(int limit) {
        return Math.max(4096, Integer.highestOneBit(limit - 1) << 1);
    }

    // ---- The window ----

    /** The window field of a segment that leaves now; notes what was offered. */
    int select(TcpSock sock) {
        final int before = sock.rcvWnd;
        final int current = sock.receiveWindow();
        sock.rcvWup = sock.rcvNxt;
        if (sock.isOutOfMemory) {
            sock.rcvWnd = 0;
            sock.predFlags = 0;
            countEdges(before, 0);
            return 0;
        }
        int window = propose(sock, sock.available());
        if (window < current) {
            window = alignUp(current, sock.rcvWscale); // never take back what was offered
        }
        final int room = sock.rcvCapacity - sock.available();
        if (window > room) {
            window = Math.max(current, room >> sock.rcvWscale << sock.rcvWscale);
        }
        window = Math.min(window, MAX_UNSCALED << sock.rcvWscale);
        sock.rcvWnd = window;
        final int field = window >> sock.rcvWscale;
        if (field == 0) {
            sock.predFlags = 0;
        }
        countEdges(before, field);
        return field;
    }

    /**
     * The same in a SYN, where it is never scaled (RFC 7323 section 2.2). A ring that cannot grow may hold data of the
     * peer's SYN already.
     */
    int selectInSyn(TcpSock sock) {
        sock.rcvWup = sock.rcvNxt;
        if (!sock.isInline()) {
            sock.rcvWnd = Math.min(sock.rcvWnd, sock.rcvCapacity - sock.available());
        }
        return Math.min(sock.rcvWnd, MAX_UNSCALED);
    }

    /**
     * What would be offered with so much unread, were there no promise to keep. Linux: {@code __tcp_select_window()}.
     */
    int propose(TcpSock sock, int unread) {
        final int allowed = ReceiveTuning.space(sock);
        final int full = Math.min(sock.windowClamp, allowed);
        final int mss = Math.min(sock.rcvMss, full);
        int free = Math.max(allowed - unread, 0);
        if (free < full >> 1) {
            sock.quickAcks = 0;
            if (queues.isUnderPressure()) {
                ReceiveTuning.shrink(sock);
            }
            free = free >> sock.rcvWscale << sock.rcvWscale;
            if (free < allowed >> 4 || free < mss) {
                return 0; // RFC 9293 section 3.8.6.2.2: better none than a silly one
            }
        }
        free = Math.min(free, sock.rcvSsthresh);
        if (sock.rcvWscale > 0) {
            return alignUp(free, sock.rcvWscale);
        }
        final int window = sock.rcvWnd;
        if (window <= free - mss || window > free) {
            return free / mss * mss;
        }
        if (free > window + (full >> 1)) {
            return free >= mss ? free / mss * mss : free; // a buffer of hardly a segment: RFC 9293 section 3.8.6.2.2
        }
        return window;
    }

    private static int alignUp(int bytes, int shift) {
        final int mask = (1 << shift) - 1;
        return bytes + mask & ~mask;
    }

    private void countEdges(int before, int field) {
        if (field == 0 && before != 0) {
            counters.increment(Counter.TcpToZeroWindowAdv);
        } else if (field != 0 && before == 0) {
            counters.increment(Counter.TcpFromZeroWindowAdv);
        }
    }
}
