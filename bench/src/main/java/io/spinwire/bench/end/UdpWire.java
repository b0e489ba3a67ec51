package io.spinwire.bench.end;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** A connected UDP socket of the kernel, non-blocking and spinning: what a driver without TCP is asked by. */
final class UdpWire implements Wire {
    private static final int BUFFER_BYTES = 2048;

    private final DatagramChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);

    UdpWire(InetSocketAddress to) throws IOException {
        channel = DatagramChannel.open();
        channel.configureBlocking(false);
        channel.connect(to);
    }

    @Override
    public int send(int length) throws IOException {
        out.clear().limit(Math.min(length, BUFFER_BYTES));
        return channel.write(out);
    }

    @Override
    public int receive() throws IOException {
        in.clear();
        return channel.read(in);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
