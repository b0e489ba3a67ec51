package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.data;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** RFC 8985: loss detection by time, with the reordering window and its timer. */
class RackTest extends SackScript {
    private static final double QUARTER_OF_A_ROUND_TRIP_MS = RTT_MS / 4.0;
    private static final double TIMER_MARGIN_MS = 2; // Linux: TCP_TIMEOUT_MIN_US

    private static long waitNs() {
        return (long) ((QUARTER_OF_A_ROUND_TRIP_MS + TIMER_MARGIN_MS) * 1e6);
    }

    @Test
    void shouldWaitAQuarterOfARoundTripWhenOneSegmentHasOvertakenTheHole() {
        established();
        inFlight(4);
        acks(1, 1001, 2001);
        stack.emitsAfter(waitNs(), data(1, 1, 1000));
        assertEquals(1, count(Counter.TcpSackRecovery));
        assertEquals(1, info().lost);
        acks(4001);
    }

    @Test
    void shouldRetransmitNothingWhenTheHoleIsFilledInTime() {
        established();
        inFlight(4);
        acks(1, 1001, 2001);
        after(ms(12));
        acks(4001);
        after(s(1));
        assertEquals(0, info().totalRetrans);
        assertEquals(1, info().reordSeen);
        assertEquals(10, info().sndCwnd);
    }

    @Test
    void shouldFindTheTailLostWhenSomethingSentLaterHasArrived() {
        established();
        inFlight(4);
        acks(1, 3001, 4001);
        stack.emitsAfter(waitNs(), data(1, 1, 1000));
        assertEquals(3, info().lost);
        acks(1001, 3001, 4001);
        stack.emits(data(1001, 1, 1000), data(2001, 1, 1000)); // RFC 9937: one more than has arrived
        acks(4001);
    }

    @Test
    void shouldRepeatARetransmissionWhenItIsLostToo() {
        established();
        inFlight(10);
        acks(1, 1001, 4001);
        stack.emits(data(1, 1, 1000));
        app.writes(3000);
        emitsData(10_001, 1); // as PRR lets it
        acks(1, 1001, 7001);
        after(ms(RTT_MS));
        acks(1, 1001, 7001, 10_001, 11_001); // sent after the retransmission, and it is here
        assertEquals(1, count(Counter.TcpLostRetransmit));
        emitsData(1, 1);
        assertEquals(4, info().lost);
        stack.emitsWhatever();
        acks(11_001);
        stack.emitsWhatever();
        acks(13_001);
    }

    @Test
    void shouldNotCountToThreeWhenReorderingHasBeenSeen() {
        established();
        inFlight(4);
        acks(1, 1001, 2001);
        acks(4001);
        assertEquals(1, info().reordSeen);
        app.writes(6000);
        emitsData(4001, 6);
        after(ms(RTT_MS));
        acks(4001, 5001, 9001);
        stack.emitsNothing();
        stack.emitsAfter(waitNs(), data(4001, 1, 1000));
        acks(10_001);
    }

    @Test
    void shouldWidenTheWindowWhenDuplicatesShowThatItWasTooNarrow() {
        established();
        inFlight(4);
        acks(1, 1001, 2001);
        acks(4001); // reordering is known
        for (int round = 0; round < 2; round++) {
            final int first = 4001 + round * 6000;
            app.writes(6000);
            emitsData(first, 6);
            after(ms(RTT_MS));
            acks(first, first + 1000, first + 5000);
            final long wait = (long) ((QUARTER_OF_A_ROUND_TRIP_MS * (round + 1) + TIMER_MARGIN_MS) * 1e6);
            stack.emitsAfter(wait, data(first, 1, 1000));
            acks(first + 6000, first, first + 1000); // both have arrived
        }
        assertEquals(2, info().dsackDups);
    }

    @Test
    void shouldCountToThreeWhenRackIsOff() {
        peer.withSack();
        established(TcpConfig.builder().rack(false).tlp(false));
        inFlight(6);
        acks(1, 1001, 3001);
        after(ms(100));
        stack.emitsNothing();
        acks(1, 1001, 4001);
        stack.emits(data(1, 1, 1000));
        acks(6001);
    }

    @Test
    void shouldFindEveryHoleBelowThreeArrivalsWhenRackIsOff() {
        peer.withSack();
        established(TcpConfig.builder().rack(false));
        inFlight(10);
        acks(1, 1001, 2001, 3001, 4001, 5001, 6001, 7001, 8001);
        assertEquals(2, info().lost); // two more have only two above them
        stack.emits(data(1, 1, 1000));
        stack.emitsWhatever();
        acks(10_001);
    }

    @Test
    void shouldUseTheTimeOfReceptionWhenTheTurnCameLate() {
        established();
        inFlight(4);
        acks(1, 1001, 2001);
        stack.emitsAfter(waitNs(), data(1, 1, 1000));
        acks(1001, 1001, 2001); // the same instant
        assertEquals(RTT_MS * 1000, info().minRttUs, 100);
        acks(4001);
        stack.emitsWhatever();
    }
}
