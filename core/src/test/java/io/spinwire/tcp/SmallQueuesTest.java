package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.RST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.EngineConfigBuilder;
import io.spinwire.api.QdiscKind;
import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** A qdisc under TCP: a socket has little in it, goes on when that leaves, and loses nothing when it is full. */
class SmallQueuesTest extends TcpScript {
    private static final int RESERVED = 8; // frames of the NIC that data may not use

    private void acceptedOver(QdiscKind qdisc, int limit) {
        final EngineConfigBuilder config = config().qdisc(qdisc).qdiscLimit(limit);
        start(config, TcpConfig.DEFAULTS);
        accepted();
    }

    private void nicTakes(int frames) {
        nic.free = frames;
        run();
    }

    /** The peer answers so late that a millisecond's worth of the rate is less than two segments. */
    private void slowPath() {
        app.writes(1000);
        stack.emits(data(1, 1, 1000));
        after(ms(100));
        peer.sends(ack(1, 1001));
    }

    @Test
    void shouldSendAtOnceWhenTheNicHasRoom() {
        acceptedOver(QdiscKind.FQ, 0);
        app.writes(2000);
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000));
        assertEquals(0, count(Counter.QdiscEnqueued));
    }

    @Test
    void shouldHaveOnlyAFewSegmentsInTheQdiscWhenTheNicIsFull() {
        acceptedOver(QdiscKind.PFIFO, 0);
        slowPath();
        nic.free = 0;
        app.writes(10_000);
        stack.emitsNothing();
        assertEquals(3, count(Counter.QdiscEnqueued)); // two are not enough to fill it, three are
        assertEquals(7000, info().notsentBytes);
        nicTakes(RESERVED + 1);
        stack.emits(data(1001, 1, 1000));
        assertEquals(4, count(Counter.QdiscEnqueued)); // one has left, the next has come in
        nicTakes(Integer.MAX_VALUE);
        for (int seq = 2001; seq <= 10_001; seq += 1000) {
            stack.emits(data(seq, 1, 1000));
        }
    }

    @Test
    void shouldHaveAMillisecondOfItsRateInTheQdiscWhenThePathIsFast() {
        acceptedOver(QdiscKind.PFIFO, 0);
        nic.free = 0;
        app.writes(10_000);
        assertEquals(10, count(Counter.QdiscEnqueued)); // no round trip was measured yet: the rate has no bound
        nicTakes(Integer.MAX_VALUE);
        stack.emitsWhatever();
    }

    @Test
    void shouldShareTheQdiscWhenSeveralSocketsSend() {
        acceptedOver(QdiscKind.PFIFO, 0);
        slowPath();
        nic.free = 0;
        app.writes(10_000);
        assertTrue(engine.counters().get(Counter.EngineQdiscPackets) <= 3);
        nicTakes(Integer.MAX_VALUE);
        stack.emitsWhatever();
        peer.sends(ack(1, 11_001));
    }

    @Test
    void shouldKeepSegmentsWhenTheQdiscIsFull() {
        acceptedOver(QdiscKind.PFIFO, 2);
        nic.free = 0;
        app.writes(4000);
        assertEquals(2, count(Counter.QdiscEnqueued));
        assertTrue(count(Counter.QdiscRefused) > 0);
        nicTakes(Integer.MAX_VALUE);
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000), data(2001, 1, 1000), data(3001, 1, 1000));
        assertEquals(0, count(Counter.QdiscDropped));
    }

    @Test
    void shouldTakeAFullQdiscForCongestionWhenItRefuses() {
        acceptedOver(QdiscKind.PFIFO, 2);
        nic.free = 0;
        app.writes(8000);
        assertEquals(10, info().sndCwnd);
        nicTakes(Integer.MAX_VALUE);
        stack.emitsWhatever();
        peer.sends(ack(1, 8001));
        assertTrue(info().sndSsthresh < 10);
    }

    @Test
    void shouldNotRepeatWhatStillWaitsInTheQdisc() {
        acceptedOver(QdiscKind.PFIFO, 0);
        app.writes(1000);
        stack.emits(data(1, 1, 1000));
        peer.sends(ack(1, 1001));
        nic.free = 0;
        app.writes(1000);
        after(s(5));
        app.heard();
        assertTrue(count(Counter.TcpSpuriousRtxHostQueues) > 0);
        assertEquals(0, count(Counter.TcpRetransSegs));
        nicTakes(Integer.MAX_VALUE);
        stack.emits(data(1001, 1, 1000));
        stack.emits(data(1001, 1, 1000)); // the timeout's, now that there is something to repeat
        peer.sends(ack(1, 2001));
    }

    @Test
    void shouldSendWhatIsInTheQdiscWhenTheEngineCloses() {
        acceptedOver(QdiscKind.FQ, 0);
        nic.free = 0;
        app.writes(1000);
        stack.emitsNothing();
        nic.free = Integer.MAX_VALUE;
        engine.close();
        stack.emits(data(1, 1, 1000), Packet.of(RST | ACK).seq(1001).ack(1));
    }
}
