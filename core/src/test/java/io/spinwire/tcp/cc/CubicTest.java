package io.spinwire.tcp.cc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** CUBIC against the formulas of RFC 9438, in Linux's integers. */
class CubicTest {
    private static final double C = 0.4;
    private static final double BETA = 717.0 / 1024;
    private static final long RTT = 100 * Flow.MS;

    @Test
    void shouldFindLargestCubeBelow() {
        final long[] values = {0, 1, 7, 8, 26, 27, 28, 1000, 999_999, 1_000_000, 1L << 40, (1L << 60) - 1, 1L << 60};
        for (final long value : values) {
            final long root = Cubic.cubeRoot(value);
            assertTrue(root * root * root <= value, "root of " + value + " is below " + root);
            assertTrue((root + 1) * (root + 1) * (root + 1) > value, "root of " + value + " is above " + root);
        }
        assertEquals(2_097_151, Cubic.cubeRoot(Long.MAX_VALUE));
    }

    @Test
    void shouldFallToBetaWhenLossIsFound() {
        final Flow flow = new Flow("cubic").at(1000);
        flow.loss();
        assertEquals(700, flow.window.ssthresh); // 1000 * 717 / 1024
    }

    @Test
    void shouldKeepTwoSegmentsWhenWindowIsSmall() {
        final Flow flow = new Flow("cubic").at(2);
        flow.loss();
        assertEquals(2, flow.window.ssthresh);
    }

    /** RFC 9438 section 4.2: W(t) = C (t - K)^3 + W_max, one round trip ahead. */
    @Test
    void shouldFollowCubicFunctionWhenTimePassesAfterLoss() {
        final int max = 1000;
        final Flow flow = new Flow("cubic").at(max);
        flow.loss();
        final double k = Math.cbrt((max - flow.window.cwnd) / C);
        double worst = 0;
        double epoch = -1;
        while (flow.seconds() < 20) {
            flow.roundTrip(RTT);
            if (epoch < 0) {
                epoch = flow.seconds();
            }
            final double t = flow.seconds() - epoch;
            final double expected = C * Math.pow(t - k, 3) + max;
            worst = Math.max(worst, Math.abs(flow.window.cwnd - expected) / expected);
        }
        assertTrue(worst < 0.02, "off by " + worst);
        assertTrue(flow.window.cwnd > 1500, "beyond the plateau: " + flow.window.cwnd);
    }

    @Test
    void shouldBeFlatAroundWindowOfLastLoss() {
        final Flow flow = new Flow("cubic").at(1000);
        flow.loss();
        final double k = Math.cbrt(300 / C);
        while (flow.seconds() < k - 1) {
            flow.roundTrip(RTT);
        }
        final int before = flow.window.cwnd;
        while (flow.seconds() < k + 1) {
            flow.roundTrip(RTT);
        }
        assertTrue(flow.window.cwnd - before <= 3, before + " to " + flow.window.cwnd);
        assertEquals(1000, flow.window.cwnd, 3);
    }

    /** RFC 9438 section 4.7: a second loss below the first one's window leaves room for others. */
    @Test
    void shouldAimLowerWhenLossComesBelowLastMaximum() {
        final Flow flow = new Flow("cubic").at(1000);
        flow.loss();
        flow.loss(); // at 700
        final double lower = 700 * (1 + BETA) / 2;
        final double k = Math.cbrt((lower - flow.window.cwnd) / C);
        while (flow.seconds() < k) {
            flow.roundTrip(RTT);
        }
        assertEquals(lower, flow.window.cwnd, 5);
    }

    /** RFC 9438 section 4.3: on a short path the cubic function is slower than Reno, and Reno is followed. */
    @Test
    void shouldGrowAsRenoWouldWhenRoundTripIsShort() {
        final Flow flow = new Flow("cubic").at(100);
        flow.loss();
        final int start = flow.window.cwnd;
        final int trips = 80;
        for (int i = 0; i < trips; i++) {
            flow.roundTrip(20 * Flow.MS);
        }
        final double alpha = 3 * (1 - BETA) / (1 + BETA); // W_est grows by so much in a round trip
        assertEquals(start + alpha * trips, flow.window.cwnd, 3);
    }

