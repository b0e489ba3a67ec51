package io.spinwire.bench.end;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** The sending end of many flows on kernel sockets: one thread that spins on epoll, a chunk for each that has room. */
final class KernelFlows {
    private final FlowsPlan plan;
    private final ByteBuffer chunk;
    private long sent;

    KernelFlows(FlowsPlan plan) {
        this.plan = plan;
        chunk = ByteBuffer.allocateDirect(plan.chunkBytes());
    }

    /** Sends for the time of the plan, and resets all flows. Returns the bytes that were taken. */
    long run() throws IOException {
        try (KernelConnections connections = new KernelConnections()) {
            connections.open(plan.to(), plan.flows(), SelectionKey.OP_WRITE, () -> null);
            final long startNs = System.nanoTime();
            while (plan.goesOn(sent, System.nanoTime() - startNs)) {
                connections.turn(this::onReady);
            }
        }
        return sent;
    }

    private void onReady(SelectionKey key) throws IOException {
        chunk.clear();
        sent += ((SocketChannel) key.channel()).write(chunk);
    }
}
