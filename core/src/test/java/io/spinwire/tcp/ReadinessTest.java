package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.Readiness;
import io.spinwire.api.SocketError;
import io.spinwire.api.TcpSocket;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a socket is ready for in each state: the bits that the kernel's poll was seen to answer in the same. */
class ReadinessTest extends EitherSocketScript {
    private static final String OVER = "IN|OUT|HUP|RDHUP";
    private static final String FAILED = "IN|OUT|ERR|HUP|RDHUP";

    private void is(String expected) {
        assertEquals(expected, Readiness.format(app.socket.readiness()));
    }

    /** Of a connection that ended, which an inline application is told and then has no more. */
    private void ended(boolean isQueued, String expected) {
        if (isQueued) {
            is(expected);
        } else {
            assertEquals(expected, app.readinessAtClose);
        }
    }

    private void poll() {
        app.socket.poll((buffer, offset, length) -> length, Integer.MAX_VALUE);
        run();
        stack.emitsWhatever();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeReadyForNothingWhenConnecting(boolean isQueued) {
        connecting(isQueued);
        is("-");
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        is("OUT");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeReadableWhenBytesWait(boolean isQueued) {
        accepted(isQueued);
        is("OUT");
        peer.sends(data(1, 1, 10));
        stack.emitsWhatever();
        is("IN|OUT");
        poll();
        is("OUT");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeReadableWhenLowWaterIsReached(boolean isQueued) {
        accepted(isQueued, options().receiveLowWater(20).build());
        peer.sends(data(1, 1, 10));
        is("OUT");
        peer.sends(data(11, 1, 10));
        is("IN|OUT");
        app.socket.poll((buffer, offset, length) -> 15, 15);
        is("OUT");
        peer.sends(fin(21, 1));
        stack.emitsWhatever();
        is("IN|OUT|RDHUP");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStayReadableWhenPeerHasClosed(boolean isQueued) {
        accepted(isQueued);
        peer.sends(fin(1, 1).length(10));
        stack.emitsWhatever();
        is("IN|OUT|RDHUP");
        poll();
        is("IN|OUT|RDHUP");
        app.shutsDown();
        stack.emits(fin(1, 12));
        is(OVER);
        peer.sends(ack(12, 2));
        ended(isQueued, OVER);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStayWriteableWhenOutputIsShut(boolean isQueued) {
        accepted(isQueued);
        app.shutsDown();
        stack.emits(fin(1, 1));
        is("OUT");
        peer.sends(ack(1, 2));
        is("OUT");
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        ended(isQueued, OVER);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHangUpWhenBothCloseAtOnce(boolean isQueued) {
        accepted(isQueued);
        app.shutsDown();
        stack.emits(fin(1, 1));
        peer.sends(fin(1, 1));
        stack.emits(ack(2, 2));
        is(OVER);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHaveAnErrorUntilItIsTakenWhenRefused(boolean isQueued) {
        connecting(isQueued);
        peer.sends(rstAck(0, 1));
        ended(isQueued, FAILED);
        if (isQueued) {
            assertEquals(SocketError.ECONNREFUSED, app.socket.takeError());
            is(OVER);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHaveAnErrorWhenReset(boolean isQueued) {
        accepted(isQueued);
        peer.sends(data(1, 1, 10));
        stack.emitsWhatever();
        peer.sends(rst(11));
        ended(isQueued, FAILED);
        assertEquals(isQueued ? 10 : 0, app.socket.available()); // it may still be read, while there is a socket
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHaveNoErrorBitWhenTheErrorIsSoft(boolean isQueued) {
        accepted(isQueued);
        app.writes(1);
        stack.emits(data(1, 1, 1));
        nic.incoming.add(IcmpFrame.of(peer, 3, 1, 1));
        run();
        is("OUT");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotBeWriteableWhenSendBufferIsFull(boolean isQueued) {
        peer.withWindow(5000);
        accepted(isQueued, options().sendBuffer(16384).build());
        while (app.offers(1000) > 0) {}
        run();
        stack.emitsWhatever();
        is("-");
        assertEquals(16384, app.socket.unacknowledged());
        assertEquals(16384 - 5000, app.socket.unsent());
        peer.sends(ack(1, 5001));
        stack.emitsWhatever();
        is("-"); // less than a third is free
        peer.sends(ack(1, 8001));
        stack.emitsWhatever();
        is("OUT");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHavePriorityUntilTheUrgentByteIsRead(boolean isQueued) {
        accepted(isQueued);
        peer.sends(data(1, 1, 10).urgent(15));
        stack.emitsWhatever();
        is("IN|OUT"); // it has not come yet
        peer.sends(data(11, 1, 10));
        stack.emitsWhatever();
        is("IN|PRI|OUT");
        poll();
        poll();
        is("OUT");
    }

    // ---- Reading shut down ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTakeWhatStillComesWhenInputIsShut(boolean isQueued) {
        accepted(isQueued);
        app.socket.shutdownInput();
        run();
        is("IN|OUT|RDHUP");
        assertEquals(TcpSocket.CLOSED, app.socket.poll((buffer, offset, length) -> length, 10));
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        is("IN|OUT|RDHUP");
        assertEquals(10, app.socket.poll((buffer, offset, length) -> length, 100));
        assertEquals(TcpSocket.CLOSED, app.socket.poll((buffer, offset, length) -> length, 10));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldResetWhenDataComesAndBothSidesAreShut(boolean isQueued) {
        accepted(isQueued);
        app.socket.shutdownInput();
        app.shutsDown();
        stack.emits(fin(1, 1));
        is(OVER);
        peer.sends(data(1, 1, 10));
        stack.emits(rst(1));
        ended(isQueued, FAILED);
        assertEquals(SocketError.ECONNRESET, isQueued ? app.socket.takeError() : app.errors.getFirst());
    }

    // ---- What waits ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCountTheFinWhenItIsNotAcknowledged(boolean isQueued) {
        peer.withWindow(0);
        accepted(isQueued);
        assertEquals(0, app.socket.unacknowledged());
        app.writes(100);
        app.shutsDown();
        assertEquals(101, app.socket.unacknowledged());
        assertEquals(101, app.socket.unsent());
        peer.sends(ack(1, 1).window(1000));
        stack.emits(fin(1, 1).length(100));
        assertEquals(101, app.socket.unacknowledged());
        assertEquals(0, app.socket.unsent());
        peer.sends(ack(1, 102));
        assertEquals(0, app.socket.unacknowledged());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHaveNothingUnsentWhenConnecting(boolean isQueued) {
        connecting(isQueued);
        assertEquals(0, app.socket.unacknowledged());
        assertEquals(0, app.socket.unsent());
    }

    // ---- Peeking ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLeaveBytesWherePeekedAt(boolean isQueued) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[100]);
        accepted(isQueued);
        assertEquals(0, app.socket.peek(buffer, 0, 10));
        peer.sends(data(1, 1, 20));
        stack.emitsWhatever();
        for (int i = 0; i < 2; i++) {
            assertEquals(10, app.socket.peek(buffer, 5, 10));
            for (int j = 0; j < 10; j++) {
                assertEquals(pattern(1 + j), buffer.getByte(5 + j));
            }
        }
        assertEquals(20, app.socket.peek(buffer, 0, 100));
        assertEquals(20, app.socket.available());
        peer.sends(fin(21, 1));
        stack.emitsWhatever();
        assertEquals(20, app.socket.peek(buffer, 0, 100));
        poll();
        assertEquals(TcpSocket.CLOSED, app.socket.peek(buffer, 0, 100));
        assertEquals(0, app.socket.peek(buffer, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTakeNothingWhenLengthIsZero(boolean isQueued) {
        accepted(isQueued);
        assertEquals(0, app.socket.offer(new UnsafeBuffer(new byte[1]), 0, 0));
        assertEquals(0, app.socket.offer(new UnsafeBuffer(new byte[1]), 0, 0, TcpSocket.MORE));
        run();
        stack.emitsNothing();
        final Peer other = newPeer(PEER_PORT + 1, PORT);
        other.sends(syn());
        stack.emits(synAck());
    }
}
