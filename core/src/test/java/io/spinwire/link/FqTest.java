package io.spinwire.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Fair queueing: rounds, new flows, limits, and frames that leave no earlier than they may. */
class FqTest {
    private static final long MS = 1_000_000;
    private static final int PLENTY = 10_000;

    private final QdiscRig rig = QdiscRig.fq(1000);

    private void sendMany(int sock, int mark, int frames) {
        IntStream.range(0, frames).forEach(i -> assertTrue(rig.send(sock, mark, QdiscRig.FULL, 0)));
    }

    // ---- Rounds ----

    @Test
    void shouldServeFlowsInTurnWhenTheirFirstCreditIsUsedUp() {
        sendMany(1, 1, 30);
        sendMany(2, 2, 30);
        rig.room(PLENTY);
        final List<Integer> sent = rig.sent();
        assertEquals(Collections.nCopies(10, 1), sent.subList(0, 10)); // initial quantum: 10 frames of full size
        assertEquals(Collections.nCopies(10, 2), sent.subList(10, 20));
        assertEquals(List.of(1, 1, 2, 2, 1, 1, 2, 2), sent.subList(20, 28)); // quantum: 2
        assertEquals(60, sent.size());
    }

    @Test
    void shouldShareByBytesWhenFramesDiffer() {
        sendMany(1, 1, 60);
        IntStream.range(0, 100).forEach(i -> rig.send(2, 2, 757, 0)); // half a frame each
        rig.room(20 + 10); // initial quanta
        rig.sent();
        rig.room(12);
        final List<Integer> sent = rig.sent();
        assertEquals(4, Collections.frequency(sent, 1));
        assertEquals(8, Collections.frequency(sent, 2));
    }

    @Test
    void shouldServeANewFlowFirstWhenOthersHaveABacklog() {
        sendMany(1, 1, 50);
        sendMany(2, 2, 50);
        rig.room(24);
        rig.sent();
        rig.send(3, 3);
        rig.room(4);
        assertEquals(3, rig.sent().getFirst());
    }

    @Test
    void shouldNotLetAFlowBeNewAgainWhenItEmptiesItsQueueAllTheTime() {
        IntStream.range(0, 50).forEach(i -> rig.send(1, 1));
        rig.room(17); // flow 1 is old now, and has credit left for two
        rig.sent();
        rig.send(2, 2);
        rig.room(1);
        assertEquals(List.of(2), rig.sent());
        rig.room(1); // flow 2 is empty: it goes behind flow 1
        rig.send(2, 2);
        rig.room(2);
        assertEquals(List.of(1, 1, 2), rig.sent());
    }

