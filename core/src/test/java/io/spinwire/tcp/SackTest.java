package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** RFC 2018 and 2883 at the sender: what the scoreboard takes from an ACK, and what it refuses. */
class SackTest extends SackScript {

    @Test
    void shouldRetransmitOnlyTheHoleWhenThreeBehindItAreReported() {
        established();
        inFlight(10);
        acks(1, 1001, 2001);
        acks(1, 1001, 3001);
        stack.emitsNothing();
        acks(1, 1001, 4001);
        stack.emits(data(1, 1, 1000));
        assertEquals(3, info().sacked);
        assertEquals(1, info().lost);
        assertEquals(1, info().retrans);
        assertEquals(1, count(Counter.TcpSackRecovery));
        assertEquals(0, count(Counter.TcpRenoRecovery));
        acks(10_001);
        stack.emitsNothing();
        assertEquals(6, info().sndCwnd); // the last ACK counts as well
    }

    @Test
    void shouldCountNoDuplicateWhenNothingIsReported() {
        established();
        inFlight(10);
        for (int i = 0; i < 5; i++) {
            acks(1);
        }
        stack.emitsNothing();
        assertEquals(0, info().sacked);
        acks(10_001);
    }

    @Test
    void shouldFindAllHolesWhenOneAckTellsOfThem() {
        established();
        inFlight(10);
        acks(1, 9001, 10_001, 6001, 8001, 3001, 5001, 1001, 2001);
        stack.emits(data(1, 1, 1000), data(2001, 1, 1000), data(5001, 1, 1000));
        assertEquals(4, info().lost);
        assertEquals(6, info().sacked);
        acks(1001, 1001, 2001, 3001, 5001, 6001, 8001, 9001, 10_001);
        stack.emitsWhatever();
        acks(10_001);
        assertEquals(0, info().lost + info().sacked + info().retrans + info().unacked);
    }

    @Test
    void shouldSendNewDataWhenSegmentsAreReported() {
        established();
        app.writes(14_000);
        emitsData(1, 10);
        after(ms(RTT_MS));
        acks(1, 1001, 2001);
        emitsData(10_001, 1); // RFC 3042
        after(ms(2));
        acks(1, 1001, 3001);
        emitsData(11_001, 1);
        acks(12_001);
        stack.emitsWhatever();
        acks(14_001);
    }

    /**
     * What comes in one turn is answered one by one: a window of four would else end with nothing in flight. The second
     * report makes room for one segment only, soon after another has left: no burst, so it waits.
     */
    @Test
    void shouldSendNewDataForTheFirstReportWhenSeveralComeInOneTurn() {
        established();
        app.writes(14_000);
        emitsData(1, 10);
        after(ms(RTT_MS));
        peer.sends(
                ack(1, 1).sack(1001, 2001),
                ack(1, 1).sack(1001, 3001),
                ack(1, 1).sack(1001, 4001));
        stack.emits(data(10_001, 1, 1000), data(1, 1, 1000));
        acks(11_001);
        stack.emitsWhatever();
        acks(14_001);
    }

    @Test
    void shouldTakeRepeatedBlocksOnceWhenEachAckRepeatsThem() {
        established();
        inFlight(10);
        for (int i = 0; i < 4; i++) {
            acks(1, 1001, 2001);
        }
        assertEquals(1, info().sacked);
        acks(1, 1001, 4001);
        assertEquals(3, info().sacked);
        stack.emits(data(1, 1, 1000));
        acks(1, 1001, 4001, 6001, 7001);
        acks(1, 6001, 8001, 1001, 4001);
        assertEquals(5, info().sacked);
        acks(10_001);
        stack.emitsWhatever();
    }

    @Test
    void shouldNotTakeAPartOfASegmentForTheWholeWhenABlockEndsInIt() {
        established();
        inFlight(4);
        acks(1, 1001, 2501);
        assertEquals(1, info().sacked);
        acks(1, 1001, 3001);
        assertEquals(2, info().sacked);
        acks(4001);
    }

    @Test
    void shouldRefuseBlocksWhenTheyCannotBe() {
        established();
        inFlight(4);
        acks(1, 3001, 9001); // beyond what was sent
        acks(1, 2001, 2001); // empty
        acks(1, 3001, 1001); // reversed
        acks(1, 9001, 10_001);
        assertEquals(0, info().sacked);
        assertEquals(4, count(Counter.TcpSACKDiscard));
        acks(4001);
    }

