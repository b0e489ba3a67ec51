package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import org.junit.jupiter.api.Test;

/** RFC 2861 and 7661: a window that is not used is not believed in. The first round trip sets an RTO of 200 ms. */
class CongestionValidationTest extends TcpScript {
    private int sent = 1;

    private static TcpConfigBuilder reno() {
        return TcpConfig.builder().congestionControl("reno");
    }

    /** The window grows to this by a transfer that fills it. */
    private void grownTo(int cwnd) {
        while (info().sndCwnd < cwnd) {
            final int count = Math.min(info().sndCwnd, cwnd - info().sndCwnd);
            writes(info().sndCwnd);
            peer.sends(ack(1, 1 + (count - 1) * 1000 + sent - info().unacked * 1000));
            peer.sends(ack(1, sent));
        }
        stack.emitsWhatever();
        assertEquals(cwnd, info().sndCwnd, 2);
        assertEquals(0, info().unacked);
    }

    private void writes(int segments) {
        app.writes(segments * 1000);
        for (int i = 0; i < segments; i++) {
            stack.emits(data(sent, 1, 1000));
            sent += 1000;
        }
    }

    @Test
    void shouldHalveForEachTimeoutWhenIdle() {
        start(reno());
        accepted();
        grownTo(40);
        final int cwnd = info().sndCwnd;
        after(ms(350)); // one timeout, and part of another
        writes(1);
        assertEquals(cwnd / 2, info().sndCwnd);
        peer.sends(ack(1, sent));
    }

    @Test
    void shouldKeepWindowWhenIdleForLessThanTimeout() {
        start(reno());
        accepted();
        grownTo(40);
        final int cwnd = info().sndCwnd;
        after(ms(190));
        writes(1);
        assertEquals(cwnd, info().sndCwnd);
        peer.sends(ack(1, sent));
    }

    @Test
    void shouldNotFallBelowInitialWindowWhenIdleForLong() {
        start(reno());
        accepted();
        grownTo(40);
        after(s(30));
        writes(1);
        assertEquals(10, info().sndCwnd);
        peer.sends(ack(1, sent));
    }

    @Test
    void shouldKeepWindowWhenIdleAndConfiguredSo() {
        start(reno().slowStartAfterIdle(false));
        accepted();
        grownTo(40);
        final int cwnd = info().sndCwnd;
        after(s(30));
        writes(1);
        assertEquals(cwnd, info().sndCwnd);
        peer.sends(ack(1, sent));
    }

    @Test
    void shouldFallHalfWayToWhatIsUsedWhenWindowIsNotFilledAndNoAckComes() {
        start(reno());
        accepted();
        grownTo(40);
        final int cwnd = info().sndCwnd;
        for (int i = 0; i < 20; i++) { // each ACK of data says that the path still takes it
            after(ms(90));
            writes(1);
            peer.sends(ack(1, sent));
        }
        assertEquals(cwnd, info().sndCwnd);
        after(ms(190));
        writes(1);
        after(ms(20)); // more than a timeout since the last ACK
        writes(1);
        assertEquals((cwnd + 10) / 2, info().sndCwnd);
        peer.sends(ack(1, sent));
    }

    @Test
    void shouldNotGrowWhenWindowIsNotFilled() {
        start(reno());
        accepted();
        for (int i = 0; i < 20; i++) {
            writes(4);
            peer.sends(ack(1, sent));
        }
        assertEquals(10, info().sndCwnd);
    }

    /** In slow start it may be twice what is in flight, so that it can double when more comes. */
    @Test
    void shouldGrowToTwiceWhatIsUsedWhenInSlowStart() {
        start(reno());
        accepted();
        for (int i = 0; i < 20; i++) {
            writes(8);
            peer.sends(ack(1, sent));
        }
        assertEquals(16, info().sndCwnd, 2);
    }
}
