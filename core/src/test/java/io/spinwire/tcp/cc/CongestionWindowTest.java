package io.spinwire.tcp.cc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CongestionWindowTest {
    private final CongestionWindow window = new CongestionWindow();
    private int inFlight;

    private int sentWhenOneArrives() {
        inFlight--;
        window.reduce(1, inFlight, true);
        final int sent = Math.max(window.cwnd - inFlight, 0);
        window.prrOut += sent;
        inFlight += sent;
        return sent;
    }

    @Test
    void shouldSendInProportionWhenReduced() {
        window.reset(20);
        inFlight = 20;
        window.beginReduction(10);
        int sent = 0;
        for (int i = 0; i < 20; i++) {
            sent += sentWhenOneArrives();
        }
        assertEquals(10, sent);
        assertEquals(10, inFlight);
    }

    @Test
    void shouldSendNoMoreThanArrivesWhenTheWindowWasSmallerThanWhatIsInFlight() {
        window.reset(10);
        window.cwnd = 1; // a timeout, in vain
        inFlight = 10;
        window.beginReduction(2);
        for (int i = 0; i < 12; i++) {
            assertTrue(sentWhenOneArrives() <= 1);
        }
        window.ssthresh = 8; // the control has thought again
        assertTrue(sentWhenOneArrives() <= 1, inFlight + " in flight");
    }
}
