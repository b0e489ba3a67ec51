package io.spinwire.tcp;

import io.spinwire.api.DataHandler;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.SocketPoller.ReadyHandler;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import org.agrona.concurrent.UnsafeBuffer;

/** Both applications use sockets and pollers, on one thread, which may be another than the engines'. */
final class QueuedEchoPair extends EchoPair {
    private static final int LIMIT = 16;

    private final UnsafeBuffer message = new UnsafeBuffer(new byte[1 << 16]);
    private final TcpListener listener = server.listen(PORT, OPTIONS);
    private final TcpSocket connection = client.connect(serverAddress(), PORT, OPTIONS);
    private final SocketPoller clientPoller = client.newPoller();
    private final SocketPoller serverPoller = server.newPoller();
    private final ReadyHandler clientReady = (socket, bits) -> onClientReady();
    private final ReadyHandler serverReady = (socket, bits) -> onServerReady();
    private final DataHandler count = (buffer, offset, length) -> returned(length);
    private final DataHandler echo;
    private TcpSocket accepted;
    private int length = 64;
    private int sent;
    private int returned;

    QueuedEchoPair(long seed) {
        super(seed);
        echo = (buffer, offset, available) -> Math.max(accepted.offer(buffer, offset, available), 0);
        clientPoller.add(connection);
    }

    @Override
    void application() {
        if (accepted == null) {
            accepted = listener.accept();
            if (accepted != null) {
                serverPoller.add(accepted);
            }
        }
        serverPoller.poll(serverReady, LIMIT);
        clientPoller.poll(clientReady, LIMIT);
    }

    private void onServerReady() {
        accepted.poll(echo, Integer.MAX_VALUE);
    }

    private void onClientReady() {
        if (connection.state() == TcpState.ESTABLISHED) {
            connection.poll(count, Integer.MAX_VALUE);
            send();
        }
    }

    private void send() {
        while (sent < length) {
            final int taken = connection.offer(message, sent, length - sent);
            if (taken < 0) {
                return;
            }
            sent += taken;
        }
    }

    private int returned(int bytes) {
        returned += bytes;
        if (returned == length) {
            sent = 0;
            returned = 0;
            length = nextLength();
        }
        return bytes;
    }
}
