package io.spinwire.tcp.cc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.HystartMode;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** Where slow start ends before a loss: Linux's hystart, HyStart++ (RFC 9406), and neither. */
class HystartTest {
    private static final long RTT = 40 * Flow.MS;
    private static final long APART = 3 * Flow.MS; // too far for a train

    // ---- Linux ----

    @Test
    void shouldDoubleEachRoundTripWhenDelayIsSteady() {
        final Flow flow = new Flow("cubic", HystartMode.LINUX);
        flow.roundTrip(RTT, APART);
        assertEquals(20, flow.window.cwnd);
        flow.roundTrip(RTT, APART);
        assertEquals(40, flow.window.cwnd);
        assertEquals(0, flow.count(Counter.TcpHystartDelayDetect));
    }

    @Test
    void shouldEndSlowStartWhenDelayOfRoundHasRisen() {
        final Flow flow = new Flow("cubic", HystartMode.LINUX);
        flow.window.cwnd = 16;
        flow.roundTrip(RTT, APART);
        flow.roundTrip(RTT + 5 * Flow.MS, APART); // 40 / 8 is the threshold: just at it
        assertTrue(flow.window.isSlowStart());
        final int cwnd = flow.window.cwnd;
        flow.roundTrip(RTT + 5 * Flow.MS + Flow.MS / 10, APART);
        assertFalse(flow.window.isSlowStart());
        assertEquals(cwnd + 8, flow.window.ssthresh); // eight samples make a judgment, the ninth is judged
        assertEquals(1, flow.count(Counter.TcpHystartDelayDetect));
        assertEquals(cwnd + 8, flow.count(Counter.TcpHystartDelayCwnd));
        assertEquals(0, flow.count(Counter.TcpHystartTrainDetect));
    }

    @Test
    void shouldUseFourMillisecondsWhenEighthOfDelayIsLess() {
        final Flow flow = new Flow("cubic", HystartMode.LINUX);
        flow.roundTrip(Flow.MS, APART);
        flow.roundTrip(5 * Flow.MS, APART);
        assertTrue(flow.window.isSlowStart());
        flow.roundTrip(6 * Flow.MS, APART);
        assertFalse(flow.window.isSlowStart());
    }

    /** ACKs closer than 2 ms for more than half of the least delay: the path is full. */
    @Test
    void shouldEndSlowStartWhenAcksFormTrainAsLongAsPath() {
        final Flow flow = new Flow("cubic", HystartMode.LINUX);
        flow.window.cwnd = 16;
        flow.roundTrip(RTT, Flow.MS); // 16 ACKs take 15 ms: half of the delay is 20, half of the ACKs' own is 0.5
        assertTrue(flow.window.isSlowStart());
        flow.roundTrip(RTT, Flow.MS);
        assertFalse(flow.window.isSlowStart());
        assertEquals(1, flow.count(Counter.TcpHystartTrainDetect));
        assertEquals(flow.window.ssthresh, flow.count(Counter.TcpHystartTrainCwnd));
        assertEquals(32 + 21, flow.window.ssthresh);
    }

    @Test
    void shouldAllowTrainOfWholeDelayWhenSegmentsArePaced() {
        final Flow flow = new Flow("cubic", HystartMode.LINUX);
        flow.sample.isPaced = true;
        flow.roundTrip(RTT, Flow.MS);
        flow.roundTrip(RTT, Flow.MS);
        flow.roundTrip(RTT, Flow.MS);
        assertTrue(flow.window.ssthresh >= 80, "at " + flow.window.ssthresh);
    }

    @Test
    void shouldNotWatchWhenWindowIsBelowSixteen() {
        final Flow flow = new Flow("cubic", HystartMode.LINUX);
        flow.window.cwnd = 4;
        flow.roundTrip(RTT, Flow.MS);
        flow.roundTrip(2 * RTT, Flow.MS);
        assertEquals(16, flow.window.cwnd);
        assertTrue(flow.window.isSlowStart());
    }

    @Test
    void shouldWatchAgainWhenTimeoutBeginsSlowStartAnew() {
        final Flow flow = new Flow("cubic", HystartMode.LINUX);
        flow.window.cwnd = 1000;
        flow.timeout();
        flow.sample.nowNs += 2_000 * Flow.MS;
        for (int i = 0; i < 20 && flow.window.isSlowStart(); i++) {
            flow.roundTrip(RTT, Flow.MS);
        }
        assertEquals(1, flow.count(Counter.TcpHystartTrainDetect));
        assertTrue(flow.window.ssthresh < 700, "at " + flow.window.ssthresh);
    }