    @Test
    void shouldKeepOrderWithinAFlowWhenFlowsAreMixed() {
        final Random random = new Random(1);
        final Map<Integer, Integer> next = new HashMap<>();
        final List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            final int sock = random.nextInt(8);
            final int mark = next.merge(sock, 1, Integer::sum) & 31;
            if (!rig.send(
                    sock, sock << 5 | mark, 60 + random.nextInt(1400), random.nextInt(3) == 0 ? rig.nowNs + MS : 0)) {
                next.merge(sock, -1, Integer::sum);
            }
            if (random.nextInt(4) == 0) {
                rig.nic.free = random.nextInt(12);
                rig.after(random.nextInt(500_000));
                sent.addAll(rig.sent());
            }
        }
        rig.nowNs += 10 * MS;
        for (int i = 0; i < 100; i++) {
            rig.room(100);
        }
        sent.addAll(rig.sent());
        assertEquals(0, rig.qdisc.size());
        assertEquals(0, rig.count(Counter.QdiscDropped));
        final int[] last = new int[8];
        sent.forEach(mark -> assertEquals(++last[mark >> 5] & 31, mark & 31));
        assertEquals(next.values().stream().mapToInt(Integer::intValue).sum(), sent.size());
        IntStream.range(0, QdiscRig.SOCKETS).forEach(sock -> assertEquals(0, rig.qdisc.queuedBytes(sock)));
    }

    // ---- Departure ----

    @Test
    void shouldHoldAFrameUntilItMayLeave() {
        rig.nic.free = PLENTY;
        assertTrue(rig.send(1, 1, 1000, rig.nowNs + 5 * MS));
        assertEquals(List.of(), rig.sent());
        assertEquals(rig.nowNs + 5 * MS, rig.qdisc.nextDeadlineNs());
        assertEquals(1000, rig.qdisc.queuedBytes(1));
        rig.after(5 * MS - 1);
        assertEquals(List.of(), rig.sent());
        rig.after(1);
        assertEquals(List.of(1), rig.sent());
        assertEquals(Long.MAX_VALUE, rig.qdisc.nextDeadlineNs());
        assertEquals(1, rig.count(Counter.QdiscThrottled));
    }

    @Test
    void shouldLetOthersPassWhenAFlowIsHeldBack() {
        rig.nic.free = PLENTY;
        rig.send(1, 1, 1000, rig.nowNs + 5 * MS);
        rig.send(2, 2);
        assertEquals(List.of(2), rig.sent());
        assertEquals(1, rig.count(Counter.QdiscEnqueued)); // the second went straight to the NIC
    }

    @Test
    void shouldNotOvertakeWithinAFlowWhenTheFirstIsHeldBack() {
        rig.nic.free = PLENTY;
        rig.send(1, 1, 1000, rig.nowNs + 5 * MS);
        rig.send(1, 2);
        rig.sendUrgent(1, 3);
        assertEquals(List.of(), rig.sent());
        rig.after(5 * MS);
        assertEquals(List.of(1, 2, 3), rig.sent());
    }

    @Test
    void shouldReleaseInTheOrderOfTimeWhenSeveralFlowsAreHeldBack() {
        rig.nic.free = PLENTY;
        for (int i = 0; i < 20; i++) {
            rig.send(i, i, 1000, rig.nowNs + (1 + i * 7 % 20) * MS);
        }
        final List<Integer> sent = new ArrayList<>();
        long last = 0;
        while (rig.qdisc.nextDeadlineNs() != Long.MAX_VALUE) {
            assertTrue(rig.qdisc.nextDeadlineNs() > last);
            last = rig.qdisc.nextDeadlineNs();
            rig.nowNs = last;
            rig.turn();
            sent.addAll(rig.sent());
        }
        assertEquals(
                IntStream.range(0, 20)
                        .boxed()
                        .sorted((a, b) -> Integer.compare(a * 7 % 20, b * 7 % 20))
                        .toList(),
                sent);
    }

    @Test
    void shouldPaceWhenFramesCarryTheirTimes() {
        rig.nic.free = PLENTY;
        IntStream.range(0, 5).forEach(i -> rig.send(1, i, 1000, rig.nowNs + i * MS));
        assertEquals(List.of(0), rig.sent());
        for (int i = 1; i < 5; i++) {
            rig.after(MS);
            assertEquals(List.of(i), rig.sent());
        }
    }

    @Test
    void shouldDropWhenDepartureIsBeyondTheHorizon() {
        rig.nic.free = PLENTY;
        assertTrue(rig.send(1, 1, 1000, rig.nowNs + 10_000 * MS + 1));
        assertEquals(1, rig.count(DropReason.FQ_HORIZON_LIMIT));
        assertEquals(1, rig.count(Counter.QdiscDropped));
        assertEquals(List.of("1 dropped"), rig.left);
        assertEquals(0, rig.qdisc.queuedBytes(1));
        rig.send(1, 2, 1000, rig.nowNs + 10_000 * MS);
        rig.after(10_000 * MS);
        assertEquals(List.of(2), rig.sent());
    }

    @Test
    void shouldGoOnWhenAFrameIsDroppedAtTheVeryMomentAtWhichItsFlowMayLeave() {
        rig.nic.free = PLENTY;
        IntStream.range(0, 100).forEach(i -> rig.send(1, i, 1000, rig.nowNs + MS));
        rig.nowNs += MS;
        rig.qdisc.beginTurn(rig.nowNs);
        rig.send(1, 200); // over the limit
        assertEquals(1, rig.count(Counter.QdiscDropped));
        rig.turn();
        rig.turn();
        assertEquals(100, rig.sent().size());
    }

    @Test
    void shouldGoOnWhenAClaimIsGivenBackAtTheVeryMomentAtWhichAFlowMayLeave() {
        rig.nic.free = PLENTY;
        rig.send(1, 1, 1000, rig.nowNs + MS);
        rig.nowNs += MS;
        rig.qdisc.beginTurn(rig.nowNs);
        rig.qdisc.claim(rig.frame, 1000, false);
        rig.qdisc.abort(rig.frame);
        rig.turn();
        assertEquals(List.of(1), rig.sent());
    }

    // ---- Limits ----

    @Test
    void shouldDropWhenAFlowHasItsLimitWaiting() {
        IntStream.range(0, 100).forEach(i -> rig.send(1, i));
        assertTrue(rig.send(1, 100));
        assertEquals(1, rig.count(DropReason.FQ_FLOW_LIMIT));
        assertEquals(List.of("1 dropped"), rig.left);
        rig.send(2, 200);
        assertEquals(101, rig.qdisc.size());
        assertEquals(100 * QdiscRig.LENGTH, rig.qdisc.queuedBytes(1));
    }

    @Test
    void shouldRefuseWhenAllFlowsTogetherHaveTheLimitWaiting() {
        final QdiscRig small = QdiscRig.fq(10);
        IntStream.range(0, 10).forEach(i -> assertTrue(small.send(i, i)));
        assertFalse(small.send(11, 11));
        assertEquals(1, small.count(Counter.QdiscRefused));
        small.room(10);
        assertEquals(10, small.sent().size());
        assertTrue(small.send(11, 11));
    }

    @Test
    void shouldRefuseWhenFullThoughTheNicHasRoom() {
        final QdiscRig small = QdiscRig.fq(2);
        small.nic.free = PLENTY;
        small.send(1, 1, 1000, small.nowNs + MS);
        small.send(2, 2, 1000, small.nowNs + MS);
        assertFalse(small.send(3, 3)); // it might have to wait as well
        assertFalse(small.nic.isClaimOpen());
        small.after(MS);
        assertEquals(List.of(1, 2), small.sent());
        assertTrue(small.send(3, 3));
    }

    @Test
    void shouldGoOnWhenAFullQueueIsAskedForRoomJustAsItsFramesFallDue() {
        final QdiscRig small = QdiscRig.fq(2);
        small.nic.free = PLENTY;
        small.send(1, 1, 1000, small.nowNs + MS);
        small.send(2, 2, 1000, small.nowNs + MS);
        small.nowNs += MS;
        small.qdisc.beginTurn(small.nowNs);
        assertFalse(small.send(3, 3));
        assertEquals(Long.MIN_VALUE, small.qdisc.nextDeadlineNs());
        small.turn();
        assertEquals(List.of(1, 2), small.sent());
        assertTrue(small.send(3, 3));
    }

    @Test
    void shouldQueueByAddressesWhenFramesHaveNoSocket() {
        rig.send(-1, 1);
        rig.send(-1, 2);
        rig.send(0, 3);
        rig.room(PLENTY);
        assertEquals(List.of(1, 2, 3), rig.sent());
    }

    @Test
    void shouldSendAllWhenDrained() {
        rig.nic.free = PLENTY;
        rig.send(1, 1, 1000, rig.nowNs + 5 * MS);
        rig.send(2, 2, 1000, rig.nowNs + 9 * MS);
        rig.qdisc.drain();
        assertEquals(2, rig.sent().size());
    }
}
