package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpConfig;
import org.junit.jupiter.api.Test;

/**
 * What waits for room for a larger burst, and what does not. A window of ten segments of 1000 bytes, and a round trip
 * of 2 ms, for which a burst is of eight.
 */
class DeferralTest extends SackScript {
    private static final int SHORT_RTT_MS = 2;

    private void connectsSoon() {
        start(TcpConfig.builder().congestionControl("reno"));
        listens();
        peer.withSack();
        peer.sends(syn());
        stack.emits(synAck());
        after(ms(SHORT_RTT_MS));
        peer.sends(ack(1, 1));
        stack.emitsNothing();
        app.events.remove("connected");
    }

    /** Eight in flight, the last of which has just left and the others a round trip ago: room for two. */
    private void eightInFlight() {
        connectsSoon();
        app.writes(7000);
        emitsData(1, 7);
        after(ms(SHORT_RTT_MS));
        app.writes(1000);
        emitsData(7001, 1);
    }

    @Test
    void shouldWaitForTheNextAckWhenLittleRoomIsLeftOfTheWindow() {
        eightInFlight();
        app.writes(6000);
        stack.emitsNothing();
        acks(4001); // the window is fourteen now, and ten of them are free
        emitsData(8001, 6);
    }

    @Test
    void shouldCountAsLimitedByTheWindowWhenItWaitsForRoomInIt() {
        eightInFlight();
        app.writes(6000);
        stack.emitsNothing();
        acks(8001);
        emitsData(8001, 6);
        assertEquals(18, info().sndCwnd); // else slow start would not have grown with a window that was not used up
    }

    @Test
    void shouldNotWaitWhenAllThatWaitsIsOneSegment() {
        eightInFlight();
        app.writes(1000);
        emitsData(8001, 1);
    }

    @Test
    void shouldNotWaitWhenAMillisecondHasPassedSinceTheLastSegment() {
        eightInFlight();
        after(ms(2));
        app.writes(6000);
        emitsData(8001, 2);
        stack.emitsNothing();
    }

    @Test
    void shouldNotWaitWhenTheNextAckIsFarAway() {
        connectsSoon();
        app.writes(7000);
        emitsData(1, 7);
        app.writes(6000); // what is in flight has just left
        emitsData(7001, 3);
        stack.emitsNothing();
    }

    @Test
    void shouldWaitForMoreWhenAllWouldFitAndTheApplicationMayWriteOn() {
        eightInFlight();
        app.writes(1999);
        stack.emitsNothing();
        acks(4001);
        stack.emits(data(8001, 1, 1000));
        assertEquals(999, stack.next().length);
    }

    @Test
    void shouldNotWaitWhenNothingComesBehindFin() {
        eightInFlight();
        app.writes(1999);
        stack.emitsNothing();
        app.closes();
        stack.emits(data(8001, 1, 1000));
        assertEquals(999, stack.next().length);
    }
}
