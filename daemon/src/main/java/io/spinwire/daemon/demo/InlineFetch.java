package io.spinwire.daemon.demo;

import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** An inline client that asks for one page and keeps the answer until the server closes. */
final class InlineFetch implements TcpHandler {
    private final byte[] request;
    private final ByteArrayOutputStream response = new ByteArrayOutputStream();
    private CloseReason reason = CloseReason.NONE;

    InlineFetch(String path) {
        request = ("GET " + path + " HTTP/1.1\r\nHost: spinwire\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void onConnected(TcpSocket socket) {
        socket.offer(new UnsafeBuffer(request), 0, request.length);
    }

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        response.writeBytes(bytes);
        return length;
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason why) {
        reason = why;
    }

    boolean isDone() {
        return reason != CloseReason.NONE;
    }

    CloseReason reason() {
        return reason;
    }

    String response() {
        return response.toString(StandardCharsets.UTF_8);
    }
}
