package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.MtuProbing;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A path's MTU found by trying, RFC 4821; sizes and moments as Linux 6.18 was seen to choose them. */
class MtuProbingTest extends TcpScript {
    private static final int FULL = 1460;
    private static final int FIRST_PROBE = 1242; // halfway between 1064 and 1500, less 40
    private static final int ENOUGH = FIRST_PROBE + 4 * FULL; // the probe, and what would tell of its loss

    @BeforeEach
    void largeSegments() {
        peer.withMss(FULL).withWindowScale(4).withWindow(60_000);
    }

    private static TcpConfigBuilder probing(MtuProbing mode) {
        return TcpConfig.builder().mtuProbing(mode).congestionControl("reno");
    }

    private void emitsRun(int from, int to, int length) {
        for (int seq = from; seq < to; seq += length) {
            stack.emits(data(seq, 1, Math.min(length, to - seq)));
        }
    }

    /** Ten segments are acknowledged, so that the window has room. */
    private void accepted(MtuProbing mode) {
        start(probing(mode));
        accepted(options().sendBuffer(1 << 18).build());
        app.writes(10 * FULL);
        emitsRun(1, 14_601, FULL);
        for (int seq = 1 + 2 * FULL; seq <= 14_601; seq += 2 * FULL) {
            peer.sends(ack(1, seq));
        }
        stack.emitsNothing();
    }

    private void probeIsOut() {
        accepted(MtuProbing.ALWAYS);
        app.writes(ENOUGH);
        stack.emits(data(14_601, 1, FIRST_PROBE));
        emitsRun(15_843, 15_843 + 4 * FULL, FULL);
    }

    @Test
    void shouldNotProbeWhenOff() {
        accepted(MtuProbing.OFF);
        app.writes(ENOUGH);
        emitsRun(14_601, 14_601 + ENOUGH, FULL);
    }

    @Test
    void shouldSendOneProbeWhenThereIsEnoughBehindIt() {
        accepted(MtuProbing.ALWAYS);
        final int cwnd = info().sndCwnd;
        app.writes(ENOUGH);
        stack.emits(data(14_601, 1, FIRST_PROBE));
        emitsRun(15_843, 15_843 + 4 * FULL, FULL);
        assertEquals(cwnd - 1, info().sndCwnd);
    }

    @Test
    void shouldNotProbeWhenTooLittleWaitsBehindIt() {
        accepted(MtuProbing.ALWAYS);
        app.offers(ENOUGH - 1);
        run();
        stack.emits(data(14_601, 1, FULL));
        stack.emitsWhatever();
    }

    @Test
    void shouldNotProbeWhenTheWindowIsSmall() {
        start(probing(MtuProbing.ALWAYS));
        accepted(options().sendBuffer(1 << 18).build());
        app.writes(10 * FULL);
        emitsRun(1, 14_601, FULL);
        app.writes(2 * ENOUGH);
        stack.emitsNothing();
    }

    @Test
    void shouldUseTheLargerSizeWhenTheProbeArrives() {
        probeIsOut();
        peer.sends(ack(1, 15_843));
        assertEquals(1, count(Counter.TcpMTUPSuccess));
        assertEquals(FIRST_PROBE, info().sndMss); // so Linux: what was known to arrive is the size now
        peer.sends(ack(1, 15_843 + 4 * FULL));
        app.writes(20_000);
        final int from = 15_843 + 4 * FULL;
        stack.emits(data(from, 1, 1351), data(from + 1351, 1, FIRST_PROBE)); // and the next probe
        stack.emitsWhatever();
    }

    @Test
    void shouldNarrowTheRangeWhenProbesArrive() {
        probeIsOut();
        int acked = 14_601 + ENOUGH;
        peer.sends(ack(1, acked));
        for (final int next : new int[] {1351, 1405, 1432, 1446, 1453}) {
            app.writes(20_000);
            stack.emits(data(acked, 1, next));
            stack.emitsWhatever();
            acked += 20_000;
            peer.sends(ack(1, acked));
            stack.emitsWhatever();
            peer.sends(ack(1, app.writtenBytes + 1));
            assertEquals(next, info().sndMss);
        }
        app.writes(20_000);
        stack.emits(data(acked, 1, 1453)); // 1493 to 1500 is not worth a probe
        stack.emitsWhatever();
        assertEquals(6, count(Counter.TcpMTUPSuccess));
    }

    @Test
    void shouldBeginSmallWhenConnecting() {
        start(probing(MtuProbing.ALWAYS));
        connected();
        assertEquals(1024, info().sndMss);
        app.writes(2048);
        stack.emits(data(1, 1, 1024), data(1025, 1, 1024));
    }

    @Test
    void shouldKeepTheWindowWhenTheProbeIsLost() {
        probeIsOut();
        final int cwnd = info().sndCwnd;
        final int ssthresh = info().sndSsthresh;
        peer.sends(ack(1, 14_601), ack(1, 14_601), ack(1, 14_601));
        stack.emits(data(14_601, 1, FIRST_PROBE));
        assertEquals(1, count(Counter.TcpMTUPFail));
        assertEquals(cwnd + 1, info().sndCwnd); // what the probe had taken
        assertEquals(ssthresh, info().sndSsthresh);
        peer.sends(ack(1, 14_601 + ENOUGH));
        app.writes(20_000);
        stack.emits(data(14_601 + ENOUGH, 1, FULL)); // still in the state of loss
        stack.emitsWhatever();
    }

