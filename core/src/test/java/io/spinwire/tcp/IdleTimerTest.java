package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** A connection at rest leaves the wheel, or keeps there only what will be due. */
class IdleTimerTest extends TcpScript {
    private static final int BYTES = 100;

    private void writesAndIsAcknowledged() {
        app.writes(BYTES);
        stack.emits(data(1, 1, BYTES));
        assertEquals(1, count(Counter.EngineTimersInUse));
        peer.sends(ack(1, 1 + BYTES));
        stack.emitsNothing();
    }

    @Test
    void shouldHoldATimerWhileDataIsInFlightAndNoneWhenAllIsAcknowledged() {
        accepted();
        writesAndIsAcknowledged();
        assertEquals(0, count(Counter.EngineTimersInUse));
    }

    @Test
    void shouldHoldItStillWhenOnlySomeIsAcknowledged() {
        accepted();
        app.writes(BYTES);
        stack.emits(data(1, 1, BYTES));
        peer.sends(ack(1, BYTES));
        stack.emitsNothing();
        assertEquals(1, count(Counter.EngineTimersInUse));
        peer.sends(ack(1, 1 + BYTES));
        assertEquals(0, count(Counter.EngineTimersInUse));
    }

    @Test
    void shouldRepeatDataThatIsSentAfterARest() {
        accepted();
        writesAndIsAcknowledged();
        after(s(100));
        app.writes(BYTES);
        stack.emits(data(1 + BYTES, 1, BYTES));
        after(s(2));
        stack.emitsWhatever();
        assertTrue(count(Counter.TcpRetransSegs) > 0);
    }

    @Test
    void shouldKeepTheKeepAliveTimerWhenAllIsAcknowledged() {
        accepted(options().keepAlive(true).build());
        writesAndIsAcknowledged();
        assertEquals(1, count(Counter.EngineTimersInUse));
        stack.emitsAfter(s(7200), ack(BYTES, 1));
    }
}
