package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9293 section 3.5, figure 8: both sides open at once. */
class SimultaneousTest extends TcpScript {

    @BeforeEach
    void openBoth() {
        peer.withWindowScale(7).withTimestamps();
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn().window(64240));
        peer.sends(syn());
        stack.emits(synAck().window(64240).mss(1460).windowScale(10));
        isIn(TcpState.SYN_RECEIVED);
        assertEquals(1, count(Counter.TcpSimultaneousOpens));
    }

    @Test
    void shouldEstablishWhenSynAckArrives() {
        peer.sends(synAck().window(2000));
        stack.emits(ack(1, 1)); // its SYN is a repetition
        isIn(TcpState.ESTABLISHED);
        app.heard("connected");
        assertEquals(2000, info().sndWnd); // never scaled in a SYN
        app.writes(100);
        stack.emits(data(1, 1, 100));
    }

    @Test
    void shouldEstablishWhenAckArrives() {
        peer.sends(ack(1, 1).window(100));
        stack.emitsNothing();
        isIn(TcpState.ESTABLISHED);
        app.heard("connected");
        assertEquals(12_800, info().sndWnd);
    }

    @Test
    void shouldEstablishAndDeliverWhenDataArrives() {
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        app.heard("connected");
        assertEquals(10, app.readBytes);
    }

    @Test
    void shouldRepeatSynAckWhenNothingArrives() {
        stack.emitsAfter(s(1), synAck());
        stack.emitsAfter(s(2), synAck());
    }

    @Test
    void shouldResetWhenAckIsOfSomethingElse() {
        peer.sends(ack(1, 0));
        stack.emits(rst(0));
        isIn(TcpState.SYN_RECEIVED);
    }

    @Test
    void shouldEndRefusedWhenReset() {
        peer.sends(rst(1));
        app.heard("closed REFUSED");
    }

    @Test
    void shouldEndTimedOutWhenNobodyAnswers() {
        for (int wait = 1; wait <= 32; wait *= 2) {
            stack.emitsAfter(s(wait), synAck()); // tcp_syn_retries of them
        }
        after(s(63));
        app.heard();
        after(s(1));
        app.heard("closed TIMED_OUT");
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldSendFinWhenClosedBeforeTheAnswer() {
        app.closes();
        stack.emits(fin(1, 1));
        isIn(TcpState.FIN_WAIT_1);
        peer.sends(ack(1, 2));
        isIn(TcpState.FIN_WAIT_2);
    }

    @Test
    void shouldResetWhenAborted() {
        app.aborts();
        assertEquals(Packet.rstAck(1, 1).flags, stack.next().flags);
        app.heard("closed ABORTED");
    }
}
