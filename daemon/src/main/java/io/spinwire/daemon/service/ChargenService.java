package io.spinwire.daemon.service;

import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * RFC 864: sends printable characters, 72 to a line and each line shifted by one, as fast as the peer reads them, until
 * the peer closes. What comes in is thrown away.
 */
public final class ChargenService implements TcpHandler {
    /** Printable ASCII characters, space included. */
    private static final int CHARACTERS = 95;

    private static final int LINE_CHARACTERS = 72;

    /** After so many bytes the text repeats. */
    static final int PERIOD = CHARACTERS * (LINE_CHARACTERS + 2);

    private final DirectBuffer text = text();

    /** How far into the text a connection is: what is attached to its socket. */
    private static final class Position {
        private int index;
    }

    @Override
    public void onConnected(TcpSocket socket) {
        socket.attach(new Position());
        onWritable(socket);
    }

    @Override
    public void onWritable(TcpSocket socket) {
        final Position position = (Position) socket.attachment();
        int sent;
        do {
            sent = socket.offer(text, position.index, PERIOD - position.index);
            position.index = sent <= 0 ? position.index : (position.index + sent) % PERIOD;
        } while (sent > 0);
    }

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        return length;
    }

    /** There is always more to send, so nothing would ever be complete: the peer's close ends it. */
    @Override
    public void onPeerClosed(TcpSocket socket) {
        socket.abort();
    }

    private static DirectBuffer text() {
        final StringBuilder builder = new StringBuilder(PERIOD);
        for (int line = 0; line < CHARACTERS; line++) {
            for (int column = 0; column < LINE_CHARACTERS; column++) {
                builder.append((char) (' ' + (line + column) % CHARACTERS));
            }
            builder.append("\r\n");
        }
        return new UnsafeBuffer(builder.toString().getBytes(StandardCharsets.US_ASCII));
    }
}
