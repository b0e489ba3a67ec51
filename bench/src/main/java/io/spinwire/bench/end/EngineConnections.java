package io.spinwire.bench.end;

import io.spinwire.Engine;
import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Many connections of an engine, all open before they are used; their handler tells of those that come and go. */
final class EngineConnections {
    /** Connecting so many at once leaves room in every listener's backlog. */
    private static final int CONNECTING = 256;

    private static final long QUIET_NS = 50_000_000L; // longer than an ACK is delayed
    private static final long LONGEST_ABORT_NS = 1_000_000_000L;
    private static final long CONNECT_NS = 20_000_000_000L;
    private static final SocketOptions OPTIONS =
            SocketOptions.builder().noDelay(true).build();

    private final Engine engine;
    private final List<TcpSocket> sockets = new ArrayList<>();
    private CloseReason reason = CloseReason.NONE;

    EngineConnections(Engine engine) {
        this.engine = engine;
    }

    /** Opens so many, and turns until all are there. */
    List<TcpSocket> open(InetSocketAddress to, int count, TcpHandler handler) throws IOException {
        final long endNs = System.nanoTime() + CONNECT_NS;
        int begun = 0;
        while (sockets.size() < count) {
            if (begun < count && begun - sockets.size() < CONNECTING) {
                if (engine.connect(to.getAddress(), to.getPort(), OPTIONS, handler) == null) {
                    throw new IOException("the engine refused connection " + begun);
                }
                begun++;
            }
            engine.doWork();
            if (reason != CloseReason.NONE || System.nanoTime() - endNs > 0) {
                throw new IOException(sockets.size() + " of " + count + " connected: " + reason);
            }
        }
        return sockets;
    }

    void onConnected(TcpSocket socket) {
        sockets.add(socket);
    }

    /** One has ended, which none should. */
    void onClosed(CloseReason why) {
        reason = why;
    }

    /** Fails where one has ended. */
    void check() throws IOException {
        if (reason != CloseReason.NONE) {
            throw new IOException("a connection has ended: " + reason);
        }
    }

    /**
     * Resets all: no TIME_WAIT, since the next round needs the ports. Turns until nothing comes any more: the peer asks
     * back where data before a reset was lost (RFC 5961 section 3.2), and acknowledges where the reset was.
     */
    void abort() {
        sockets.forEach(TcpSocket::abort);
        final long beganNs = System.nanoTime();
        long nowNs = beganNs;
        long lastNs = beganNs;
        while (nowNs - lastNs < QUIET_NS && nowNs - beganNs < LONGEST_ABORT_NS) {
            final boolean isQuiet = engine.doWork() == 0;
            nowNs = System.nanoTime();
            lastNs = isQuiet ? lastNs : nowNs;
        }
    }
}
