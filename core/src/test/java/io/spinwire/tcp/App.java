package io.spinwire.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.CloseReason;
import io.spinwire.api.Readiness;
import io.spinwire.api.SocketError;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The application on the engine thread. What it reads must be the pattern of the stream; what it writes is. It answers
 * a callback only as the test has set.
 */
final class App implements TcpHandler {
    /** Callbacks so far, as {@code "connected"}, {@code "peerClosed"}, {@code "closed NORMAL"}, {@code "writable"}. */
    final List<String> events = new ArrayList<>();

    /** The pending error of each socket that was closed. */
    final List<SocketError> errors = new ArrayList<>();

    /** What the socket was ready for when it was closed. */
    String readinessAtClose = "";

    TcpSocket socket;

    /** Bytes that it takes of what it is offered; the test sets it to 0 for an application that does not read. */
    int appetite = Integer.MAX_VALUE;

    int readBytes;
    int writtenBytes;
    Consumer<TcpSocket> onConnected = s -> {};
    Consumer<TcpSocket> onData = s -> {};
    BiConsumer<TcpSocket, Integer> onOffered = (s, length) -> {};
    Consumer<TcpSocket> onWritable = s -> {};
    Consumer<TcpSocket> onPeerClosed = s -> {};
    Consumer<TcpSocket> onClosed = s -> {};

    /** Throwables of assertions made inside callbacks, which the engine would take for a handler's failure. */
    AssertionError failure;

    private final TcpScript script;

    App(TcpScript script) {
        this.script = script;
    }

    /** Offers the next bytes of the stream. Answers what was taken, or the negative code. */
    int offers(int length) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        for (int i = 0; i < length; i++) {
            buffer.putByte(i, TcpScript.pattern(writtenBytes + 1 + i));
        }
        final int taken = socket.offer(buffer, 0, length);
        writtenBytes += Math.max(taken, 0);
        return taken;
    }

    /** Offers, all of which must be taken, and lets the engine work. */
    void writes(int length) {
        assertEquals(length, offers(length), "bytes taken by offer");
        script.run();
    }

    /** Reads at most so many bytes of what waits, and lets the engine work. Answers how many. */
    int reads(int limit) {
        final int taken = socket.poll((buffer, offset, length) -> check(buffer, offset, length), limit);
        script.run();
        return taken;
    }

    void closes() {
        socket.close();
        script.run();
    }

    void aborts() {
        socket.abort();
        script.run();
    }

    void shutsDown() {
        socket.shutdownOutput();
        script.run();
    }

    /** Compares the callbacks since the last call. */
    void heard(String... expected) {
        assertEquals(List.of(expected), events);
        events.clear();
    }

    private int check(DirectBuffer buffer, int offset, int length) {
        for (int i = 0; i < length; i++) {
            if (buffer.getByte(offset + i) != TcpScript.pattern(readBytes + 1 + i)) {
                failure = new AssertionError("byte " + (readBytes + 1 + i) + " of the stream was read wrong");
            }
        }
        readBytes += length;
        return length;
    }

    @Override
    public void onConnected(TcpSocket newSocket) {
        socket = newSocket;
        events.add("connected");
        onConnected.accept(newSocket);
    }

    @Override
    public int onData(TcpSocket from, DirectBuffer buffer, int offset, int length) {
        onOffered.accept(from, length);
        final int taken = check(buffer, offset, Math.min(length, appetite));
        onData.accept(from);
        return taken;
    }

    @Override
    public void onWritable(TcpSocket from) {
        events.add("writable");
        onWritable.accept(from);
    }

    @Override
    public void onPeerClosed(TcpSocket from) {
        events.add("peerClosed");
        onPeerClosed.accept(from);
    }

    @Override
    public void onClosed(TcpSocket from, CloseReason reason) {
        events.add("closed " + reason);
        readinessAtClose = Readiness.format(from.readiness());
        errors.add(from.takeError());
        onClosed.accept(from);
    }
}
