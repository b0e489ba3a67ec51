package io.spinwire.bench.end;

import io.spinwire.Engine;
import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A connection of an engine that this thread drives: every look for bytes is a turn. Inline handler. */
final class EngineWire implements Wire, TcpHandler {
    private static final int CHUNK_BYTES = 256 * 1024;
    private static final long CONNECT_NS = 10_000_000_000L;

    private final Engine engine;
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[CHUNK_BYTES]);
    private TcpSocket socket;
    private int received; // and not told yet
    private boolean isPeerClosed;
    private boolean isClosed;
    private CloseReason reason = CloseReason.NONE;

    private EngineWire(Engine engine) {
        this.engine = engine;
    }

    static EngineWire connect(Engine engine, InetSocketAddress to, SocketOptions options) throws IOException {
        final EngineWire wire = new EngineWire(engine);
        final InetAddress address = to.getAddress();
        engine.connect(address, to.getPort(), options, wire);
        wire.await("no connection to " + to);
        return wire;
    }

    /** Waits for one connection, and says when it can be made. */
    static EngineWire accept(Engine engine, int port, SocketOptions options, Runnable onListening) throws IOException {
        final EngineWire wire = new EngineWire(engine);
        engine.listen(port, options, wire);
        onListening.run();
        wire.await("nobody connected to port " + port);
        return wire;
    }

    private void await(String otherwise) throws IOException {
        final long endNs = System.nanoTime() + CONNECT_NS;
        while (socket == null) {
            engine.doWork();
            if (isClosed || System.nanoTime() - endNs > 0) {
                throw new IOException(otherwise + " within 10 s: " + reason);
            }
        }
    }

    @Override
    public int send(int length) throws IOException {
        final int taken = socket.offer(bytes, 0, Math.min(length, CHUNK_BYTES));
        if (taken == TcpSocket.CLOSED) {
            throw new IOException("the connection has ended: " + reason);
        }
        engine.doWork();
        return Math.max(taken, 0);
    }

    @Override
    public int receive() {
        engine.doWork();
        final int count = received; // also what came in the turns of send
        received = 0;
        return count == 0 && (isPeerClosed || isClosed) ? END : count;
    }

    @Override
    public void turn() {
        engine.doWork();
    }

    @Override
    public void finish() {
        socket.shutdownOutput();
        engine.doWork();
    }

    @Override
    public void onConnected(TcpSocket connected) {
        socket = connected;
    }

    @Override
    public int onData(TcpSocket from, DirectBuffer buffer, int offset, int length) {
        received += length;
        return length;
    }

    @Override
    public void onPeerClosed(TcpSocket from) {
        isPeerClosed = true;
    }

    @Override
    public void onClosed(TcpSocket from, CloseReason why) {
        isClosed = true;
        reason = why;
    }

    @Override
    public void close() {
        if (!isClosed) {
            socket.close();
        }
        final long endNs = System.nanoTime() + CONNECT_NS / 10;
        while (!isClosed && System.nanoTime() - endNs < 0) {
            engine.doWork();
        }
    }
}
