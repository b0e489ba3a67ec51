package io.spinwire.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.TcpConfig;
import io.spinwire.nic.FaultProfile;
import io.spinwire.stats.Counter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** BBR on a link of 10 Mbit/s and 40 ms, with queues short and long, and losses that say nothing. */
class BbrPathTest {
    private static final long MS = Bottleneck.MS;
    private static final long RATE = 10_000_000;
    private static final long BDP = RATE / 8 * 40 / 1000; // bytes
    private static final double SHARE = 1448.0 / 1514; // of a frame that is payload

    private static FaultProfile.Builder path(long queueBytes) {
        return FaultProfile.builder().rate(RATE, queueBytes).delay(20 * MS, 0).holdFrames(100_000);
    }

    private static Bottleneck bbr(FaultProfile.Builder path) {
        return new Bottleneck(TcpConfig.builder().congestionControl("bbr"), path.build(), 20 * MS);
    }

    /** Share of the link's payload that arrives over the next while. */
    private static double use(Bottleneck flow, long ns) {
        return flow.goodput(ns) * 8 / (RATE * SHARE);
    }

    private static String state(Bottleneck flow) {
        return flow.sock().congestionControl.toString().split(" ")[1];
    }

    @Test
    void shouldWalkThroughItsStatesInOrder() {
        try (Bottleneck flow = bbr(path(4 * BDP))) {
            final List<String> walk = new ArrayList<>();
            flow.run(12_000 * MS, () -> {
                final String state = state(flow);
                if (walk.isEmpty() || !walk.getLast().equals(state)) {
                    walk.add(state);
                }
                return false;
            });
            assertEquals(
                    List.of("STARTUP", "DRAIN", "PROBE_CRUISE", "PROBE_REFILL", "PROBE_UP", "PROBE_DOWN"),
                    walk.subList(0, 6)); // drained enough to cruise
            assertEquals(2, walk.stream().filter("PROBE_RTT"::equals).count(), "every five seconds");
        }
    }

    @Test
    void shouldFillTheLinkWithLittleQueueWhenBufferIsDeep() {
        try (Bottleneck flow = bbr(path(20 * BDP))) {
            flow.run(2_000 * MS);
            assertTrue(use(flow, 10_000 * MS) > 0.93, "in use");
            assertTrue(flow.info().rttUs < 60_000, "delay " + flow.info().rttUs);
            assertEquals(0, flow.info().totalRetrans);
        }
    }

    @Test
    void shouldMeasureRateAndDelayOfThePath() {
        try (Bottleneck flow = bbr(path(4 * BDP))) {
            flow.run(5_000 * MS);
            final double bits = DeliveryRate.bytesPerSecond(flow.sock()) * 8;
            assertEquals(RATE * SHARE, bits, RATE * 0.05);
            assertEquals(40_000, flow.info().minRttUs, 1_000);
        }
    }

    @Test
    void shouldEmptyThePathWhenItProbesForTheDelay() {
        try (Bottleneck flow = bbr(path(4 * BDP))) {
            flow.run(20_000 * MS, () -> state(flow).equals("PROBE_RTT"));
            assertEquals("PROBE_RTT", state(flow));
            flow.run(100 * MS);
            assertTrue(flow.info().unacked <= BDP / 1448 / 2 + 1, "in flight " + flow.info().unacked);
            flow.run(400 * MS);
            assertTrue(flow.info().sndCwnd > BDP / 1448, "back to " + flow.info().sndCwnd);
        }
    }

    /** CUBIC gets a third of it: any loss is congestion to it. */
    @Test
    void shouldKeepMostOfTheLinkWhenOnePercentIsLostByChance() {
        try (Bottleneck flow = bbr(path(BDP).loss(0.01))) {
            flow.run(3_000 * MS);
            assertTrue(use(flow, 20_000 * MS) > 0.6, "in use");
            assertEquals(0, flow.sender.counters().get(Counter.TcpTimeouts));
        }
    }

    @Test
    void shouldFindBoundWithFewLossesWhenBufferIsShallow() {
        try (Bottleneck flow = bbr(path(BDP / 10))) {
            flow.run(3_000 * MS);
            final int before = flow.info().totalRetrans;
            assertTrue(use(flow, 20_000 * MS) > 0.85, "in use");
            assertTrue(flow.info().totalRetrans - before < 100, "lost " + (flow.info().totalRetrans - before));
        }
    }

    @Test
    void shouldBeNoFasterThanAskedFor() {
        final FaultProfile wide =
                FaultProfile.builder().delay(20 * MS, 0).holdFrames(100_000).build();
        final TcpConfig config = TcpConfig.builder().congestionControl("bbr").build();
        try (Bottleneck flow = new Bottleneck(config, wide, 20 * MS, options -> options.maxPacingRate(500_000))) {
            flow.run(1_000 * MS);
            final long goodput = flow.goodput(5_000 * MS);
            assertTrue(goodput <= 500_000 && goodput > 470_000, "goodput " + goodput);
        }
    }
}
