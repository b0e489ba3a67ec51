package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.HystartMode;
import io.spinwire.api.MtuProbing;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.api.TimeWaitReuse;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** That settings of the engine have their effect which no other script sets to anything but Linux's default. */
class ConfigEffectTest extends TcpScript {

    @Test
    void shouldRepeatEarlierWhenTheLeastTimeoutIsShorter() {
        start(TcpConfig.builder().minRtoNs(ms(20)));
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        stack.emitsAfter(ms(20), data(1, 1, 10));
        stack.emitsAfter(ms(40), data(1, 1, 10));
    }

    @Test
    void shouldWaitForTheFinAsLongAsConfigured() {
        start(TcpConfig.builder().finTimeoutNs(s(2)));
        accepted();
        app.closes();
        stack.emits(fin(1, 1));
        peer.sends(ack(1, 2));
        after(ms(1900));
        assertEquals(1, count(Counter.EngineSocketsInUse));
        after(ms(200));
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldStayInTimeWaitAsLongAsConfigured() {
        start(TcpConfig.builder().timeWaitNs(s(3)));
        accepted();
        app.closes();
        stack.emits(fin(1, 1));
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        after(ms(2900));
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
        after(ms(200));
        assertEquals(0, count(Counter.EngineTimeWaitInUse));
    }

    @Test
    void shouldTakeAPortOutOfTimeWaitAfterTheDelay() {
        start(
                config().firstPort(40_000).lastPort(40_000),
                TcpConfig.builder()
                        .timeWaitReuse(TimeWaitReuse.ON)
                        .timeWaitReuseDelayNs(s(4))
                        .build());
        peer.withTimestamps();
        connected();
        app.closes();
        stack.emits(fin(1, 1));
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        after(ms(3900));
        connects(SocketOptions.DEFAULTS);
        assertEquals(0, count(Counter.TcpTimeWaitReused));
        after(ms(200));
        connects(SocketOptions.DEFAULTS);
        assertEquals(1, count(Counter.TcpTimeWaitReused));
        stack.emitsWhatever();
    }

    @Test
    void shouldAnswerInvalidSegmentsAsOftenAsConfigured() {
        start(TcpConfig.builder().invalidRateLimitNs(ms(10)));
        accepted();
        for (int i = 0; i < 3; i++) {
            peer.sends(ack(100_000, 1), ack(100_000, 1));
            stack.emits(ack(1, 1));
            stack.emitsNothing();
            after(ms(11));
        }
    }

    @Test
    void shouldDoubtThePathAsSoonAsConfigured() {
        final TcpConfigBuilder early =
                TcpConfig.builder().mtuProbing(MtuProbing.ON_BLACK_HOLE).retriesBeforeDoubt(0);
        start(early.baseMss(700).mtuProbeFloor(600));
        peer.withMss(1460);
        accepted();
        app.writes(1460);
        stack.emits(data(1, 1, 1460));
        after(ms(700)); // by default, it is doubted after three doublings
        boolean isBase = false;
        while (!emitted.isEmpty()) {
            isBase |= stack.next().length == 700;
        }
        assertTrue(isBase, "tcp_base_mss");
    }

    @Test
    void shouldNotSearchBelowTheFloor() {
        final TcpConfigBuilder early =
                TcpConfig.builder().mtuProbing(MtuProbing.ON_BLACK_HOLE).retriesBeforeDoubt(0);
        start(early.baseMss(700).mtuProbeFloor(600));
        peer.withMss(1460);
        accepted();
        app.writes(1460);
        after(s(60));
        int least = Integer.MAX_VALUE;
        while (!emitted.isEmpty()) {
            least = Math.min(least, stack.next().length);
        }
        assertEquals(600, least, 40.0);
    }

    /** Segments of 14 that leave at once and after a millisecond, when paced. */
    private int sentAtOnce(TcpConfigBuilder tcp) {
        start(tcp.pacing(true).initialWindow(40));
        listens();
        peer.sends(Packet.syn());
        stack.emits(Packet.synAck());
        after(ms(20));
        peer.sends(ack(1, 1));
        app.writes(30_000);
        after(ms(2));
        int sent = 0;
        while (!emitted.isEmpty()) {
            stack.next();
            sent++;
        }
        return sent;
    }

    @Test
    void shouldPaceAsConfiguredInSlowStart() {
        assertTrue(sentAtOnce(TcpConfig.builder().pacingSlowStartPercent(400)) >= 20);
    }

    @Test
    void shouldPaceSlowerWhenConfiguredSo() {
        assertTrue(sentAtOnce(TcpConfig.builder().pacingSlowStartPercent(100)) < 20);
    }

    /** Slow start with round trips that grow. */
    private int thresholdAfterGrowingDelay(HystartMode mode) {
        start(TcpConfig.builder().hystart(mode));
        accepted();
        int acked = 0;
        int tripMs = 20;
        for (int round = 0; round < 8; round++) {
            while (app.offers(10_000) > 0) {}
            run();
            final int prior = acked;
            int sent = 0;
            while (!emitted.isEmpty()) {
                sent += stack.next().length;
            }
            after(ms(tripMs));
            while (acked < prior + sent) {
                acked += 1000;
                peer.sends(ack(1, 1 + acked));
            }
            tripMs += 20;
        }
        stack.emitsWhatever();
        return info().sndSsthresh;
    }

    @Test
    void shouldLeaveSlowStartWhenHystartIsOn() {
        assertTrue(thresholdAfterGrowingDelay(HystartMode.LINUX) < 10_000);
    }

    @Test
    void shouldStayInSlowStartWhenHystartIsOff() {
        assertTrue(thresholdAfterGrowingDelay(HystartMode.OFF) > 10_000);
    }
}