    @Test
    void shouldIgnoreBlocksWhenTheyWereNotAgreedOn() {
        established(TcpConfig.builder());
        inFlight(6);
        acks(1, 1001, 2001);
        acks(1, 1001, 3001);
        assertEquals(2, info().sacked); // as duplicate ACKs
        acks(1, 1001, 4001);
        stack.emits(data(1, 1, 1000));
        assertEquals(1, count(Counter.TcpRenoRecovery));
        acks(6001);
    }

    @Test
    void shouldTakeBlocksOfAnOvertakenAckWhenTheyAreNew() {
        established();
        inFlight(10);
        acks(2001, 3001, 4001);
        acks(1, 5001, 6001);
        assertEquals(2, info().sacked);
        acks(10_001);
    }

    @Test
    void shouldRetransmitWhatAnOvertakenAckTellsToBeLost() {
        established();
        inFlight(10);
        acks(2001, 3001, 5001);
        stack.emitsNothing();
        acks(1001, 5001, 6001);
        stack.emits(data(2001, 1, 1000));
        acks(10_001);
    }

    @Test
    void shouldCountReportsOfDuplicatesWhenBelowTheAckOrWithinABlock() {
        established();
        inFlight(6);
        acks(1, 1001, 2001);
        acks(1, 1001, 3001);
        acks(1, 1001, 4001);
        stack.emits(data(1, 1, 1000));
        acks(4001, 1, 1001);
        assertEquals(1, count(Counter.TcpDSACKRecv));
        assertEquals(1, count(Counter.TcpDSACKRecvSegs));
        assertEquals(1, info().dsackDups);
        acks(4001, 5001, 5501, 5001, 6001);
        assertEquals(1, count(Counter.TcpDSACKOfoRecv));
        assertEquals(1, count(Counter.TcpDSACKIgnoredDubious)); // more than was ever repeated
        acks(6001);
    }

    @Test
    void shouldIgnoreAReportOfDuplicatesWhenNothingWasRepeated() {
        established();
        inFlight(3);
        acks(2001, 1, 1001);
        assertEquals(1, count(Counter.TcpDSACKIgnoredDubious));
        assertEquals(0, info().reordSeen);
        acks(3001);
    }

    // ---- Reordering ----

    @Test
    void shouldLearnTheDistanceWhenAnUntouchedHoleIsFilledLate() {
        established();
        inFlight(10);
        acks(1, 1001, 2001);
        acks(1, 1001, 3001);
        acks(8001, 9001, 10_001);
        assertEquals(1, info().reordSeen);
        assertEquals(1, count(Counter.TcpSACKReorder));
        assertEquals(10, info().reordering); // from the hole to the highest segment that is here
        acks(10_001);
    }

    @Test
    void shouldKeepTheDistanceWithinItsLimitWhenMuchIsOvertaken() {
        peer.withSack();
        established(TcpConfig.builder().maxReordering(5).rack(false).reordering(4));
        inFlight(10);
        acks(1, 9001, 10_001);
        acks(10_001);
        assertEquals(5, info().reordering);
    }

    @Test
    void shouldNotTakeReorderingForLossWhenRackIsOffAndTheThresholdHasGrown() {
        peer.withSack();
        established(TcpConfig.builder().rack(false).reordering(6));
        inFlight(10);
        acks(1, 1001, 6001);
        stack.emitsNothing();
        acks(1, 1001, 7001);
        stack.emits(data(1, 1, 1000));
        acks(10_001);
    }

    // ---- What is repeated ----

    @Test
    void shouldRepeatSmallSegmentsAsOneWhenTheyAreLost() {
        peer.withSack();
        start(TcpConfig.builder().tlp(false));
        accepted(options().noDelay(true).build());
        for (int i = 0; i < 4; i++) {
            app.writes(300);
            stack.emits(data(1 + i * 300, 1, 300));
        }
        stack.emitsAfter(ms(200), data(1, 1, 900)); // three fit a segment
        acks(901);
        stack.emits(data(901, 1, 300));
        acks(1201);
    }

    @Test
    void shouldNotJoinWithWhatHasArrivedWhenRepeating() {
        peer.withSack();
        start(TcpConfig.builder().tlp(false));
        accepted(options().noDelay(true).build());
        for (int i = 0; i < 4; i++) {
            app.writes(300);
            stack.emits(data(1 + i * 300, 1, 300));
        }
        acks(1, 601, 901);
        stack.emitsWhatever();
        after(s(1));
        assertEquals(600, stack.next().length);
        stack.emitsWhatever();
        acks(1201);
        stack.emitsWhatever();
    }
}
