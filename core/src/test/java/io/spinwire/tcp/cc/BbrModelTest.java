package io.spinwire.tcp.cc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What BBR makes of its samples: rates, rounds, delays, and what losses mean. */
class BbrModelTest {
    private static final long MS = 1_000_000;

    private final BbrModel model = new BbrModel();
    private final AckSample sample = new AckSample();
    private final CongestionWindow window = new CongestionWindow();

    @BeforeEach
    void begin() {
        sample.nowNs = 1_000_000 * MS;
        sample.mss = 1000;
        sample.initialCwnd = 10;
        window.reset(50);
        model.init(sample);
    }

    /** Ten segments, sent when {@code sentAt} had been delivered, have taken {@code ms}. */
    private void rate(int segments, long ms, int sentAt) {
        sample.clear();
        sample.nowNs += ms * MS;
        sample.delivered = sentAt + segments;
        sample.ackedSacked = segments;
        sample.priorDelivered = sentAt;
        sample.priorDeliveredNs = 1;
        sample.rateDelivered = segments;
        sample.intervalUs = ms * 1000;
        model.takeRate(sample);
    }

    @Test
    void shouldTakeHighestRateOfTwoCycles() {
        rate(10, 10, 0);
        assertEquals(1_000_000, model.maxBw);
        rate(5, 10, 10);
        assertEquals(1_000_000, model.maxBw);
        model.beginCycle();
        rate(5, 10, 15);
        assertEquals(1_000_000, model.maxBw, "the cycle before still counts");
        model.beginCycle();
        rate(5, 10, 20);
        assertEquals(500_000, model.maxBw);
        model.beginCycle();
        model.beginCycle();
        assertEquals(500_000, model.maxBw, "a cycle without samples forgets nothing");
    }

    @Test
    void shouldIgnoreLowerRateWhenApplicationSetThePace() {
        rate(10, 10, 0);
        sample.isAppLimited = true;
        sample.rateDelivered = 5;
        model.takeRate(sample);
        assertEquals(1_000_000, model.maxBw);
        sample.rateDelivered = 20;
        model.takeRate(sample);
        assertEquals(2_000_000, model.maxBw, "a higher one is a fact");
    }

    @Test
    void shouldCountRoundWhenSegmentOfThisRoundIsAcknowledged() {
        rate(10, 10, 0);
        assertTrue(model.isRoundStart);
        assertEquals(1, model.roundCount);
        rate(1, 1, 5);
        assertFalse(model.isRoundStart, "it was sent in the round before");
        rate(1, 1, 10);
        assertTrue(model.isRoundStart);
    }

    @Test
    void shouldBoundRateAndVolumeByWhatGetsThroughWhenSomethingIsLost() {
        rate(10, 10, 0);
        model.finish(sample);
        rate(10, 10, 10);
        model.noteLoss(sample.delivered);
        model.takeLosses(window, false);
        model.finish(sample);
        rate(6, 10, 20); // a round later
        model.takeLosses(window, false);
        model.finish(sample);
        assertEquals(1_000_000, model.bwShortTerm, "as much as the last round brought");
        assertEquals(35, model.inflightShortTerm, "seven tenths of the window");
        rate(6, 10, 26);
        model.noteLoss(sample.delivered);
        rate(6, 10, 32);
        model.takeLosses(window, false);
        model.finish(sample);
        assertEquals(700_000, model.bwShortTerm);
        assertEquals(700_000, model.bw);
        model.resetShortTerm();
        model.finish(sample);
        assertEquals(1_000_000, model.bw);
    }

    @Test
    void shouldSetNoBoundWhenLossWasToBeExpected() {
        rate(10, 10, 0);
        model.noteLoss(0);
        model.takeLosses(window, true);
        assertEquals(BbrModel.NO_RATE_BOUND, model.bwShortTerm);
    }

    @Test
    void shouldFindTooMuchInFlightWhenMoreThanTwoPercentAreLost() {
        assertFalse(BbrModel.isTooHigh(2, 100));
        assertTrue(BbrModel.isTooHigh(3, 100));
        assertTrue(BbrModel.isTooHigh(1, 49));
    }

    /** Of 200 in flight the fifth is lost: with 4 lost before, the threshold was met at 199. */
    @Test
    void shouldFindVolumeAtWhichLossesCrossedTheThreshold() {
        assertEquals(199, BbrModel.inFlightAtLoss(5, 200));
        assertEquals(48, BbrModel.inFlightAtLoss(1, 49));
        assertEquals(99, BbrModel.inFlightAtLoss(4, 100), "crossed before");
    }

    @Test
    void shouldForgetDelayOnlyAfterTenSeconds() {
        sample.rttUs = 10_000;
        model.takeRtt(sample);
        assertEquals(10_000, model.minRttUs);
        sample.rttUs = 30_000;
        sample.nowNs += 6_000 * MS;
        model.takeRtt(sample);
        assertTrue(model.isProbeRttDue);
        assertEquals(10_000, model.minRttUs);
        assertEquals(30_000, model.probeRttMinUs);
        sample.nowNs += 4_001 * MS;
        model.takeRtt(sample);
        assertEquals(30_000, model.minRttUs);
    }

    @Test
    void shouldMultiplyRateAndDelay() {
        assertEquals(10, model.bdp(sample, 1_000_000, 200), "the initial window, while no delay is known");
        sample.rttUs = 40_000;
        model.takeRtt(sample);
        assertEquals(40, model.bdp(sample, 1_000_000, 100));
        assertEquals(80, model.bdp(sample, 1_000_000, 200));
        assertEquals(41, model.bdp(sample, 1_000_100, 100), "rounded up");
    }

    @Test
    void shouldLeaveRoomForOthersBelowTheBound() {
        assertEquals(BbrModel.NO_BOUND, model.inflightWithHeadroom());
        model.inflightLongTerm = 100;
        assertEquals(85, model.inflightWithHeadroom());
        model.inflightLongTerm = 4;
        assertEquals(4, model.inflightWithHeadroom());
    }

    @Test
    void shouldCountWhatAcksBringBeyondTheRate() {
        rate(10, 10, 0);
        model.finish(sample);
        model.aggregationStartNs = sample.nowNs;
        sample.ackedSacked = 12;
        model.takeAggregation(window, sample, true);
        assertEquals(12, model.extraAcked());
        sample.nowNs += 5 * MS; // five more were to be expected
        sample.ackedSacked = 8;
        model.takeAggregation(window, sample, true);
        assertEquals(15, model.extraAcked());
        sample.nowNs += 100 * MS;
        sample.ackedSacked = 1;
        model.takeAggregation(window, sample, true);
        assertEquals(15, model.extraAcked(), "the most of ten rounds");
        for (int round = 0; round < 10; round++) {
            rate(1, 10, sample.delivered);
            model.takeAggregation(window, sample, true);
        }
        assertTrue(model.extraAcked() <= 1, "forgotten");
    }
}