    @Test
    void shouldNotWatchWhenOff() {
        final Flow flow = new Flow("cubic", HystartMode.OFF);
        for (int i = 0; i < 5; i++) {
            flow.roundTrip(RTT + i * 20 * Flow.MS, Flow.MS);
        }
        assertEquals(320, flow.window.cwnd);
        assertEquals(CongestionWindow.INFINITE_SSTHRESH, flow.window.ssthresh);
    }

    // ---- RFC 9406 ----

    @Test
    void shouldSlowDownToQuarterWhenDelayHasRisen() {
        final Flow flow = new Flow("cubic", HystartMode.PLUSPLUS);
        flow.roundTrip(RTT);
        flow.roundTrip(RTT);
        assertEquals(40, flow.window.cwnd);
        flow.roundTrip(RTT + 5 * Flow.MS); // the eighth sample of the round turns it
        assertTrue(flow.window.isSlowStart());
        assertEquals(40 + 7 + 33 / 4, flow.window.cwnd, 1);
    }

    @Test
    void shouldAvoidCongestionWhenFiveSlowRoundsHavePassed() {
        final Flow flow = new Flow("cubic", HystartMode.PLUSPLUS);
        flow.roundTrip(RTT);
        for (int i = 0; i < 5; i++) {
            flow.roundTrip(RTT + 10 * Flow.MS);
            assertTrue(flow.window.isSlowStart(), "in round " + i);
        }
        flow.roundTrip(RTT + 10 * Flow.MS);
        assertFalse(flow.window.isSlowStart());
        assertEquals(1, flow.count(Counter.TcpHystartDelayDetect));
    }

    @Test
    void shouldResumeSlowStartWhenDelayFallsAgain() {
        final Flow flow = new Flow("cubic", HystartMode.PLUSPLUS);
        flow.roundTrip(RTT);
        flow.roundTrip(RTT + 10 * Flow.MS);
        final int slowed = flow.window.cwnd;
        flow.roundTrip(RTT);
        assertTrue(flow.window.cwnd > slowed + slowed / 2, slowed + " to " + flow.window.cwnd);
        assertEquals(CongestionWindow.INFINITE_SSTHRESH, flow.window.ssthresh);
    }

    @Test
    void shouldCountEightSegmentsOfAnAckAtMostWhenNotPaced() {
        final Flow flow = new Flow("cubic", HystartMode.PLUSPLUS);
        flow.window.cwnd = 50;
        flow.send();
        flow.sample.nowNs += RTT;
        flow.ack(1, RTT);
        flow.ack(20, RTT);
        assertEquals(59, flow.window.cwnd);
        flow.sample.isPaced = true;
        flow.ack(20, RTT);
        assertEquals(79, flow.window.cwnd);
    }

    @Test
    void shouldUsePlainSlowStartWhenTimeoutEndedTheFirst() {
        final Flow flow = new Flow("cubic", HystartMode.PLUSPLUS);
        flow.window.cwnd = 1000;
        flow.timeout();
        for (int i = 0; i < 6; i++) {
            flow.roundTrip(RTT + i * 20 * Flow.MS);
        }
        assertEquals(64, flow.window.cwnd);
    }

    // ---- Lending ----

    @Test
    void shouldLendWatchOnlyWhileSlowStartNeedsIt() {
        final HystartPool pool = new HystartPool(HystartMode.LINUX, new io.spinwire.stats.Counters());
        final Flow flow = new Flow("cubic");
        final Hystart idle = pool.idle();
        assertEquals(idle, idle.onDelay(flow.window, flow.sample, 1000, 1000), "below sixteen segments");
        flow.window.cwnd = 16;
        final Hystart lent = idle.onDelay(flow.window, flow.sample, 1000, 1000);
        assertTrue(lent instanceof HystartLinux);
        flow.window.ssthresh = 16;
        assertEquals(idle, lent.onDelay(flow.window, flow.sample, 1000, 1000), "in congestion avoidance");
        assertEquals(lent, pool.lendLinux(), "it was given back");
    }
}
