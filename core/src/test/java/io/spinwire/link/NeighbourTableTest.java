package io.spinwire.link;

import static io.spinwire.link.LinkRig.OWN;
import static io.spinwire.link.LinkRig.PEER;
import static io.spinwire.link.LinkRig.PEER_MAC;
import static io.spinwire.link.LinkRig.SECOND;
import static io.spinwire.link.LinkRig.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Ethernet;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class NeighbourTableTest {
    private final LinkRig rig = new LinkRig();

    @Test
    void shouldAskAndHoldPacketsWhenAddressIsUnknown() {
        assertTrue(rig.send(1));
        assertTrue(rig.send(2));

        assertEquals(ArpFrame.request(PEER), ArpFrame.of(rig.nic.take()));
        assertTrue(rig.nic.sent.isEmpty());

        rig.resolvePeer();
        assertEquals(List.of(1, 2), marks());
        assertEquals(NeighbourEntries.REACHABLE, rig.state(PEER));
    }

    @Test
    void shouldSendStraightWithReadyHeaderWhenAddressIsKnown() {
        rig.send(1);
        rig.resolvePeer();
        rig.nic.sent.clear();

        rig.send(2);

        final UnsafeBuffer frame = new UnsafeBuffer(rig.nic.take());
        assertEquals(14 + LinkRig.PACKET, frame.capacity());
        assertEquals(PEER_MAC, Ethernet.destination(frame, 0));
        assertEquals(LinkRig.OWN_MAC, Ethernet.source(frame, 0));
        assertEquals(Ethernet.TYPE_IPV4, Ethernet.type(frame, 0));
        assertEquals(2, frame.getByte(14));
    }

    @Test
    void shouldPutTagInReadyHeaderWhenVlanIsConfigured() {
        final LinkRig tagged = new LinkRig(7, 64, 16, 8, 4);
        tagged.neighbours.addStatic(PEER, PEER_MAC);

        tagged.send(2);

        final UnsafeBuffer frame = new UnsafeBuffer(tagged.nic.take());
        assertEquals(18 + LinkRig.PACKET, frame.capacity());
        assertEquals(PEER_MAC, Ethernet.destination(frame, 0));
        assertEquals(LinkRig.OWN_MAC, Ethernet.source(frame, 0));
        assertEquals(7, Ethernet.vlanId(frame, 0));
        assertEquals(Ethernet.TYPE_IPV4, Ethernet.vlanInnerType(frame, 0));
        assertEquals(2, frame.getByte(18));
    }

    @Test
    void shouldAskThreeTimesThenGiveUpWhenNobodyAnswers() {
        rig.send(1);
        rig.send(2);
        rig.advance(3 * SECOND - 1);
        assertEquals(3, rig.nic.sent.size());
        assertEquals(List.of(), rig.unreachable);

        rig.advance(1);
        assertEquals(List.of(PEER), rig.unreachable);
        assertEquals(3, rig.nic.sent.size());
        assertEquals(2, rig.count(DropReason.NEIGH_FAILED));
        assertEquals(1, rig.count(Counter.ArpUnresolved));
        assertEquals(NeighbourEntries.FAILED, rig.state(PEER));
        assertEquals(Long.MAX_VALUE, rig.neighbours.nextDeadlineNs());
    }

    @Test
    void shouldAskAnewWhenSendingToFailedNeighbour() {
        rig.send(1);
        rig.advance(3 * SECOND);
        rig.nic.sent.clear();

        rig.send(2);
        assertEquals(ArpFrame.request(PEER), ArpFrame.of(rig.nic.take()));
        rig.resolvePeer();
        assertEquals(List.of(2), marks());
    }

    @Test
    void shouldDropOldestWhenNeighboursQueueIsFull() {
        for (int mark = 1; mark <= 6; mark++) {
            rig.send(mark);
        }
        rig.nic.sent.clear();
        rig.resolvePeer();

        assertEquals(List.of(3, 4, 5, 6), marks());
        assertEquals(2, rig.count(DropReason.NEIGH_QUEUEFULL));
    }

    @Test
    void shouldBecomeStaleWithoutProbeWhenUnusedForThirtySeconds() {
        rig.send(1);
        rig.resolvePeer();
        rig.nic.sent.clear();

        rig.advance(30 * SECOND);

        assertEquals(NeighbourEntries.STALE, rig.state(PEER));
        rig.advance(1000 * SECOND);
        assertTrue(rig.nic.sent.isEmpty());
    }

    @Test
    void shouldSendAtOnceAndProbeByUnicastWhenStaleIsUsed() {
        rig.send(1);
        rig.resolvePeer();
        rig.advance(100 * SECOND);
        rig.nic.sent.clear();

        rig.send(2);
        assertEquals(List.of(2), marks());
        assertEquals(NeighbourEntries.DELAY, rig.state(PEER));
        rig.advance(5 * SECOND);
        assertEquals(NeighbourEntries.PROBE, rig.state(PEER));
        assertEquals(ArpFrame.probe(PEER_MAC, PEER), ArpFrame.of(rig.nic.take()));

        rig.resolvePeer();
        assertEquals(NeighbourEntries.REACHABLE, rig.state(PEER));
    }

    @Test
    void shouldFailWithoutTellingWhenProbesOfKnownAddressGoUnanswered() {
        rig.send(1);
        rig.resolvePeer();
        rig.advance(100 * SECOND);
        rig.send(2);
        rig.nic.sent.clear();

        rig.advance(8 * SECOND);

        assertEquals(3, rig.nic.sent.size());
        assertEquals(NeighbourEntries.FAILED, rig.state(PEER));
        assertEquals(List.of(), rig.unreachable);
    }

    @Test
    void shouldNeverProbeWhenConfirmedBySender() {
        final long reference = rig.neighbours.reference(PEER);
        rig.send(reference, 1);
        rig.resolvePeer();
        rig.nic.sent.clear();

        for (int i = 0; i < 200; i++) {
            rig.advance(SECOND);
            rig.send(reference, 2);
            rig.neighbours.confirm(reference, rig.nowNs);
        }

        assertEquals(NeighbourEntries.REACHABLE, rig.state(PEER));
        assertEquals(0, rig.count(Counter.ArpOutRequests) - 1);
    }

    @Test
    void shouldProbeWhenBusyButNeverConfirmed() {
        rig.send(1);
        rig.resolvePeer();

        for (int i = 0; i < 36; i++) {
            rig.advance(SECOND);
            rig.send(2);
        }

        assertEquals(NeighbourEntries.PROBE, rig.state(PEER));
    }

    @Test
    void shouldBecomeReachableWhenConfirmedDuringDelayOrProbe() {
        final long reference = rig.neighbours.reference(PEER);
        rig.receive(request(PEER_MAC, PEER, OWN));
        rig.send(reference, 1);
        rig.advance(SECOND);
        rig.neighbours.confirm(reference, rig.nowNs);
        rig.advance(4 * SECOND);
        assertEquals(NeighbourEntries.REACHABLE, rig.state(PEER));

        rig.advance(24 * SECOND);
        rig.send(reference, 2);
        rig.advance(8 * SECOND); // 30 s after the confirmation: DELAY, 5 s later: PROBE
        assertEquals(NeighbourEntries.PROBE, rig.state(PEER));
        rig.neighbours.confirm(reference, rig.nowNs);
        rig.advance(SECOND);
        assertEquals(NeighbourEntries.REACHABLE, rig.state(PEER));
    }

    @Test
    void shouldSendWaitingPacketsWhenNeighbourAsksForUs() {
        rig.send(1);
        rig.nic.sent.clear();

        rig.receive(request(PEER_MAC, PEER, OWN));

        assertEquals(2, rig.nic.sent.size()); // the packet, and the answer
        assertEquals(1, rig.nic.take()[14]);
        assertEquals(NeighbourEntries.DELAY, rig.state(PEER));
    }

    @Test
    void shouldNeverAskNorChangeWhenNeighbourIsStatic() {
        rig.neighbours.addStatic(PEER, PEER_MAC);
        rig.receive(LinkRig.reply(0x0200_0000_0077L, PEER));
        rig.receive(request(0x0200_0000_0077L, PEER, PEER));
        rig.advance(1000 * SECOND);
        rig.send(1);

        assertEquals(1, rig.nic.sent.size());
        assertEquals(PEER_MAC, Ethernet.destination(new UnsafeBuffer(rig.nic.take()), 0));
        assertEquals(Long.MAX_VALUE, rig.neighbours.nextDeadlineNs());
    }

    @Test
    void shouldRefuseStaticNeighbourWhenItsMacIsAGroups() {
        assertThrows(IllegalArgumentException.class, () -> rig.neighbours.addStatic(PEER, Ethernet.BROADCAST));
        assertThrows(IllegalArgumentException.class, () -> rig.neighbours.addStatic(PEER, 0));
    }

    @Test
    void shouldSendRestLaterInOrderWhenRingIsFullOnResolving() {
        for (int mark = 1; mark <= 4; mark++) {
            rig.send(mark);
        }
        rig.nic.sent.clear();
        rig.nic.free = 10;
        rig.resolvePeer(); // 8 frames are reserved, so two go
        assertEquals(List.of(1, 2), marks());
        assertFalse(rig.send(5));

        rig.nic.free = 100;
        rig.advance(1_000_000);
        assertEquals(List.of(3, 4), marks());
        assertTrue(rig.send(5));
        assertEquals(0, rig.counters.totalDrops());
        assertTrue(rig.neighbours.nextDeadlineNs() > rig.nowNs + SECOND);
    }

    @Test
    void shouldForgetRetryWhenWaitingPacketsAreGone() {
        final LinkRig small = new LinkRig(0, 64, 16, 1, 4);
        small.send(1);
        small.nic.free = 0;
        small.resolvePeer();
        small.send(small.neighbours.reference(PEER + 8), 2); // takes the only slot

        small.advance(10 * SECOND);

        assertEquals(1, small.count(DropReason.NEIGH_QUEUEFULL));
    }

    @Test
    void shouldFindEntryAgainWhenItWasEvicted() {
        final long reference = rig.neighbours.reference(PEER);
        rig.send(reference, 1);
        rig.resolvePeer();
        rig.advance(100 * SECOND);
        rig.nic.sent.clear();
        for (int i = 0; i < 16; i++) {
            rig.nowNs++;
            rig.receive(request(PEER_MAC + 100 + i, PEER + 100 + i, OWN));
        }
        assertEquals(NeighbourEntries.ABSENT, rig.state(PEER));
        rig.nic.sent.clear();

        rig.neighbours.confirm(reference, rig.nowNs);
        rig.send(reference, 2);
        assertEquals(ArpFrame.request(PEER), ArpFrame.of(rig.nic.take()));
        rig.resolvePeer();
        assertEquals(List.of(2), marks());
        assertEquals(16, rig.count(Counter.EngineNeighboursInUse));
        assertEquals(0, rig.count(Counter.NeighbourTableOverflows));
    }

    @Test
    void shouldRefuseNeighbourWhenAllEntriesAreInUse() {
        final long evicted = rig.neighbours.reference(PEER);
        for (int i = 0; i < 16; i++) {
            rig.send(rig.neighbours.reference(PEER + 100 + i), 1);
        }
        assertEquals(NeighbourTable.NO_REFERENCE, rig.neighbours.reference(PEER + 50));
        assertEquals(1, rig.count(Counter.NeighbourTableOverflows));

        assertTrue(rig.send(evicted, 2)); // as good as lost
        assertEquals(1, rig.count(DropReason.NEIGH_TABLEFULL));
    }

    @Test
    void shouldEvictFailedFirstThenOldestStaleWhenFull() {
        for (int i = 0; i < 15; i++) {
            rig.nowNs++;
            rig.receive(request(PEER_MAC + 100 + i, PEER + 100 + i, OWN));
        }
        rig.send(rig.neighbours.reference(PEER), 1);
        rig.advance(3 * SECOND);

        rig.receive(request(PEER_MAC + 50, PEER + 50, OWN));
        assertEquals(NeighbourEntries.ABSENT, rig.state(PEER));
        rig.receive(request(PEER_MAC + 51, PEER + 51, OWN));
        assertEquals(NeighbourEntries.ABSENT, rig.state(PEER + 100));
        assertEquals(NeighbourEntries.STALE, rig.state(PEER + 101));
        assertEquals(NeighbourEntries.STALE, rig.state(PEER + 50));
    }

    @Test
    void shouldKeepReservedFramesForPriorityWhenRingRunsLow() {
        rig.neighbours.addStatic(PEER, PEER_MAC);
        rig.nic.free = 8; // of 64: an eighth is reserved
        assertFalse(rig.send(1));
        assertEquals(1, rig.count(Counter.LinkTxRefused));

        rig.receive(request(PEER_MAC, PEER, OWN));
        assertEquals(1, rig.nic.sent.size());
        rig.nic.free = 0;
        rig.receive(request(PEER_MAC, PEER, OWN));
        assertEquals(2, rig.count(Counter.LinkTxRefused));
        assertEquals(1, rig.nic.sent.size());
    }

    private List<Integer> marks() {
        final List<Integer> marks = new ArrayList<>();
        for (final byte[] frame : rig.nic.sent) {
            marks.add((int) frame[14]);
        }
        rig.nic.sent.clear();
        return marks;
    }
}
