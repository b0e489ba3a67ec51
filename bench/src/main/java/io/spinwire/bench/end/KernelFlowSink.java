package io.spinwire.bench.end;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The receiving end of many flows on kernel sockets: one thread that spins on epoll. */
final class KernelFlowSink {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final FlowTally tally;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    KernelFlowSink(FlowTally tally) {
        this.tally = tally;
    }

    /** Receives until all flows have ended. */
    String run(int port, Runnable onListening) throws IOException {
        try (ServerSocketChannel server = KernelWire.listen(port);
                KernelConnections connections = new KernelConnections()) {
            connections.watch(server);
            onListening.run();
            long nowNs = System.nanoTime();
            while (!tally.isDone(nowNs)) {
                connections.turn(this::onReady);
                nowNs = System.nanoTime();
                tally.turn(nowNs);
            }
        }
        return tally.words();
    }

    private void onReady(SelectionKey key) throws IOException {
        if (key.isAcceptable()) {
            final SocketChannel flow = ((ServerSocketChannel) key.channel()).accept();
            flow.configureBlocking(false);
            flow.register(key.selector(), SelectionKey.OP_READ, tally.begin());
        } else if (!receive((SocketChannel) key.channel(), (FlowTally.Flow) key.attachment())) {
            ((FlowTally.Flow) key.attachment()).onEnd();
            key.channel().close();
        }
    }

    /** Returns whether there may be more. */
    private boolean receive(SocketChannel channel, FlowTally.Flow flow) {
        buffer.clear();
        try {
            final int count = channel.read(buffer);
            if (count > 0) {
                flow.onBytes(count);
            }
            return count >= 0;
        } catch (final IOException e) {
            return false; // a reset is how flows end here
        }
    }
}
