package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** RFC 8985 section 7: the tail loss probe. */
class LossProbeTest extends SackScript {
    private static final long TWO_ROUND_TRIPS = ms(2 * RTT_MS);
    private static final long MARGIN = ms(2); // Linux: TCP_TIMEOUT_MIN_US

    private void sent(int segments) {
        app.writes(segments * 1000);
        emitsData(1, segments);
    }

    @Test
    void shouldRepeatTheLastSegmentAfterTwoRoundTripsWhenThreeAreInFlight() {
        established();
        sent(3);
        stack.emitsAfter(TWO_ROUND_TRIPS + MARGIN, data(2001, 1, 1000));
        assertEquals(1, count(Counter.TcpLossProbes));
        assertEquals(0, count(Counter.TcpTimeouts));
        assertEquals(0, info().lost);
        assertEquals(10, info().sndCwnd);
        acks(3001);
    }

    @Test
    void shouldLeaveTheAckTimeToBeDelayedWhenOneIsInFlight() {
        established();
        sent(1);
        stack.emitsAfter(ms(RTT_MS + 200), data(1, 1, 1000)); // not later than the timeout
        assertEquals(1, count(Counter.TcpLossProbes));
        acks(1001);
    }

    @Test
    void shouldSendNewDataWhenThereIsSome() {
        peer.withSack();
        established(TcpConfig.builder().initialWindow(3));
        app.writes(5000);
        emitsData(1, 3);
        stack.emitsAfter(TWO_ROUND_TRIPS + MARGIN, data(3001, 1, 1000)); // whatever the congestion window says
        assertEquals(0, info().totalRetrans);
        acks(4001);
        emitsData(4001, 1);
        acks(5001);
    }

    @Test
    void shouldRepeatTheLastSegmentWhenNewDataDoesNotFitThePeersWindow() {
        peer.withSack().withWindow(3000);
        established(TcpConfig.builder());
        app.writes(5000);
        emitsData(1, 3);
        stack.emitsAfter(TWO_ROUND_TRIPS + MARGIN, data(2001, 1, 1000));
        peer.withWindow(65_535);
        acks(3001);
        emitsData(3001, 2);
        acks(5001);
    }

    @Test
    void shouldProbeOnceWhenNothingComesBack() {
        established();
        sent(3);
        stack.emitsAfter(TWO_ROUND_TRIPS + MARGIN, data(2001, 1, 1000));
        stack.emitsAfter(ms(RTT_MS + 200), data(1, 1, 1000)); // the timeout, from the probe on
        assertEquals(1, count(Counter.TcpLossProbes));
        assertEquals(1, count(Counter.TcpTimeouts));
        acks(3001);
        stack.emitsWhatever();
    }

    @Test
    void shouldReduceTheWindowOnceWhenTheProbeMendedTheTail() {
        established();
        app.writes(10_000);
        emitsData(1, 10);
        after(ms(RTT_MS));
        acks(9001); // the last one is lost
        assertEquals(19, info().sndCwnd);
        stack.emitsAfter(ms(RTT_MS) + ms(200), data(9001, 1, 1000));
        after(ms(RTT_MS));
        acks(10_001);
        app.writes(1000);
        emitsData(10_001, 1);
        after(ms(RTT_MS));
        acks(11_001); // beyond the probe: the original had not come
        assertEquals(1, count(Counter.TcpLossProbeRecovery));
        assertEquals(10, info().sndCwnd);
        assertEquals(10, info().sndSsthresh);
    }

    @Test
    void shouldReduceNothingWhenBothHaveArrived() {
        established();
        sent(3);
        stack.emitsAfter(TWO_ROUND_TRIPS + MARGIN, data(2001, 1, 1000));
        acks(3001);
        acks(3001, 2001, 3001);
        app.writes(1000);
        emitsData(3001, 1);
        acks(4001);
        assertEquals(0, count(Counter.TcpLossProbeRecovery));
        assertEquals(1, info().dsackDups);
        assertEquals(10, info().sndCwnd);
    }

    @Test
    void shouldReduceNothingWhenADuplicateAckFollowsTheAck() {
        established();
        sent(3);
        stack.emitsAfter(TWO_ROUND_TRIPS + MARGIN, data(2001, 1, 1000));
        acks(3001);
        acks(3001); // without a report: the peer does no D-SACK
        app.writes(1000);
        emitsData(3001, 1);
        acks(4001);
        assertEquals(10, info().sndCwnd);
    }

    @Test
    void shouldTurnToRecoveryWhenTheProbeIsReported() {
        established();
        sent(5);
        stack.emitsAfter(TWO_ROUND_TRIPS + MARGIN, data(4001, 1, 1000));
        after(ms(RTT_MS + 1));
        acks(2001, 4001, 5001);
        stack.emitsAfter(ms(RTT_MS) / 4 + MARGIN, data(2001, 1, 1000)); // RACK: it was sent before the probe
        assertEquals(2, info().lost);
        acks(3001, 4001, 5001);
        stack.emitsWhatever();
        acks(5001);
        assertEquals(0, count(Counter.TcpTimeouts));
    }

    @Test
    void shouldProbeWithTheFinWhenItIsLast() {
        established();
        app.socket.shutdownOutput();
        run();
        stack.emits(fin(1, 1));
        stack.emitsAfter(ms(RTT_MS + 200), fin(1, 1));
        assertEquals(1, count(Counter.TcpLossProbes));
        acks(2);
    }

    @Test
    void shouldWaitForTheTimeoutWhenProbesAreOff() {
        peer.withSack();
        established(TcpConfig.builder().tlp(false));
        sent(3);
        stack.emitsAfter(ms(RTT_MS + 200), data(1, 1, 1000));
        assertEquals(0, count(Counter.TcpLossProbes));
        assertEquals(1, count(Counter.TcpTimeouts));
        acks(3001);
        stack.emitsWhatever();
    }

    @Test
    void shouldWaitForTheTimeoutWhenThePeerHasNoSack() {
        established(TcpConfig.builder());
        sent(3);
        stack.emitsAfter(ms(RTT_MS + 200), data(1, 1, 1000));
        assertEquals(0, count(Counter.TcpLossProbes));
        acks(3001);
        stack.emitsWhatever();
    }

    @Test
    void shouldWaitASecondWhenNoRoundTripIsKnown() {
        peer.withSack();
        start(TcpConfig.builder());
        listens();
        peer.sends(Packet.syn());
        stack.emits(Packet.synAck());
        after(ms(900));
        peer.sends(Packet.syn());
        stack.emits(Packet.synAck());
        peer.sends(Packet.ack(1, 1));
        assertEquals(0, info().rttUs);
        sent(2);
        stack.emitsAfter(s(1), data(1001, 1, 1000));
        assertEquals(1, count(Counter.TcpLossProbes));
        acks(2001);
    }
}
