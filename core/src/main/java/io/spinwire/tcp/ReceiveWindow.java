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
 * <p>Example, scale 10, limit 64240, capacity 65536: with 1000 bytes unread, 63240 are free, offered as 62 (63488
 * bytes): rounding up keeps the edge from falling back, and the 248 bytes too many still fit the capacity.
 */
final class ReceiveWindow {
    private static final int MAX_UNSCALED = 65535;

    private final Counters counters;
    private final int wscaleOffered;
    private final int bufferSpace;

    ReceiveWindow(TcpConfig config, Counters counters) {
        this.counters = counters;
        wscaleOffered = config.windowScaling() ? scaleFor(config.receiveBufferMax()) : Segment.NO_WINDOW_SCALE;
        bufferSpace = config.receiveBuffer() / 2; // Linux: half of the memory goes to overhead
    }

    /** The least shift that can offer all of {@code space}; RFC 7323 section 2.2. */
    static int scaleFor(int space) {
        int shift = 0;
        while (shift < TcpOptions.MAX_WINDOW_SCALE && space >> shift > MAX_UNSCALED) {
            shift++;
        }
        return shift;
    }

    /** Our window scale option, or {@link Segment#NO_WINDOW_SCALE}. */
    int wscaleOffered() {
        return wscaleOffered;
    }

    /** First window, before anything is received: whole segments. Linux: {@code tcp_select_initial_window()}. */
    int initial(SocketOptions options, int mss) {
        final int space = Math.min(space(options), MAX_UNSCALED);
        return space >= mss ? space - space % mss : space;
    }

    /** Sets a socket up for its first window. */
    static void init(TcpSock sock, int window) {
        sock.rcvWnd = window;
        sock.rcvWindowLimit = window;
        sock.rcvCapacity = capacityFor(window);
    }

    /**
     * A socket whose buffer is larger than what a SYN can offer: the window may open up to it. Until buffers tune
     * themselves, at once.
     */
    void widen(TcpSock sock) {
        final int space = space(sock.options);
        if (sock.hasWindowScaling && space > MAX_UNSCALED + 1) {
            sock.rcvWindowLimit = space;
            sock.rcvCapacity = capacityFor(space);
        }
    }

    /** The receive buffer is of another size now: what was offered is kept, what is offered next fits it. */
    void resize(TcpSock sock) {
        final int space = space(sock.options);
        sock.rcvWindowLimit = sock.hasWindowScaling ? space : Math.min(space, MAX_UNSCALED);
        sock.rcvCapacity = Math.max(sock.rcvCapacity, capacityFor(sock.rcvWindowLimit));
    }

    /** Bytes of a ring that does not grow: it holds the widest window from the beginning. */
    int ringFor(SocketOptions options) {
        return capacityFor(Math.max(space(options), MAX_UNSCALED));
    }

    /** Free bytes for which a closed window of such a socket would be opened, at the least: see {@link #propose}. */
    int leastStep(SocketOptions options) {
        return space(options) >> 4;
    }

    private int space(SocketOptions options) {
        return options.receiveBuffer() == 0 ? bufferSpace : options.receiveBuffer() / 2;
    }

    /** A ring that holds a window of this limit, rounding to the window scale included. */
    static int capacityFor(int limit) {
        return Math.max(4096, Integer.highestOneBit(limit - 1) << 1);
    }

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
        int window = propose(sock);
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

    /** What would be offered, were there no promise to keep. Linux: {@code __tcp_select_window()}. */
    int propose(TcpSock sock) {
        final int full = sock.rcvWindowLimit;
        final int mss = Math.min(sock.rcvMss, full);
        int free = Math.max(full - sock.available(), 0);
        if (free < full >> 1) {
            sock.quickAcks = 0;
            free = free >> sock.rcvWscale << sock.rcvWscale;
            if (free < full >> 4 || free < mss) {
                return 0; // RFC 9293 section 3.8.6.2.2: better none than a silly one
            }
        }
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
