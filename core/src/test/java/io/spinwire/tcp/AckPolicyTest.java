package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** When data is acknowledged: quick ACKs at the start, every second segment, else after a delay, or with an answer. */
class AckPolicyTest extends TcpScript {
    private int seq = 1;

    /** One segment of the peer's. */
    private void receives(int length) {
        peer.sends(data(seq, 1, length));
        seq += length;
    }

    /** Uses the quick ACKs of the start up; nobody reads, which would be a reason to acknowledge. */
    private void warmUp() {
        warmUp(0);
    }

    private void warmUp(long roundTripNs) {
        listens();
        peer.sends(syn());
        stack.emits(synAck());
        after(roundTripNs);
        peer.sends(ack(1, 1));
        app.appetite = 0;
        for (int i = 0; i < 16; i++) {
            receives(10);
            stack.emits(ack(1, seq));
            after(ms(1));
        }
    }

    /** Until the window has grown, what grows it is acknowledged at once. */
    private void growWindow() {
        final int appetite = app.appetite;
        app.appetite = Integer.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            receives(1460);
        }
        after(ms(200));
        stack.emitsWhatever();
        app.appetite = appetite;
    }

    @Test
    void shouldAcknowledgeEachAtOnceWhenConnectionIsYoung() {
        warmUp();
        receives(10);
        stack.emitsNothing();
    }

    @Test
    void shouldWaitFortyMillisecondsWhenSegmentsAreFew() {
        warmUp();
        receives(10);
        final int delayMs = 40;
        stack.emitsAfter(ms(delayMs), ack(1, seq));
        assertEquals(1, count(Counter.TcpDelayedAcks));
    }

    @Test
    void shouldAcknowledgeEverySecondSegmentWhenTheyAreFullAndRead() {
        warmUp();
        growWindow();
        app.appetite = Integer.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            receives(1460);
            stack.emitsNothing();
            receives(1460);
            stack.emits(ack(1, seq));
        }
    }

    @Test
    void shouldWaitWhenSegmentsAreFullAndNobodyReads() {
        warmUp();
        growWindow();
        for (int i = 0; i < 20; i++) {
            receives(1460);
        }
        after(ms(200));
        stack.emitsWhatever();
        receives(1460);
        receives(1460);
        stack.emitsNothing(); // the ACK would only tell of a smaller window
        stack.emitsAfter(ms(40), ack(1, seq));
    }

    @Test
    void shouldAcknowledgeBurstOnceWhenInOrder() {
        warmUp();
        app.appetite = Integer.MAX_VALUE;
        peer.sends(data(seq, 1, 1460), data(seq + 1460, 1, 1460), data(seq + 2920, 1, 1460));
        seq += 3 * 1460;
        stack.emits(ack(1, seq));
    }

    @Test
    void shouldAcknowledgeSmallSegmentAtOnceWhenItIsReadAtOnce() {
        warmUp();
        app.appetite = Integer.MAX_VALUE;
        receives(10);
        stack.emits(ack(1, seq)); // as Linux: the application will not answer, so why wait
    }

    @Test
    void shouldCarryAckWithDataWhenApplicationAnswersAtOnce() {
        warmUp();
        app.onData = socket -> app.offers(5);
        receives(10);
        stack.emits(data(1, seq, 5));
        peer.sends(ack(seq, 6));
        after(ms(500));
        stack.emitsNothing();
    }

    @Test
    void shouldDelayFromTheFirstOnWhenTalkGoesBackAndForth() {
        accepted();
        app.onData = socket -> app.offers(5);
        receives(10);
        stack.emits(data(1, seq, 5));
        app.onData = socket -> {};
        peer.sends(ack(seq, 6));
        peer.sends(data(seq, 6, 10));
        seq += 10;
        stack.emitsNothing();
        stack.emitsAfter(ms(40), ack(6, seq));
    }

    @Test
    void shouldAcknowledgeEachAtOnceWhenQuickAckIsSet() {
        accepted(options().quickAck(true).build());
        for (int i = 0; i < 40; i++) {
            receives(10);
            stack.emits(ack(1, seq));
        }
    }

    @Test
    void shouldAcknowledgeWhatIsOwedWhenQuickAckIsSetLater() {
        warmUp();
        receives(10);
        stack.emitsNothing();
        app.socket.setQuickAck(true);
        run();
        stack.emits(ack(1, seq));
    }

    @Test
    void shouldAcknowledgeAtOnceAgainWhenSegmentWasOutOfOrder() {
        warmUp();
        peer.sends(data(seq + 10, 1, 10));
        stack.emits(ack(1, seq));
        peer.sends(data(seq, 1, 10));
        seq += 20;
        stack.emits(ack(1, seq));
        receives(10);
        stack.emits(ack(1, seq)); // quick ACKs help the sender after a loss
    }

    @Test
    void shouldAcknowledgeNothingTwiceWhenDelayIsOver() {
        warmUp();
        receives(10);
        after(ms(40));
        stack.emits(ack(1, seq));
        after(s(10));
        stack.emitsNothing();
    }

    @Test
    void shouldObeyDelaySettingsWhenGiven() {
        start(TcpConfig.builder().quickAckSegments(0).minDelayedAckNs(ms(5)).maxDelayedAckNs(ms(5)));
        accepted();
        app.appetite = 0;
        receives(10);
        stack.emitsAfter(ms(5), ack(1, seq));
    }

    @Test
    void shouldStretchTheDelayUpToTheRoundTripWhenTimerKeepsFiring() {
        warmUp(ms(150));
        for (final int delayMs : new int[] {40, 80, 150, 150}) {
            receives(10);
            stack.emitsAfter(ms(delayMs), ack(1, seq));
            after(ms(100));
        }
    }

    @Test
    void shouldAcknowledgeAtOnceAgainWhenPeerWasSilentForLong() {
        warmUp();
        after(s(1));
        receives(10);
        stack.emits(ack(1, seq)); // it may have begun slowly again
    }

    @Test
    void shouldAcknowledgeAtOnceWhenApplicationReadsWhatWasPushedTwice() {
        warmUp();
        app.appetite = 0;
        receives(10);
        stack.emitsNothing();
        receives(10);
        stack.emitsNothing();
        app.reads(1000);
        stack.emits(ack(1, seq));
    }
}
