package io.spinwire.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.TcpConfig;
import io.spinwire.nic.FaultProfile;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What theory says of a flow that never runs out of data: its average window under random loss, and that it fills a
 * link whose queue holds a bandwidth-delay product. In virtual time.
 */
class ResponseFunctionTest {
    private static final long MS = Bottleneck.MS;
    private static final int MSS = 1448;
    private static final double TOLERANCE = 0.25;

    /** Losses that a measurement lasts for at the least: so that chance averages out. */
    private static final int LOSSES = 150;

    private static final long RATE = 20_000_000;
    private static final double SHARE = 1448.0 / 1514; // of a frame that is payload

    /**
     * Segments per round trip, on average, over a path that loses with probability {@code p} and has no other limit.
     */
    private static double window(String control, double p, long roundTripMs, double expected) {
        final FaultProfile path = FaultProfile.builder()
                .loss(p)
                .delay(roundTripMs * MS / 2, 0)
                .holdFrames(10_000)
                .build();
        final TcpConfig tcp = TcpConfig.builder().congestionControl(control).build();
        try (Bottleneck flow = new Bottleneck(tcp, path, roundTripMs * MS / 2, options -> options)) {
            flow.run(200 * roundTripMs * MS); // past slow start
            final long roundTrips = (long) (LOSSES / p / expected);
            return (double) flow.goodput(roundTrips * roundTripMs * MS) * roundTripMs / 1000 / MSS;
        }
    }

    /** The square root formula: 1.22 with every segment counted, which Linux does though ACKs are delayed. */
    @ParameterizedTest
    @CsvSource({"0.01,20", "0.001,100", "0.0003,50"})
    void shouldFollowTheSquareRootWhenRenoLosesByChance(double p, int roundTripMs) {
        final double expected = 1.22 / Math.sqrt(p);
        final double window = window("reno", p, roundTripMs, expected);
        assertEquals(expected, window, TOLERANCE * expected, "segments per round trip at p " + p);
    }

    /** RFC 9438 section 5.1, equation 6, where it lies above Reno's. */
    @ParameterizedTest
    @CsvSource({"0.0003,200", "0.0002,300"})
    void shouldFollowRfc9438WhenCubicLosesByChanceOnALongPath(double p, int roundTripMs) {
        final double expected = 1.054 * Math.pow(roundTripMs / 1000.0, 0.75) / Math.pow(p, 0.75);
        assertTrue(expected > 1.5 * 1.22 / Math.sqrt(p), "in CUBIC's own region");
        final double window = window("cubic", p, roundTripMs, expected);
        assertEquals(expected, window, TOLERANCE * expected, "segments per round trip at p " + p);
    }

    /** RFC 9438 section 4.3: on a short path it is no slower than Reno would be. */
    @Test
    void shouldFollowRenoWhenCubicLosesByChanceOnAShortPath() {
        final double expected = 1.22 / Math.sqrt(0.001);
        final double window = window("cubic", 0.001, 10, expected);
        assertEquals(expected, window, TOLERANCE * expected, "segments per round trip");
    }

    /**
     * In a data centre a timeout of 200 ms costs as much as a thousand round trips. A window that stays at two segments
     * would have one in 700 segments: a lost retransmission leaves nothing in flight that could tell of it.
     */
    @Test
    void shouldSeldomTimeOutWhenCubicLosesMuchOnAPathOfMicroseconds() {
        final FaultProfile path = FaultProfile.builder()
                .loss(0.05)
                .delay(MS / 10, 0)
                .holdFrames(10_000)
                .build();
        try (Bottleneck flow = new Bottleneck(TcpConfig.builder(), path, MS / 10)) {
            flow.run(10_000 * MS);
            final long sent = flow.sender.counters().get(Counter.TcpOrigDataSent);
            final long timeouts = flow.sender.counters().get(Counter.TcpTimeouts);
            assertTrue(timeouts * 1_000 < sent, timeouts + " timeouts in " + sent + " segments");
        }
    }

    @ParameterizedTest
    @CsvSource({"reno,0.97", "cubic,0.97", "dctcp,0.97", "bbr,0.9"})
    void shouldFillTheLinkWhenTheQueueHoldsABandwidthDelayProduct(String control, double least) {
        final long bdp = RATE / 8 * 40 / 1000;
        final FaultProfile.Builder path =
                FaultProfile.builder().rate(RATE, bdp).delay(20 * MS, 0).holdFrames(10_000);
        if (control.equals("dctcp")) {
            path.mark(bdp / 7);
        }
        try (Bottleneck flow = new Bottleneck(TcpConfig.builder().congestionControl(control), path.build(), 20 * MS)) {
            flow.run(5_000 * MS); // slow start and what it has lost
            final double use = flow.goodput(20_000 * MS) * 8 / (RATE * SHARE);
            assertTrue(use > least, control + " uses " + use);
            assertEquals(0, flow.sender.counters().get(Counter.TcpTimeouts), control);
        }
    }
}
