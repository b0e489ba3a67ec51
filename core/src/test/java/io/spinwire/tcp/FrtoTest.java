package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.data;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** RFC 5682: whether a retransmission timeout was needed. */
class FrtoTest extends SackScript {
    private static final int REARMED_RTO_US = 293_750; // after a second round trip, of 200 ms

    private static TcpConfigBuilder withoutProbes() {
        return TcpConfig.builder().tlp(false);
    }

    /** Six segments are out, the timeout has come, and so many bytes wait. */
    private void timedOut(int waiting) {
        app.writes(6000);
        emitsData(1, 6);
        stack.emitsAfter(ms(RTT_MS + 200), data(1, 1, 1000));
        assertEquals(1, info().sndCwnd);
        if (waiting > 0) {
            app.writes(waiting);
            stack.emitsNothing();
        }
    }

    @Test
    void shouldUndoWhenTheOriginalsAreAcknowledged() {
        peer.withSack();
        established(withoutProbes());
        timedOut(4000);
        acks(1001);
        emitsData(6001, 2); // step 2b: new data, not what was lost
        acks(2001); // sent once: nothing was lost
        emitsData(8001, 2);
        assertEquals(11, info().sndCwnd);
        assertEquals(0, info().lost);
        assertEquals(1, count(Counter.TcpSpuriousRTOs));
        assertEquals(1, count(Counter.TcpLossUndo));
        acks(10_001);
    }

    @Test
    void shouldUndoAtOnceWhenAnOriginalIsReported() {
        peer.withSack();
        established(withoutProbes());
        timedOut(0);
        acks(1, 1001, 2001); // the second was not sent again
        assertEquals(1, count(Counter.TcpSpuriousRTOs));
        stack.emitsWhatever();
        acks(6001);
        assertEquals(0, info().retrans);
    }

    @Test
    void shouldRepeatTheRestWhenTheLossWasReal() {
        peer.withSack();
        established(withoutProbes());
        timedOut(2000);
        acks(1001);
        emitsData(6001, 2);
        acks(1001, 6001, 7001); // step 3a
        stack.emits(data(1001, 1, 1000));
        stack.emitsWhatever();
        assertEquals(0, count(Counter.TcpSpuriousRTOs));
        acks(8001);
        stack.emitsWhatever();
    }

    /**
     * What was sent a moment before the timeout keeps its place in the window, until RACK takes all for lost that went
     * before the repeated head: then new data fills the window. The same segments and figures as from the kernel.
     */
    @Test
    void shouldFillTheWindowWithNewDataWhenRackTakesTheRestForLost() {
        peer.withSack();
        established(withoutProbes());
        app.writes(5000);
        emitsData(1, 5);
        after(ms(200));
        acks(1001);
        after(ms(120));
        app.writes(4000);
        emitsData(5001, 4);
        stack.emitsAfter((REARMED_RTO_US - 120_000) * 1000L, data(1001, 1, 1000));
        assertEquals(4, info().lost);
        assertEquals(5, info().sndCwnd);
        app.writes(20_000);
        stack.emitsNothing();
        after(ms(RTT_MS + 10));
        acks(2001);
        assertEquals(5, info().sndCwnd);
        assertEquals(7, info().lost);
        emitsData(9001, 5);
        stack.emitsNothing();
        acks(14_001);
        stack.emitsWhatever();
    }

    @Test
    void shouldRepeatTheRestWhenThereIsNothingNew() {
        peer.withSack();
        established(withoutProbes());
        timedOut(0);
        acks(1001);
        stack.emits(data(1001, 1, 1000), data(2001, 1, 1000)); // slow start
        acks(6001);
        assertEquals(0, info().lost);
        assertEquals(0, count(Counter.TcpSpuriousRTOs));
    }

    @Test
    void shouldUndoWithoutSackWhenTheOriginalsAreAcknowledged() {
        established(withoutProbes());
        timedOut(4000);
        acks(1001);
        emitsData(6001, 2);
        acks(2001);
        emitsData(8001, 2);
        assertEquals(1, count(Counter.TcpSpuriousRTOs));
        acks(10_001);
        stack.emitsNothing();
    }

    @Test
    void shouldRepeatTheRestWithoutSackWhenADuplicateFollows() {
        established(withoutProbes());
        timedOut(2000);
        acks(1001);
        emitsData(6001, 2);
        acks(1001);
        assertEquals(1001, stack.next().seq);
        stack.emitsWhatever();
        assertEquals(0, count(Counter.TcpSpuriousRTOs));
        acks(8001);
        stack.emitsWhatever();
        acks(9001 - 1000);
    }

    @Test
    void shouldRepeatTheRestWhenOff() {
        peer.withSack();
        established(withoutProbes().frto(false));
        timedOut(2000);
        acks(1001);
        stack.emits(data(1001, 1, 1000), data(2001, 1, 1000));
        acks(6001);
        emitsData(6001, 2);
        acks(8001);
        assertEquals(0, count(Counter.TcpSpuriousRTOs));
    }

    @Test
    void shouldNotTrustTheSecondTimeoutOfAConnectionInRecovery() {
        peer.withSack();
        established(withoutProbes());
        app.writes(6000);
        emitsData(1, 6);
        after(ms(RTT_MS));
        acks(1, 1001, 4001);
        stack.emits(data(1, 1, 1000));
        stack.emitsAfter(ms(RTT_MS + 200), data(1, 1, 1000));
        assertEquals(1, count(Counter.TcpSackRecoveryFail));
        app.writes(2000);
        acks(4001);
        stack.emits(data(4001, 1, 1000)); // not new data: retransmissions had been made already
        stack.emitsWhatever();
        acks(8001);
        stack.emitsWhatever();
    }
}
