package io.spinwire.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.stats.Counter;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A device with one queue: order, limit, what bypasses it, and how it moves on. */
class PfifoTest {
    private final QdiscRig rig = QdiscRig.pfifo(4);

    @Test
    void shouldPassWithoutCopyWhenNothingWaits() {
        rig.nic.free = 10;
        assertTrue(rig.send(1, 1));
        assertTrue(rig.send(1, 2));
        assertEquals(List.of(1, 2), rig.sent());
        assertEquals(0, rig.count(Counter.QdiscEnqueued));
        assertEquals(0, rig.qdisc.queuedBytes(1));
        assertEquals(List.of(), rig.left);
    }

    @Test
    void shouldKeepOrderWhenNicIsFull() {
        rig.send(1, 1);
        rig.send(2, 2);
        rig.send(1, 3);
        assertEquals(List.of(), rig.sent());
        assertEquals(3, rig.qdisc.size());
        rig.room(2);
        assertEquals(List.of(1, 2), rig.sent());
        rig.send(3, 4); // the NIC is full again, and 3 waits before it
        rig.room(9);
        rig.send(3, 5);
        assertEquals(List.of(3, 4, 5), rig.sent());
        assertEquals(4, rig.count(Counter.QdiscEnqueued));
    }

    @Test
    void shouldKeepTheWholeFrameWhenItWaits() {
        rig.send(1, 7, 1514, 0);
        rig.room(1);
        final byte[] sent = rig.nic.take();
        assertEquals(1514, sent.length);
        assertTrue(IntStream.range(0, sent.length).allMatch(i -> sent[i] == 7));
    }

    @Test
    void shouldRefuseWhenFull() {
        IntStream.range(0, 4).forEach(i -> assertTrue(rig.send(1, i)));
        assertFalse(rig.send(1, 9));
        assertEquals(1, rig.count(Counter.QdiscRefused));
        rig.room(1);
        assertTrue(rig.send(1, 9));
        assertFalse(rig.send(1, 10));
        rig.room(9);
        assertEquals(List.of(0, 1, 2, 3, 9), rig.sent());
    }

    @Test
    void shouldStillTakeUrgentFramesWhenFull() {
        IntStream.range(0, 4).forEach(i -> rig.send(1, i));
        IntStream.range(0, 8).forEach(i -> assertTrue(rig.sendUrgent(1, 10 + i)));
        assertFalse(rig.sendUrgent(1, 20));
    }

    @Test
    void shouldAccountBytesToTheirSocketWhenTheyWait() {
        rig.send(1, 1);
        rig.send(2, 2, 1514, 0);
        rig.send(1, 3);
        rig.sendUrgent(1, 4); // without payload: not counted
        rig.send(-1, 5);
        assertEquals(2000, rig.qdisc.queuedBytes(1));
        assertEquals(1514, rig.qdisc.queuedBytes(2));
        rig.room(2);
        assertEquals(1000, rig.qdisc.queuedBytes(1));
        assertEquals(0, rig.qdisc.queuedBytes(2));
        assertEquals(List.of("1", "2"), rig.left);
    }

    @Test
    void shouldWaitForTheNicWhenItIsFull() {
        rig.send(1, 1);
        assertEquals(Long.MAX_VALUE, rig.qdisc.nextDeadlineNs());
        assertEquals(0, rig.turn());
        assertEquals(2, rig.count(Counter.QdiscRequeued));
        assertEquals(2, rig.count(Counter.QdiscRescheduled));
        rig.room(1);
        assertEquals(0, rig.qdisc.size());
        assertEquals(Long.MAX_VALUE, rig.qdisc.nextDeadlineNs());
    }

    @Test
    void shouldMoveAQuotaOfFramesWhenManyWait() {
        final QdiscRig large = QdiscRig.pfifo(200);
        IntStream.range(0, 150).forEach(i -> large.send(1, i));
        large.room(1000);
        assertEquals(64, large.sent().size());
        assertEquals(Long.MIN_VALUE, large.qdisc.nextDeadlineNs()); // the rest in the next turn, at once
        assertEquals(64, large.turn());
        assertEquals(22, large.turn());
        assertEquals(Long.MAX_VALUE, large.qdisc.nextDeadlineNs());
    }

    @Test
    void shouldGiveRoomBackWhenClaimIsAborted() {
        IntStream.range(0, 3).forEach(i -> rig.send(1, i));
        for (int i = 0; i < 10; i++) {
            assertTrue(rig.qdisc.claim(rig.frame, QdiscRig.LENGTH, false));
            rig.qdisc.abort(rig.frame);
        }
        rig.room(9);
        assertTrue(rig.qdisc.claim(rig.frame, QdiscRig.LENGTH, false));
        assertTrue(rig.nic.isClaimOpen());
        rig.qdisc.abort(rig.frame);
        assertFalse(rig.nic.isClaimOpen());
        assertEquals(List.of(0, 1, 2), rig.sent());
    }

    @Test
    void shouldEmptyItselfWhenDrained() {
        IntStream.range(0, 4).forEach(i -> rig.send(1, i));
        rig.nic.free = 3;
        rig.qdisc.drain();
        assertEquals(List.of(0, 1, 2), rig.sent());
    }

    @Test
    void shouldSayWhatToDoWhenItWouldNotFitMemory() {
        final IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> QdiscRig.pfifo(1 << 21));
        assertTrue(thrown.getMessage().contains("lower its limit"), thrown.getMessage());
    }
}