    @Test
    void shouldTrySmallerWhenTheProbeWasLost() {
        probeIsOut();
        peer.sends(ack(1, 14_601), ack(1, 14_601), ack(1, 14_601));
        stack.emitsWhatever();
        peer.sends(ack(1, 14_601 + ENOUGH));
        app.writes(1000);
        stack.emits(data(14_601 + ENOUGH, 1, 1000));
        peer.sends(ack(1, 15_601 + ENOUGH)); // beyond what was in flight: all is well again
        app.writes(20_000);
        stack.emits(data(15_601 + ENOUGH, 1, 1132)); // (1064 + 1281) / 2 - 40
        stack.emitsWhatever();
    }

    @Test
    void shouldConcludeNothingWhenSomethingElseIsSentAgain() {
        probeIsOut();
        after(s(1));
        stack.emitsWhatever();
        peer.sends(ack(1, 14_601 + ENOUGH));
        assertEquals(0, count(Counter.TcpMTUPFail));
        assertEquals(0, count(Counter.TcpMTUPSuccess));
    }

    /** Everything of it arrives. Returns the longest segment. */
    private int longestOf(int bytes) {
        app.writes(bytes);
        int longest = 0;
        while (!emitted.isEmpty()) {
            for (Packet packet = emitted.poll(); packet != null; packet = emitted.poll()) {
                longest = Math.max(longest, packet.length);
            }
            peer.sends(ack(1, app.writtenBytes + 1));
        }
        return longest;
    }

    /** What was found by a probe's loss holds for mtuProbeInterval from the beginning of the search. */
    @ParameterizedTest
    @ValueSource(ints = {10, 40})
    void shouldSearchAgainWhenTheIntervalHasPassed(int seconds) {
        start(probing(MtuProbing.ALWAYS)
                .mtuProbeThreshold(300)
                .mtuProbeIntervalNs(s(seconds))
                .slowStartAfterIdle(false));
        connected(options().sendBuffer(1 << 18).build());
        app.writes(10_240);
        emitsRun(1, 10_241, 1024);
        peer.sends(ack(1, 10_241));
        app.writes(FIRST_PROBE + 4 * 1024);
        stack.emits(data(10_241, 1, FIRST_PROBE));
        emitsRun(11_483, 15_579, 1024);
        peer.sends(ack(1, 10_241), ack(1, 10_241), ack(1, 10_241));
        stack.emitsWhatever();
        assertEquals(1, count(Counter.TcpMTUPFail));
        peer.sends(ack(1, 15_579));
        assertEquals(1000, longestOf(1000)); // beyond what was in flight: all is well again
        assertEquals(1024, longestOf(20_000)); // 1064 to 1281 is not worth a probe
        after(s(seconds) - ms(1));
        assertEquals(1024, longestOf(20_000));
        after(ms(1));
        longestOf(20_000); // which finds that the time is over
        assertEquals(FIRST_PROBE, longestOf(20_000));
        assertEquals(1, count(Counter.TcpMTUPSuccess));
    }

    // ---- Black holes ----

    private void nothingArrives(MtuProbing mode) {
        start(probing(mode));
        connected(SocketOptions.DEFAULTS);
        app.writes(2 * FULL);
    }

    @Test
    void shouldSendSmallerWhenLargeOnesNeverArrive() {
        nothingArrives(MtuProbing.ON_BLACK_HOLE);
        stack.emits(data(1, 1, FULL), data(1461, 1, FULL));
        stack.emitsAfter(ms(200), data(1, 1, FULL));
        stack.emitsAfter(ms(400), data(1, 1, FULL));
        stack.emitsAfter(ms(800), data(1, 1, FULL));
        stack.emitsAfter(ms(1600), data(1, 1, FULL));
        stack.emitsAfter(ms(3200), data(1, 1, 1024)); // three seconds have passed since the first repetition
        stack.emitsAfter(ms(6400), data(1, 1, 512));
        stack.emitsAfter(ms(12_800), data(1, 1, 256));
        peer.sends(ack(1, 257));
        assertEquals(256, info().sndMss);
        stack.emitsWhatever();
    }

    @Test
    void shouldStopAtTheFloorWhenNothingArrivesAtAll() {
        nothingArrives(MtuProbing.ON_BLACK_HOLE);
        after(s(300));
        stack.emitsWhatever();
        assertEquals(48, info().sndMss);
    }

    @Test
    void shouldSendFullOnesForEverWhenOff() {
        nothingArrives(MtuProbing.OFF);
        after(s(300));
        while (!emitted.isEmpty()) {
            assertEquals(FULL, stack.next().length);
        }
    }

    @Test
    void shouldGrowAgainWhenABlackHoleIsPassed() {
        nothingArrives(MtuProbing.ON_BLACK_HOLE);
        after(s(7));
        stack.emitsWhatever();
        assertEquals(1024, info().sndMss);
        int acked = 1025; // what was sent last has arrived
        peer.sends(ack(1, acked));
        for (int round = 0; round < 40; round++) {
            app.offers(20_000);
            run();
            for (Packet packet = emitted.poll(); packet != null; packet = emitted.poll()) {
                acked = Math.max(acked, packet.seq + packet.length);
            }
            peer.sends(ack(1, acked));
        }
        stack.emitsWhatever();
        assertEquals(1453, info().sndMss);
        assertEquals(6, count(Counter.TcpMTUPSuccess));
    }
}
