package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpSocket;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9293 section 3.10.7.1: CLOSED. Nobody listens on the port. */
class ClosedTest extends TcpScript {

    @BeforeEach
    void startWithoutListener() {
        start();
    }

    @Test
    void shouldResetWithAckOfSynWhenSynArrives() {
        peer.sends(syn());
        stack.emits(rstAck(0, 1).window(0).options(""));
        assertEquals(1, count(DropReason.NO_SOCKET));
        assertEquals(1, count(Counter.TcpOutRsts));
    }

    @Test
    void shouldResetFromSegAckWhenSegmentHasAck() {
        peer.sends(ack(5, 77));
        stack.emits(rst(77).window(0));
    }

    @Test
    void shouldResetFromSegAckWhenFinWithAckArrives() {
        peer.sends(fin(5, 77));
        stack.emits(rst(77));
    }

    @Test
    void shouldResetWithAckOfDataWhenSegmentHasNoAck() {
        peer.sends(Packet.of(0).seq(5).length(10));
        stack.emits(rstAck(0, 15));
    }

    @Test
    void shouldStaySilentWhenResetArrives() {
        peer.sends(rst(5));
        peer.sends(rstAck(5, 1));
        stack.emitsNothing();
        assertEquals(2, count(DropReason.NO_SOCKET));
        assertEquals(0, count(Counter.TcpOutRsts));
    }

    @Test
    void shouldCarryNoTimestampsWhenPeerSentSome() {
        peer.withTimestamps().sends(syn());
        stack.emits(rstAck(0, 1).noTimestamps());
    }

    @Test
    void shouldDropWithoutAnswerWhenPortIsZero() {
        peer.stackPort = 0;
        peer.sends(syn());
        stack.emitsNothing();
        assertEquals(1, count(DropReason.TCP_ZERO_PORT));
    }

    @Test
    void shouldResetWhenConnectionHasEndedAndSegmentComesLate() {
        engine.listen(PORT, options().build(), app);
        peer.sends(syn());
        stack.next();
        peer.sends(ack(1, 1));
        app.aborts();
        stack.emits(rstAck(1, 1));
        app.heard("connected", "closed ABORTED");
        peer.sends(data(1, 1, 10));
        stack.emits(rst(1));
    }

    @Test
    void shouldAnswerClosedWhenSocketIsUsedInItsLastCallback() {
        engine.listen(PORT, options().build(), app);
        final int[] answers = new int[2];
        app.onClosed = (TcpSocket socket) -> {
            answers[0] = socket.offer(new UnsafeBuffer(new byte[1]), 0, 1);
            answers[1] = socket.poll((buffer, offset, length) -> length, 1);
        };
        peer.sends(syn());
        stack.next();
        peer.sends(ack(1, 1));
        peer.sends(rst(1));
        assertEquals(TcpSocket.CLOSED, answers[0]);
        assertEquals(TcpSocket.CLOSED, answers[1]);
    }
}
