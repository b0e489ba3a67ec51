package io.spinwire.tcp;

import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Both applications are handlers on their engine's thread. */
final class InlineEchoPair extends EchoPair {
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[1 << 16]);
    private int length = 64;
    private int sent;
    private int returned;

    InlineEchoPair(long seed) {
        super(seed);
        server.listen(PORT, OPTIONS, this::echo);
        client.connect(serverAddress(), PORT, OPTIONS, new Client());
    }

    @Override
    void application() {}

    private int echo(TcpSocket socket, DirectBuffer buffer, int offset, int available) {
        return Math.max(socket.offer(buffer, offset, available), 0);
    }

    private final class Client implements TcpHandler {
        @Override
        public void onConnected(TcpSocket socket) {
            onWritable(socket);
        }

        @Override
        public void onWritable(TcpSocket socket) {
            while (sent < length) {
                final int taken = socket.offer(message, sent, length - sent);
                if (taken < 0) {
                    return;
                }
                sent += taken;
            }
        }

        @Override
        public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int available) {
            returned += available;
            if (returned == length) {
                sent = 0;
                returned = 0;
                length = nextLength();
                onWritable(socket);
            }
            return available;
        }
    }
}
