package io.spinwire.tcp.cc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** RFC 5681, and the pool that all controls come from. */
class NewRenoTest {
    private static final long RTT = 10 * Flow.MS;

    @Test
    void shouldDoubleEachRoundTripWhenInSlowStart() {
        final Flow flow = new Flow("reno");
        flow.roundTrip(RTT);
        assertEquals(20, flow.window.cwnd);
    }

    @Test
    void shouldAddOneSegmentEachRoundTripWhenAvoidingCongestion() {
        final Flow flow = new Flow("reno").at(50);
        for (int i = 1; i <= 20; i++) {
            flow.roundTrip(RTT);
            assertEquals(50 + i, flow.window.cwnd);
        }
    }

    @Test
    void shouldGoOnAvoidingCongestionWhenAckCrossesThreshold() {
        final Flow flow = new Flow("reno");
        flow.window.ssthresh = 14;
        flow.send();
        flow.ack(10, RTT);
        assertEquals(14, flow.window.cwnd);
        assertEquals(6, flow.window.cwndCount);
    }

    @Test
    void shouldHalveWhenLossIsFound() {
        final Flow flow = new Flow("reno").at(51);
        flow.loss();
        assertEquals(25, flow.window.cwnd);
        flow.at(3).loss();
        assertEquals(2, flow.window.ssthresh);
    }

    @Test
    void shouldTakeStepForCreditThatTurnsOutTooLargeForTheWindow() {
        final CongestionWindow window = new CongestionWindow();
        window.reset(10);
        window.cwndCount = 25;
        window.avoidCongestion(10, 1);
        assertEquals(11, window.cwnd, "one step only, as Linux");
        assertEquals(1, window.cwndCount);
    }

    @Test
    void shouldRefuseNameThatNobodyHas() {
        final Flow flow = new Flow("reno");
        assertThrows(IllegalArgumentException.class, () -> flow.controls.lend("vegas"));
    }
}
