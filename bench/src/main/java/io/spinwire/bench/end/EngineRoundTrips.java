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
    private final long durationNs;
    private long trips; // before it is warm, below zero
    private long beganNs;
    private long endNs;
    private long startNs;
    private int missing;
    private boolean isDone;
    private CloseReason reason = CloseReason.NONE;

    private EngineRoundTrips(Plan plan) {
        message = new UnsafeBuffer(new byte[plan.bytes()]);
        durationNs = plan.durationNs();
        trips = -plan.warmTrips();
    }

    static Histogram run(Engine engine, InetSocketAddress to, SocketOptions options, Plan plan) throws IOException {
        final EngineRoundTrips load = new EngineRoundTrips(plan);
        load.startNs = System.nanoTime();
        load.beganNs = load.startNs;
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
     * @param warmTrips that are not recorded
     */
    record Plan(int bytes, long warmTrips, long durationNs) {}

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
        if (trips > 0) {
            histogram.recordValue(Math.min(nowNs - startNs, RoundTripLoad.MAX_TRACKED_NS));
        } else if (trips == 0 || nowNs - beganNs > RoundTripLoad.LONGEST_WARM_UP_NS) {
            trips = 0;
            endNs = nowNs + durationNs;
        }
        if (trips++ <= 0 || nowNs - endNs < 0) {
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
