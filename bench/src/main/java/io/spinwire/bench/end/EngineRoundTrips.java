package io.spinwire.bench.end;

import io.spinwire.Engine;
import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The closed load inline: the callback that takes an echo offers the next message, as an application would. */
final class EngineRoundTrips implements TcpHandler {
    private static final long STALL_NS = 10_000_000_000L;

    private final UnsafeBuffer message;
    private final Histogram histogram = new Histogram(RoundTripLoad.MAX_TRACKED_NS, 3);
    private long warmUntilNs;
    private long endNs;
    private long startNs;
    private int missing;
    private boolean isDone;
    private CloseReason reason = CloseReason.NONE;

    private EngineRoundTrips(int messageBytes) {
        message = new UnsafeBuffer(new byte[messageBytes]);
    }

    static Histogram run(Engine engine, InetSocketAddress to, SocketOptions options, Plan plan) throws IOException {
        final EngineRoundTrips load = new EngineRoundTrips(plan.bytes());
        final long nowNs = System.nanoTime();
        load.warmUntilNs = nowNs + plan.warmNs();
        load.endNs = load.warmUntilNs + plan.durationNs();
        load.startNs = nowNs;
        final TcpSocket socket = engine.connect(to.getAddress(), to.getPort(), options, load);
        if (socket == null) {
            throw new IOException("the engine refused to connect to " + to);
        }
        load.drive(engine);
        socket.close();
        final long closeNs = System.nanoTime();
        while (load.reason == CloseReason.NONE && System.nanoTime() - closeNs < STALL_NS / 10) {
            engine.doWork();
        }
        return load.histogram;
    }

    /**
     * How long.
     *
     * @param bytes of a message
     */
    record Plan(int bytes, long warmNs, long durationNs) {}

    private void drive(Engine engine) throws IOException {
        int turns = 0;
        while (!isDone) {
            engine.doWork();
            if ((++turns & 0xFFFF) == 0 && System.nanoTime() - startNs > STALL_NS) {
                throw new IOException("no echo in 10 s");
            }
            if (reason != CloseReason.NONE) {
                throw new IOException("the connection has ended: " + reason);
            }
        }
    }

    @Override
    public void onConnected(TcpSocket socket) {
        send(socket, System.nanoTime());
    }

    private void send(TcpSocket socket, long nowNs) {
        missing = message.capacity();
        startNs = nowNs;
        socket.offer(message, 0, message.capacity());
    }

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        missing -= length;
        if (missing > 0) {
            return length;
        }
        final long nowNs = System.nanoTime();
        if (nowNs - warmUntilNs >= 0) {
            histogram.recordValue(Math.min(nowNs - startNs, RoundTripLoad.MAX_TRACKED_NS));
        }
        if (nowNs - endNs < 0) {
            send(socket, nowNs);
        } else {
            isDone = true;
        }
        return length;
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason why) {
        reason = why;
    }
}
