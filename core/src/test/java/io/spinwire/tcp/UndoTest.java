package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.wire.TcpHeader.CWR;
import static io.spinwire.wire.TcpHeader.ECE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import io.spinwire.tcp.cc.CongestionWindow;
import org.junit.jupiter.api.Test;

/** Eifel (RFC 3522) and D-SACK (RFC 3708): reductions that turn out to be wrong are taken back. */
class UndoTest extends SackScript {

    /** Ten are out, and the first has been sent again for lost. */
    private int inRecovery() {
        inFlight(10);
        final int echo = peer.tsEcr;
        acks(1, 1001, 2001);
        acks(1, 1001, 3001);
        acks(1, 1001, 4001);
        stack.emits(data(1, 1, 1000));
        assertEquals(5, info().sndSsthresh);
        return echo;
    }

    @Test
    void shouldUndoWhenTheEchoIsOfTheOriginal() {
        peer.withTimestamps().withMss(1012);
        established();
        final int echo = inRecovery();
        after(ms(5));
        peer.sends(ack(1, 10_001).ts(peer.tsNow(), echo));
        assertEquals(17, info().sndCwnd); // ten, and seven that have arrived
        assertEquals(CongestionWindow.INFINITE_SSTHRESH, info().sndSsthresh);
        assertEquals(1, count(Counter.TcpFullUndo));
    }

    @Test
    void shouldUndoNothingWhenTheEchoIsOfTheRetransmission() {
        peer.withTimestamps().withMss(1012);
        established();
        inRecovery();
        after(ms(RTT_MS));
        peer.sends(ack(1, 10_001));
        assertEquals(6, info().sndCwnd); // the last ACK counts as well
        assertEquals(0, count(Counter.TcpFullUndo));
    }

    @Test
    void shouldUndoInTheMiddleWhenTheHoleWasFilledByItsOriginal() {
        peer.withTimestamps().withMss(1012);
        established();
        final int echo = inRecovery();
        after(ms(5));
        peer.sends(ack(1, 4001).ts(peer.tsNow(), echo));
        assertEquals(1, count(Counter.TcpPartialUndo));
        assertEquals(1, count(Counter.TcpTSReorder));
        assertEquals(11, info().sndCwnd);
        assertEquals(0, info().lost);
        stack.emitsNothing();
        peer.sends(ack(1, 10_001));
    }

    @Test
    void shouldUndoInTheMiddleWhenOnlyOneOfThreeHolesWasRepeated() {
        peer.withTimestamps().withMss(1012);
        established();
        app.writes(14_000);
        emitsData(1, 10);
        final int echo = peer.tsEcr;
        after(ms(RTT_MS));
        acks(1, 3001, 5001);
        emitsData(10_001, 2);
        acks(1, 3001, 6001);
        stack.emits(data(1, 1, 1000));
        acks(1, 3001, 7001);
        stack.emitsNothing();
        assertEquals(3, info().lost);
        after(ms(1));
        peer.sends(ack(1, 1001).sack(3001, 7001).ts(peer.tsNow(), echo));
        assertEquals(1, count(Counter.TcpPartialUndo));
        assertEquals(0, info().lost);
        assertEquals(11, info().sndCwnd);
        emitsData(12_001, 2);
        peer.sends(ack(1, 14_001).ts(peer.tsNow(), echo));
    }

    @Test
    void shouldOnlySendNewDataWhenAnotherRetransmissionIsStillOut() {
        peer.withTimestamps().withMss(1012);
        established();
        app.writes(14_000);
        emitsData(1, 10);
        final int echo = peer.tsEcr;
        after(ms(RTT_MS));
        acks(1, 7001, 10_001);
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000), data(2001, 1, 1000));
        after(ms(1));
        peer.sends(ack(1, 1001).sack(7001, 10_001).ts(peer.tsNow(), echo));
        assertEquals(0, count(Counter.TcpPartialUndo)); // what becomes of the others is not known
        assertEquals(6, info().lost);
        stack.emits(data(10_001, 1, 1000));
        stack.emitsWhatever();
        peer.sends(ack(1, 10_001).ts(peer.tsNow(), echo));
        assertEquals(1, count(Counter.TcpFullUndo));
        stack.emitsWhatever();
        peer.sends(ack(1, 14_001));
    }

    @Test
    void shouldUndoTheTimeoutWhenTheEchoIsOfTheOriginal() {
        peer.withSack().withTimestamps().withMss(1012);
        established(TcpConfig.builder().tlp(false));
        app.writes(3000);
        emitsData(1, 3);
        final int echo = peer.tsEcr;
        stack.emitsAfter(ms(RTT_MS + 200), data(1, 1, 1000));
        after(ms(10));
        peer.sends(ack(1, 1001).ts(peer.tsNow(), echo));
        assertEquals(10, info().sndCwnd);
        assertEquals(0, info().lost);
        assertEquals(1, count(Counter.TcpLossUndo));
        peer.sends(ack(1, 3001).ts(peer.tsNow(), echo));
    }

    @Test
    void shouldUndoWhenAllRetransmissionsWereDuplicates() {
        established();
        inRecovery();
        acks(10_001);
        assertEquals(6, info().sndCwnd); // the last ACK counts as well
        after(ms(RTT_MS));
        acks(10_001, 1, 1001);
        assertEquals(10, info().sndCwnd);
        assertEquals(1, count(Counter.TcpDSACKUndo));
    }

    @Test
    void shouldUndoNothingWhenOneOfTwoWasADuplicate() {
        established();
        inFlight(10);
        acks(1, 2001, 5001);
        stack.emits(data(1, 1, 1000));
        acks(1, 2001, 7001);
        stack.emits(data(1001, 1, 1000));
        acks(10_001);
        acks(10_001, 1, 1001);
        assertEquals(6, info().sndCwnd); // the last ACK counts as well
        acks(10_001, 1001, 2001);
        assertEquals(10, info().sndCwnd);
    }

    @Test
    void shouldUndoDuringRecoveryWhenTheDuplicateIsReportedThen() {
        established();
        inRecovery();
        acks(4001, 1, 1001);
        assertEquals(1, count(Counter.TcpDSACKUndo));
        assertEquals(12, info().sndCwnd); // ten, and two that have arrived
        acks(10_001);
    }

    @Test
    void shouldUndoNothingWhenCongestionWasSaidMeanwhile() {
        peer.withSack();
        start(TcpConfig.builder().congestionControl("reno"));
        listens();
        peer.sends(Packet.syn().withFlags(ECE | CWR));
        stack.next();
        after(ms(RTT_MS));
        peer.sends(ack(1, 1));
        inRecovery();
        peer.sends(ack(1, 4001).withFlags(ECE));
        peer.sends(ack(1, 10_001));
        acks(10_001, 1, 1001);
        assertEquals(6, info().sndCwnd); // the last ACK counts as well
        stack.emitsWhatever();
    }

    @Test
    void shouldTakeNothingBackWhenThePeerReportsNoDuplicates() {
        established();
        inRecovery();
        acks(10_001);
        acks(10_001);
        assertEquals(6, info().sndCwnd); // the last ACK counts as well
        assertEquals(0, count(Counter.TcpDSACKUndo));
    }
}
