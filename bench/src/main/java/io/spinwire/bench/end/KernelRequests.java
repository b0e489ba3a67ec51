package io.spinwire.bench.end;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Requests on kernel sockets: one thread, epoll through the JDK, asked without waiting. */
final class KernelRequests {
    private static final long STALL_NS = 10_000_000_000L;

    private final RequestPlan plan;
    private final ByteBuffer request;
    private final ByteBuffer answer;
    private RequestClock clock;
    private IOException failure;

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
        final List<SocketChannel> channels = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            connect(channels, selector);
            clock = new RequestClock(plan);
            for (final SelectionKey key : selector.keys()) {
                send(key);
            }
            final long endNs = System.nanoTime() + plan.durationNs() + RoundTripLoad.LONGEST_WARM_UP_NS + STALL_NS;
            while (!clock.isDone() && failure == null) {
                selector.selectNow(this::onReady);
                if (System.nanoTime() - endNs > 0) {
                    failure = new IOException("answers no longer come");
                }
            }
        } finally {
            for (final SocketChannel channel : channels) {
                channel.close();
            }
        }
        if (failure != null) {
            throw failure;
        }
        return clock.result();
    }

    /** One after the other: the server accepts meanwhile. */
    private void connect(List<SocketChannel> channels, Selector selector) throws IOException {
        try {
            while (channels.size() < plan.connections()) {
                final SocketChannel channel = SocketChannel.open(plan.to());
                channels.add(channel);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.setOption(StandardSocketOptions.SO_LINGER, 0); // no TIME_WAIT: the next round needs the ports
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new Request());
            }
        } catch (final IOException e) {
            throw new IOException(
                    channels.size() + " of " + plan.connections() + " connected: " + e.getMessage()
                            + " (where files are too few: ulimit -n " + (plan.connections() + 1_000) + ")",
                    e);
        }
    }

    private void send(SelectionKey key) throws IOException {
        final Request under = (Request) key.attachment();
        under.sentNs = System.nanoTime();
        under.missing = plan.bytes();
        request.clear();
        ((SocketChannel) key.channel()).write(request);
    }

    private void onReady(SelectionKey key) {
        try {
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
        } catch (final IOException e) {
            failure = e;
        }
    }
}
