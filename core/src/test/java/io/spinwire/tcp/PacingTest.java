package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.QdiscKind;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When segments leave that are spaced in time: ten at once, then bursts with pauses, exact to the turn. */
class PacingTest extends TcpScript {
    private static final long RTT = ms(20);
    private static final SocketOptions MEGABYTE =
            options().maxPacingRate(1_000_000).build();

    private static TcpConfigBuilder wide() {
        return TcpConfig.builder().initialWindow(40);
    }

    /** A connection whose handshake took a round trip. */
    private void acceptedAfterRtt(SocketOptions options) {
        listens(options);
        peer.sends(syn());
        stack.emits(synAck());
        after(RTT);
        peer.sends(ack(1, 1));
        assertTrue(app.events.remove("connected"));
    }

    private void emits(int from, int to) {
        for (int i = from; i < to; i++) {
            stack.emits(data(1 + i * 1000, 1, 1000));
        }
    }

    private void emitsAtOnceAfter(long ns, int from, int to) {
        stack.emitsAfter(ns, data(1 + from * 1000, 1, 1000));
        emits(from + 1, to);
        stack.emitsNothing();
    }

    @Test
    void shouldSendBurstsOfTwoWhenMaximumRateIsLow() {
        start(wide());
        acceptedAfterRtt(MEGABYTE);
        app.writes(16_000);
        emits(0, 10); // the tenth has its millisecond
        stack.emitsNothing();
        emitsAtOnceAfter(ms(1), 10, 12);
        emitsAtOnceAfter(ms(2), 12, 14);
        emitsAtOnceAfter(ms(2), 14, 16);
        assertEquals(3, count(Counter.TcpPacingWaits));
        peer.sends(ack(1, 16_001));
    }

    @Test
    void shouldSendMillisecondAtOnceWhenRateIsHigher() {
        start(wide().initialWindow(80));
        acceptedAfterRtt(options().maxPacingRate(5_000_000).build());
        app.writes(18_000);
        emits(0, 12); // a burst of four began with the ninth
        stack.emitsNothing();
        emitsAtOnceAfter(ms(3) / 5, 12, 16);
        emitsAtOnceAfter(ms(4) / 5, 16, 18);
        peer.sends(ack(1, 18_001));
    }

    @Test
    void shouldSendWholeBurstWhenPathIsShort() {
        start(wide());
        accepted(MEGABYTE); // no time has passed: Linux makes up to 64 KiB of it
        app.writes(30_000);
        emits(0, 30);
        peer.sends(ack(1, 30_001));
    }

    /** tcp_pacing_ss_ratio: two windows in a round trip while in slow start. */
    @Test
    void shouldSpaceTwoWindowsInRoundTripWhenConfiguredForAll() {
        start(wide().pacing(true));
        acceptedAfterRtt(SocketOptions.DEFAULTS);
        app.writes(16_000);
        emits(0, 12); // 40 segments in 10 ms: 4,000,000 bytes a second, three in a burst
        stack.emitsNothing();
        emitsAtOnceAfter(ms(3) / 4, 12, 15);
        emitsAtOnceAfter(ms(3) / 4, 15, 16);
        peer.sends(ack(1, 16_001));
    }

    /** tcp_pacing_ca_ratio: a fifth more than a window in a round trip. */
    @Test
    void shouldSpaceWindowWithAFifthMoreWhenAvoidingCongestion() {
        start(wide().pacing(true));
        acceptedAfterRtt(SocketOptions.DEFAULTS);
        final TcpSock sock = new TcpSock(0);
        sock.reset();
        sock.congestion.reset(40);
        sock.congestion.ssthresh = 40;
        sock.mss = 1000;
        sock.srttUs = 20_000 << 3;
        final CongestionSignals signals = new CongestionSignals(null, TcpConfig.DEFAULTS, false, 1);
        assertEquals(2_400_000, signals.pacingRate(sock, 0));
        sock.congestion.ssthresh = 81;
        assertEquals(2_400_000, signals.pacingRate(sock, 0), "not below the half of 81");
        sock.congestion.ssthresh = 82;
        assertEquals(4_000_000, signals.pacingRate(sock, 0));
        sock.options = MEGABYTE;
        assertEquals(1_000_000, signals.pacingRate(sock, 0));
        sock.srttUs = 0;
        assertEquals(1_000_000, signals.pacingRate(sock, 0));
        sock.options = SocketOptions.DEFAULTS;
        assertEquals(0, signals.pacingRate(sock, 0), "nothing is known");
    }

