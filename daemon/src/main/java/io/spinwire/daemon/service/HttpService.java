package io.spinwire.daemon.service;

import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A small HTTP/1.1 responder for curl, browsers and load generators: GET and HEAD of the pages it was given, and
 * {@code /bytes/N} for N bytes of load. Keep-alive, pipelining, HTTP/1.0, errors with their proper status. Each
 * connection's state is an {@link HttpConnection}, attached to its socket and used again; engine thread only.
 */
public final class HttpService implements TcpHandler {
    /** Most bytes that {@code /bytes/N} sends: 1 TiB. */
    static final long MAX_LOAD_BYTES = 1L << 40;

    static final String BYTES_PATH = "/bytes/";

    /** Seconds that a connection may go without a whole request, and without its peer taking any of a response. */
    static final int IDLE_SECONDS = 60;

    /** Connections looked at in a second, so that many idle ones cannot hold up the engine: some microseconds. */
    static final int SWEEP_LIMIT = 1024;

    private static final int LOAD_BLOCK_BYTES = 64 * 1024;

    private final HttpPage[] pages;
    private final byte[][] paths;
    private final ArrayDeque<HttpConnection> free = new ArrayDeque<>();
    private final ArrayList<HttpConnection> open = new ArrayList<>();
    private int sweepIndex;
    private int second;
    private final DirectBuffer loadBlock = loadBlock();
    final TextBuffer head = new TextBuffer();
    final TextBuffer body = new TextBuffer();

    public HttpService(List<HttpPage> pages) {
        this.pages = pages.toArray(new HttpPage[0]);
        paths = pages.stream()
                .map(page -> page.path().getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
    }

    @Override
    public void onConnected(TcpSocket socket) {
        final HttpConnection recycled = free.poll();
        final HttpConnection connection = recycled == null ? new HttpConnection(this) : recycled;
        connection.open(socket, open.size());
        open.add(connection);
        socket.attach(connection);
    }

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        return connection(socket).onData(buffer, offset, length);
    }

    @Override
    public void onWritable(TcpSocket socket) {
        connection(socket).onWritable();
    }

    @Override
    public void onPeerClosed(TcpSocket socket) {
        connection(socket).onPeerClosed();
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
        final HttpConnection connection = connection(socket);
        if (connection != null) { // null when it ended before it was connected
            forget(connection);
            connection.release();
            free.push(connection);
        }
    }

    /** The last one takes its place: if that is behind the sweep's hand, it is looked at in the next round. */
    private void forget(HttpConnection connection) {
        final HttpConnection last = open.removeLast();
        if (last != connection) {
            open.set(connection.index(), last);
            last.moveTo(connection.index());
        }
    }

    /**
     * To be called once a second, as a task of the engine's: ends connections that have been idle for
     * {@link #IDLE_SECONDS}, for each 1024 open ones a second later. A connection that does something is stamped with
     * the number of this second, so that no clock is read for it.
     */
    public void onSecond() {
        second++;
        final int count = Math.min(open.size(), SWEEP_LIMIT);
        for (int i = 0; i < count && !open.isEmpty(); i++) {
            sweepIndex = sweepIndex >= open.size() ? 0 : sweepIndex;
            final HttpConnection connection = open.get(sweepIndex++);
            if (second - connection.activeSecond() >= IDLE_SECONDS) {
                connection.onIdle();
            }
        }
    }

    /** The number of this second: see {@link #onSecond()}. */
    int second() {
        return second;
    }

    /** The page with this path, or null. */
    HttpPage page(DirectBuffer buffer, int offset, int length) {
        for (int i = 0; i < paths.length; i++) {
            if (isEqual(buffer, offset, length, paths[i])) {
                return pages[i];
            }
        }
        return null;
    }

    /** The N of {@code /bytes/N}, or -1 when the path is another or N is none that is served. */
    static long loadBytes(DirectBuffer buffer, int offset, int length) {
        final int digitsOffset = BYTES_PATH.length();
        if (length <= digitsOffset || length > digitsOffset + 13) {
            return -1;
        }
        for (int i = 0; i < digitsOffset; i++) {
            if (buffer.getByte(offset + i) != BYTES_PATH.charAt(i)) {
                return -1;
            }
        }
        long value = 0;
        for (int i = digitsOffset; i < length; i++) {
            final int digit = buffer.getByte(offset + i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value <= MAX_LOAD_BYTES ? value : -1;
    }

    /** What {@code /bytes/N} is made of, as often as needed. */
    DirectBuffer block() {
        return loadBlock;
    }

    private static HttpConnection connection(TcpSocket socket) {
        return (HttpConnection) socket.attachment();
    }

    private static boolean isEqual(DirectBuffer buffer, int offset, int length, byte[] path) {
        if (length != path.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (buffer.getByte(offset + i) != path[i]) {
                return false;
            }
        }
        return true;
    }

    private static DirectBuffer loadBlock() {
        final byte[] block = new byte[LOAD_BLOCK_BYTES];
        Arrays.fill(block, (byte) 'x');
        return new UnsafeBuffer(block);
    }
}
