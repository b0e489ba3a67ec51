package io.spinwire.bench.end;

import io.spinwire.Engine;
import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.io.IOException;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Requests on an engine, inline: the callback that takes an answer offers the connection's next request. */
final class EngineRequests implements TcpHandler {
    private static final long STALL_NS = 10_000_000_000L;
    private static final int TURNS_PER_CHECK = 1 << 14;

    private final Engine engine;
    private final RequestPlan plan;
    private final UnsafeBuffer request;
    private final EngineConnections connections;
    private RequestClock clock;

    /** What is under way on one connection. */
    private static final class Request {
        private long sentNs;
        private int missing;
    }

    EngineRequests(Engine engine, RequestPlan plan) {
        this.engine = engine;
        this.plan = plan;
        connections = new EngineConnections(engine);
        request = new UnsafeBuffer(new byte[plan.bytes()]);
    }

    RequestPlan.Result run() throws IOException {
        final List<TcpSocket> sockets = connections.open(plan.to(), plan.connections(), this);
        clock = new RequestClock(plan);
        sockets.forEach(this::send);
        drive(plan.durationNs() + RoundTripLoad.LONGEST_WARM_UP_NS + STALL_NS);
        connections.abort();
        return clock.result();
    }

    private void drive(long longestNs) throws IOException {
        final long beganNs = System.nanoTime();
        int turns = 0;
        while (!clock.isDone()) {
            engine.doWork();
            if (++turns % TURNS_PER_CHECK == 0 && System.nanoTime() - beganNs > longestNs) {
                throw new IOException("answers no longer come");
            }
            connections.check();
        }
    }

    @Override
    public void onConnected(TcpSocket socket) {
        socket.attach(new Request());
        connections.onConnected(socket);
    }

    private void send(TcpSocket socket) {
        final Request under = (Request) socket.attachment();
        under.sentNs = System.nanoTime();
        under.missing = plan.bytes();
        socket.offer(request, 0, plan.bytes());
    }

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        final Request under = (Request) socket.attachment();
        under.missing -= length;
        if (under.missing <= 0 && clock.onAnswer(under.sentNs, System.nanoTime())) {
            send(socket);
        }
        return length;
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason why) {
        if (clock == null || !clock.isDone()) {
            connections.onClosed(why);
        }
    }
}
