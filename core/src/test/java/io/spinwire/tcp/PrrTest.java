package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.data;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpConfig;
import org.junit.jupiter.api.Test;

/** Proportional rate reduction, RFC 9937: what leaves in recovery is in proportion to what arrives. */
class PrrTest extends SackScript {

    private void tenInFlight(int waiting) {
        established();
        app.writes(10_000 + waiting);
        emitsData(1, 10);
        after(ms(RTT_MS));
    }

    @Test
    void shouldSendOneForEveryTwoWhenHalfTheWindowIsToGo() {
        tenInFlight(10_000);
        acks(1, 1001, 4001); // three have arrived: half of them, rounded up
        stack.emits(data(1, 1, 1000), data(10_001, 1, 1000));
        acks(1, 1001, 5001);
        stack.emitsNothing();
        acks(1, 1001, 6001);
        stack.emits(data(11_001, 1, 1000));
        acks(1, 1001, 7001);
        stack.emitsNothing();
        acks(1, 1001, 8001);
        stack.emitsNothing(); // as many are in flight as are to be
        acks(1, 1001, 9001);
        stack.emits(data(12_001, 1, 1000));
        acks(13_001);
        emitsData(13_001, 6);
        assertEquals(6, info().sndCwnd);
        assertEquals(5, info().sndSsthresh);
        acks(20_001);
        stack.emitsWhatever();
    }

    @Test
    void shouldSendTheFirstRetransmissionWhenTheWindowHasNoRoom() {
        tenInFlight(0);
        acks(1, 1001, 4001);
        stack.emits(data(1, 1, 1000));
        acks(10_001);
        assertEquals(6, info().sndCwnd); // the last ACK counts as well
    }

    @Test
    void shouldGrowBackToSsthreshWhenMuchIsLostAndProgressIsMade() {
        tenInFlight(0);
        acks(1, 7001, 10_001); // one to seven are lost
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000), data(2001, 1, 1000));
        acks(1001, 7001, 10_001);
        stack.emits(data(3001, 1, 1000), data(4001, 1, 1000)); // slow start: one more than has arrived
        acks(2001, 7001, 10_001);
        stack.emits(data(5001, 1, 1000), data(6001, 1, 1000));
        acks(10_001);
        assertEquals(6, info().sndCwnd); // the last ACK counts as well
    }

    @Test
    void shouldReduceOnceWhenTwoSegmentsOfAWindowAreLost() {
        tenInFlight(0);
        acks(1, 1001, 4001);
        stack.emits(data(1, 1, 1000));
        acks(1, 1001, 4001, 5001, 8001);
        stack.emits(data(4001, 1, 1000));
        acks(4001, 5001, 10_001);
        acks(10_001);
        stack.emitsNothing();
        assertEquals(5, info().sndSsthresh);
        assertEquals(5, info().sndCwnd);
    }

    @Test
    void shouldReduceTwiceWhenSomethingIsLostAgainAfterwards() {
        tenInFlight(0);
        acks(1, 1001, 4001);
        stack.emits(data(1, 1, 1000));
        acks(10_001);
        app.writes(5000);
        emitsData(10_001, 5);
        after(ms(RTT_MS));
        acks(10_001, 11_001, 14_001);
        stack.emits(data(10_001, 1, 1000));
        assertEquals(3, info().sndSsthresh);
        acks(15_001);
        stack.emitsWhatever();
    }

    @Test
    void shouldKeepTheReductionOfTheControlWhenItIsCubic() {
        peer.withSack();
        start(TcpConfig.builder().congestionControl("cubic"));
        connects();
        inFlight(10);
        acks(1, 1001, 4001);
        stack.emits(data(1, 1, 1000));
        assertEquals(7, info().sndSsthresh);
        acks(10_001);
        stack.emitsNothing();
    }
}