    /** Linux looks at the curve once a jiffy, 4 ms at HZ 250: until then the first step after a loss is repeated. */
    @Test
    void shouldGrowPastPlateauWithinJiffyWhenRoundTripIsShort() {
        final Flow flow = new Flow("cubic").at(10);
        flow.loss();
        for (int i = 0; i < 15; i++) {
            flow.roundTrip(Flow.MS / 5); // 3 ms
        }
        assertEquals(7 * Math.pow(8 / 7.0, 15), flow.window.cwnd, 4); // one more for every 7, and far past 10
    }

    @Test
    void shouldReturnToCurveWhenJiffyIsOver() {
        final Flow flow = new Flow("cubic").at(10);
        flow.loss();
        for (int i = 0; i < 8; i++) {
            flow.roundTrip(3 * Flow.MS);
        }
        assertEquals(8, flow.window.cwnd); // 1.9 s from the plateau the curve is still below 8
    }

    @Test
    void shouldGrowByHalfAtMostInRoundTripWhenTargetIsFarAbove() {
        final Flow flow = new Flow("cubic").at(100);
        flow.loss();
        while (flow.seconds() < 60) {
            final int before = flow.window.cwnd;
            flow.roundTrip(10 * RTT);
            assertTrue(flow.window.cwnd <= before + before / 2 + 1, before + " to " + flow.window.cwnd);
        }
    }

    @Test
    void shouldGrowByTwentiethInRoundTripWhenNoLossHasBeenSeen() {
        final Flow flow = new Flow("cubic").at(1000);
        flow.roundTrip(Flow.MS);
        assertEquals(1050, flow.window.cwnd, 3);
    }

    @Test
    void shouldStandStillWhileThereIsNothingToSend() {
        final Flow busy = new Flow("cubic").at(1000);
        final Flow idle = new Flow("cubic").at(1000);
        busy.loss();
        idle.loss();
        for (int i = 0; i < 20; i++) {
            busy.roundTrip(RTT);
            idle.roundTrip(RTT);
        }
        busy.roundTrip(RTT);
        idle.drain(RTT);
        idle.sample.nowNs += 30_000 * Flow.MS;
        for (int i = 0; i < 20; i++) {
            busy.roundTrip(RTT);
            idle.roundTrip(RTT);
        }
        assertEquals(busy.window.cwnd, idle.window.cwnd, 5);
    }

    @Test
    void shouldForgetTheCurveWhenTimeoutComes() {
        final Flow flow = new Flow("cubic").at(1000);
        flow.timeout();
        assertEquals(700, flow.window.ssthresh);
        while (flow.window.cwnd < 700) {
            flow.roundTrip(RTT);
        }
        final int before = flow.window.cwnd;
        flow.roundTrip(RTT);
        assertEquals(before * 1.05, flow.window.cwnd, 3); // as if no loss had been seen
    }

    @Test
    void shouldGoBackToWindowBeforeWhenLossWasNone() {
        final Flow flow = new Flow("cubic").at(1000);
        flow.loss();
        assertEquals(1000, flow.control.undoCwnd(flow.window));
    }

    @Test
    void shouldBeginAfreshWhenLentAgain() {
        final Flow flow = new Flow("cubic").at(1000);
        flow.loss();
        flow.controls.giveBack(flow.control);
        final CongestionControl again = flow.controls.lend("cubic");
        assertEquals(flow.control, again);
        final Flow fresh = new Flow("cubic").at(500);
        again.init(flow.window, flow.sample);
        flow.at(500);
        for (int i = 0; i < 10; i++) {
            flow.roundTrip(RTT);
            fresh.roundTrip(RTT);
        }
        assertEquals(fresh.window.cwnd, flow.window.cwnd);
    }
}
