package io.spinwire.bench.end;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** P9 on kernel sockets: one thread, epoll through the JDK, asked without waiting. */
final class KernelConnects {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ConnectPlan plan;
    private final ByteBuffer request;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final InetSocketAddress[] targets;
    private int open;
    private long completed;
    private long failed;
    private long refused;
    private long next;

    KernelConnects(ConnectPlan plan) {
        this.plan = plan;
        request = ByteBuffer.allocateDirect(plan.requestBytes());
        targets = new InetSocketAddress[plan.ports()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = new InetSocketAddress(plan.to().getAddress(), plan.to().getPort() + i);
        }
    }

    ConnectPlan.Result run() throws IOException {
        final long startNs = System.nanoTime();
        try (Selector selector = Selector.open()) {
            while (plan.goesOn(completed, System.nanoTime() - startNs)) {
                while (open < plan.atOnce() && connect(selector)) {
                    // until enough are under way
                }
                selector.selectNow(this::onReady);
            }
            final long durationNs = System.nanoTime() - startNs;
            for (final SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            return new ConnectPlan.Result(completed, failed, refused, durationNs);
        }
    }

    private boolean connect(Selector selector) throws IOException {
        final SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        try {
            channel.connect(targets[(int) (next++ % targets.length)]);
        } catch (final IOException e) {
            refused++; // no port is free
            channel.close();
            return false;
        }
        channel.register(selector, SelectionKey.OP_CONNECT);
        open++;
        return true;
    }

    private void onReady(SelectionKey key) {
        final SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                request.clear();
                channel.write(request);
            } else {
                answer.clear();
                if (channel.read(answer) < 0) {
                    end(channel, true);
                }
            }
        } catch (final IOException e) {
            end(channel, false);
        }
    }

    private void end(SocketChannel channel, boolean isGood) {
        open--;
        if (isGood) {
            completed++;
        } else {
            failed++;
        }
        try {
            channel.close();
        } catch (final IOException e) {
            failed++;
        }
    }
}