    /** Out of slow start by a loss, then so much of a window in a round trip as the setting says. */
    @ParameterizedTest
    @ValueSource(ints = {100, 120, 240})
    void shouldSpaceAsConfiguredWhenAvoidingCongestion(int percent) {
        start(wide().pacing(true).pacingAvoidancePercent(percent).congestionControl("reno"));
        acceptedAfterRtt(SocketOptions.DEFAULTS);
        app.writes(40_000);
        after(RTT);
        stack.emitsWhatever();
        peer.sends(ack(1, 1), ack(1, 1), ack(1, 1));
        after(RTT);
        stack.emitsWhatever();
        peer.sends(ack(1, 40_001));
        app.writes(1000);
        after(RTT);
        stack.emits(data(40_001, 1, 1000));
        peer.sends(ack(1, 41_001)); // recovery is over
        final double rate = info().sndCwnd * 1000e6 / info().rttUs * percent / 100;
        assertTrue(info().sndCwnd >= info().sndSsthresh / 2 && info().sndCwnd >= 16, info().toString());
        app.writes(16_000);
        long waitedNs = 0;
        while (emitted.size() < 16) {
            after(ms(1) / 100);
            waitedNs += ms(1) / 100;
        }
        final double burst = Math.max(2, Math.floor(rate / 1e6)); // a millisecond's segments, two at the least
        assertEquals((16 - burst) * 1e12 / rate, waitedNs, 2e12 / rate);
        stack.emitsWhatever();
        peer.sends(ack(1, 57_001));
    }

    @Test
    void shouldNotSpaceWhenNobodyAsks() {
        start(wide());
        acceptedAfterRtt(SocketOptions.DEFAULTS);
        app.writes(40_000);
        emits(0, 40);
        assertEquals(0, count(Counter.TcpPacingWaits));
        peer.sends(ack(1, 40_001));
    }

    @Test
    void shouldWaitOnWhenAckComesDuringPause() {
        start(wide());
        acceptedAfterRtt(options().maxPacingRate(100_000).build());
        app.writes(14_000);
        emits(0, 10);
        after(ms(4));
        peer.sends(ack(1, 2001));
        stack.emitsNothing();
        emitsAtOnceAfter(ms(6), 10, 12);
        emitsAtOnceAfter(ms(20), 12, 14);
        peer.sends(ack(1, 14_001));
    }

    @Test
    void shouldSpaceRetransmissionsToo() {
        start(wide());
        acceptedAfterRtt(MEGABYTE);
        app.writes(10_000);
        emits(0, 10);
        after(ms(20));
        for (int i = 0; i < 3; i++) {
            peer.sends(ack(1, 1));
        }
        stack.emits(data(1, 1, 1000));
        peer.sends(ack(1, 2001));
        stack.emitsNothing(); // the second hole has to wait
        emitsAtOnceAfter(ms(1) / 2, 2, 3); // the first left late, which made up for half of its time
        peer.sends(ack(1, 10_001));
    }

    @Test
    void shouldNotProbeWhilePauseLastsAndNothingIsInFlight() {
        start(wide());
        acceptedAfterRtt(options().maxPacingRate(1000).build()); // a segment a second
        app.writes(12_000);
        emits(0, 10);
        peer.sends(ack(1, 10_001));
        emitsAtOnceAfter(s(1), 10, 12);
        peer.sends(ack(1, 12_001));
        assertEquals(0, count(Counter.TcpWinProbe));
    }

    /** Two seconds for a segment: what was sent is not waited for longer than the largest timeout all the same. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRepeatAfterLargestTimeoutWhenPauseIsLonger(boolean hasProbe) {
        start(wide().tlp(hasProbe).maxRtoNs(s(1)));
        acceptedAfterRtt(options().maxPacingRate(500).build());
        app.writes(11_000);
        emits(0, 10);
        peer.sends(ack(1, 10_001));
        emitsAtOnceAfter(s(2), 10, 11);
        stack.emitsAfter(s(1), data(10_001, 1, 1000));
        peer.sends(ack(1, 11_001));
    }

    /** The qdisc gets the segments with their times, one by one. */
    @Test
    void shouldLeaveTimesToQdiscWhenItKeepsThem() {
        start(config().qdisc(QdiscKind.FQ), wide().build());
        acceptedAfterRtt(MEGABYTE);
        app.writes(14_000);
        emits(0, 10);
        stack.emitsNothing();
        for (int i = 10; i < 14; i++) {
            emitsAtOnceAfter(ms(1), i, i + 1);
        }
        assertEquals(0, count(Counter.TcpPacingWaits));
        peer.sends(ack(1, 14_001));
    }

    @Test
    void shouldMakeUpForHalfWhenTurnComesLate() {
        final TcpSock sock = new TcpSock(0);
        sock.reset();
        sock.isPaced = true;
        sock.pacingRate = 1_000_000;
        sock.dataSegsOut = 100;
        sock.nextSendNs = ms(10);
        Pacing.onSent(sock, 1000, ms(10) + 100_000);
        assertEquals(ms(11), sock.nextSendNs, "0.1 ms late, and still in time");
        Pacing.onSent(sock, 1000, ms(20));
        assertEquals(ms(20) + ms(1) / 2, sock.nextSendNs);
    }
}
