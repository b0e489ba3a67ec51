package io.spinwire.bench.end;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** Requests on kernel sockets: one thread, epoll through the JDK, asked without waiting. */
final class KernelRequests {
    private static final long STALL_NS = 10_000_000_000L;

    private final RequestPlan plan;
    private final ByteBuffer request;
    private final ByteBuffer answer;
    private RequestClock clock;

    /** One connection and what is under way on it. */
    private static final class Request {
        private long sentNs;
        private int missing;
    }

    KernelRequests(RequestPlan plan) {
        this.plan = plan;
        request = ByteBuffer.allocateDirect(plan.bytes());
        answer = ByteBuffer.allocateDirect(plan.bytes());
    }

    RequestPlan.Result run() throws IOException {
        try (KernelConnections connections = new KernelConnections()) {
            connections.open(plan.to(), plan.connections(), SelectionKey.OP_READ, Request::new);
            clock = new RequestClock(plan);
            for (final SelectionKey key : connections.keys()) {
                send(key);
            }
            final long endNs = System.nanoTime() + plan.durationNs() + RoundTripLoad.LONGEST_WARM_UP_NS + STALL_NS;
            while (!clock.isDone()) {
                connections.turn(this::onReady);
                if (System.nanoTime() - endNs > 0) {
                    throw new IOException("answers no longer come");
                }
            }
        }
        return clock.result();
    }

    private void send(SelectionKey key) throws IOException {
        final Request under = (Request) key.attachment();
        under.sentNs = System.nanoTime();
        under.missing = plan.bytes();
        request.clear();
        ((SocketChannel) key.channel()).write(request);
    }

    private void onReady(SelectionKey key) throws IOException {
        answer.clear();
        final int read = ((SocketChannel) key.channel()).read(answer);
        if (read < 0) {
            throw new IOException("a connection has ended");
        }
        final Request under = (Request) key.attachment();
        under.missing -= read;
        if (read > 0 && under.missing <= 0 && clock.onAnswer(under.sentNs, System.nanoTime())) {
            send(key);
        }
    }
}
