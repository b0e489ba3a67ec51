package io.spinwire.tcp.cc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** RFC 8257: the share of marks, and what the window makes of it. */
class DctcpTest {
    private static final long RTT = Flow.MS;

    private final Flow flow = new Flow("dctcp").at(100);
    private final Dctcp dctcp = (Dctcp) flow.control;

    /** A window of which {@code marked} percent come back with a mark. */
    private void window(int marked) {
        flow.send();
        final int flight = flow.sample.packetsOut;
        flow.sample.nowNs += RTT;
        for (int i = 0; i < flight; i++) {
            flow.sample.deliveredCe += (i + 1) * marked / 100 - i * marked / 100;
            flow.ack(1, RTT);
            flow.send();
        }
    }

    @Test
    void shouldHalveWhenFirstMarkComesBeforeAnythingIsKnown() {
        assertEquals(Dctcp.MAX_ALPHA, dctcp.alpha());
        assertEquals(50, dctcp.ssthresh(flow.window, flow.sample));
    }

    @Test
    void shouldForgetBySixteenthEachWindowWhenNothingIsMarked() {
        window(0);
        window(0);
        final int before = dctcp.alpha();
        window(0);
        assertEquals(before - (before >> 4), dctcp.alpha());
        for (int i = 0; i < 200; i++) {
            window(0);
        }
        assertEquals(0, dctcp.alpha());
        assertEquals(flow.window.cwnd, dctcp.ssthresh(flow.window, flow.sample), "no mark, no reduction");
    }

    @Test
    void shouldComeToShareOfMarksWhenItIsSteady() {
        for (int i = 0; i < 200; i++) {
            window(25);
        }
        assertEquals(256, dctcp.alpha(), 24); // a quarter of 1024; integers lose a little
        flow.window.cwnd = 800;
        assertEquals(800 - 100, dctcp.ssthresh(flow.window, flow.sample), 10); // by half of the quarter
    }

    @Test
    void shouldHalveWhenSegmentIsLost() {
        for (int i = 0; i < 200; i++) {
            window(0);
        }
        flow.window.cwnd = 100;
        dctcp.onState(flow.window, CongestionState.RECOVERY, flow.sample);
        assertEquals(50, flow.window.ssthresh);
        assertEquals(100, dctcp.undoCwnd(flow.window));
    }

    @Test
    void shouldReactOnceWhenTimeoutComes() {
        flow.window.cwnd = 100;
        flow.window.ssthresh = dctcp.ssthresh(flow.window, flow.sample);
        dctcp.onEvent(flow.window, CongestionEvent.LOSS, flow.sample);
        dctcp.onState(flow.window, CongestionState.LOSS, flow.sample);
        assertEquals(50, flow.window.ssthresh);
    }

    @Test
    void shouldGrowAsRenoBetweenMarks() {
        window(0);
        assertEquals(101, flow.window.cwnd);
    }

    @Test
    void shouldBeRenoWhenPeerDoesNotKnowEcn() {
        assertTrue(dctcp.needsEcn());
        flow.sample.isEcnRefused = true;
        dctcp.init(flow.window, flow.sample);
        assertFalse(dctcp.needsEcn());
        flow.window.cwnd = 100;
        assertEquals(50, dctcp.ssthresh(flow.window, flow.sample));
        window(100);
        assertEquals(50, dctcp.ssthresh(flow.window, flow.sample));
        flow.controls.giveBack(dctcp);
        assertTrue(dctcp.needsEcn(), "the next connection asks again");
    }
}
