package io.spinwire.link;

import static io.spinwire.link.LinkRig.OWN;
import static io.spinwire.link.LinkRig.OWN_MAC;
import static io.spinwire.link.LinkRig.PEER;
import static io.spinwire.link.LinkRig.PEER_MAC;
import static io.spinwire.link.LinkRig.SECOND;
import static io.spinwire.link.LinkRig.reply;
import static io.spinwire.link.LinkRig.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Arp;
import io.spinwire.wire.Ethernet;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ArpInputTest {
    private static final long OTHER_MAC = 0x0200_0000_0099L;
    private static final int OTHER = 0x0A00_0063;

    private final LinkRig rig = new LinkRig();

    @Test
    void shouldReplyAndLearnWhenAskedForOwnAddress() {
        rig.receive(request(PEER_MAC, PEER, OWN));

        assertEquals(ArpFrame.reply(PEER_MAC, PEER), ArpFrame.of(rig.nic.take()));
        assertEquals(NeighbourEntries.STALE, rig.state(PEER));
        assertEquals(1, rig.count(Counter.ArpInRequests));
        assertEquals(1, rig.count(Counter.ArpOutReplies));
        assertEquals(0, rig.counters.totalDrops());
    }

    @Test
    void shouldReplyWithTagWhenVlanIsConfigured() {
        final LinkRig tagged = new LinkRig(7, 64, 16, 8, 4);
        final byte[] request = LinkRig.tagged(Ethernet.BROADCAST, 7, Ethernet.TYPE_ARP, 42);
        System.arraycopy(request(PEER_MAC, PEER, OWN), 14, request, 18, 28);
        tagged.receive(request);

        final UnsafeBuffer sent = new UnsafeBuffer(tagged.nic.take());
        assertEquals(46, sent.capacity());
        assertEquals(7, Ethernet.vlanId(sent, 0));
        assertEquals(Ethernet.TYPE_ARP, Ethernet.vlanInnerType(sent, 0));
        assertEquals(Arp.REPLY, Arp.operation(sent, 18));
    }

    @Test
    void shouldReplyWithoutLearningWhenProbedFromNoAddress() {
        rig.receive(request(PEER_MAC, 0, OWN));

        assertEquals(ArpFrame.reply(PEER_MAC, 0), ArpFrame.of(rig.nic.take()));
        assertEquals(0, rig.count(Counter.EngineNeighboursInUse));
    }

    @Test
    void shouldReplyWithoutLearningWhenAskerIsOffLink() {
        rig.receive(request(PEER_MAC, 0xC0A8_0001, OWN));

        assertEquals(ArpFrame.reply(PEER_MAC, 0xC0A8_0001), ArpFrame.of(rig.nic.take()));
        assertEquals(0, rig.count(Counter.EngineNeighboursInUse));
    }

    @Test
    void shouldIgnoreRequestWhenItIsForAnotherHost() {
        rig.receive(request(PEER_MAC, PEER, OTHER));

        assertEquals(1, rig.count(DropReason.ARP_NOT_FOR_US));
        assertTrue(rig.nic.sent.isEmpty());
        assertEquals(0, rig.count(Counter.EngineNeighboursInUse));
    }

    @Test
    void shouldIgnoreReplyAndAnnouncementWhenSenderIsUnknown() {
        rig.receive(reply(PEER_MAC, PEER));
        rig.receive(request(PEER_MAC, PEER, PEER));

        assertEquals(2, rig.count(DropReason.ARP_NOT_FOR_US));
        assertEquals(1, rig.count(Counter.ArpInReplies));
        assertEquals(1, rig.count(Counter.ArpGratuitous));
        assertEquals(0, rig.count(Counter.EngineNeighboursInUse));
    }

    @Test
    void shouldTakeNewHardwareAddressWhenAnnounced() {
        rig.send(1);
        rig.resolvePeer();
        rig.nic.sent.clear();

        rig.receive(request(OTHER_MAC, PEER, PEER));

        assertEquals(NeighbourEntries.STALE, rig.state(PEER));
        rig.send(2);
        assertEquals(OTHER_MAC, Ethernet.destination(new UnsafeBuffer(rig.nic.take()), 0));
    }

    @Test
    void shouldKeepFirstAnswerWhenAnotherFollowsWithinASecond() {
        rig.send(1);
        rig.resolvePeer();
        rig.nic.sent.clear();

        rig.receive(reply(OTHER_MAC, PEER));
        rig.send(2);
        assertEquals(PEER_MAC, Ethernet.destination(new UnsafeBuffer(rig.nic.take()), 0));

        rig.advance(SECOND + 1);
        rig.receive(reply(OTHER_MAC, PEER));
        rig.send(3);
        assertEquals(OTHER_MAC, Ethernet.destination(new UnsafeBuffer(rig.nic.take()), 0));
        assertEquals(NeighbourEntries.REACHABLE, rig.state(PEER));
    }

    @Test
    void shouldCountConflictWhenSenderUsesOwnAddressOrOwnMac() {
        rig.receive(request(OTHER_MAC, OWN, OWN));
        rig.receive(reply(OTHER_MAC, OWN));
        rig.receive(request(OWN_MAC, PEER, OWN));

        assertEquals(3, rig.count(DropReason.ARP_CONFLICT));
        assertTrue(rig.nic.sent.isEmpty());
    }

    @Test
    void shouldDropMessageWhenCutShort() {
        final byte[] whole = request(PEER_MAC, PEER, OWN);
        for (int length = 14; length < 42; length++) {
            rig.receive(Arrays.copyOf(whole, length));
        }

        assertEquals(28, rig.count(DropReason.ARP_INVALID));
        assertTrue(rig.nic.sent.isEmpty());
    }

    @Test
    void shouldDropMessageWhenAnyFixedFieldIsWrong() {
        for (int i = 14; i < 22; i++) {
            final byte[] frame = request(PEER_MAC, PEER, OWN);
            frame[i] ^= 0x10;
            rig.receive(frame);
        }

        assertEquals(8, rig.count(DropReason.ARP_INVALID));
    }

    @Test
    void shouldDropMessageWhenSenderIsNoSingleHost() {
        rig.receive(request(Ethernet.BROADCAST, PEER, OWN));
        rig.receive(request(0, PEER, OWN));
        rig.receive(request(PEER_MAC, 0x0A00_00FF, OWN)); // directed broadcast
        rig.receive(request(PEER_MAC, -1, OWN));
        rig.receive(request(PEER_MAC, 0xE000_0001, OWN));
        rig.receive(request(PEER_MAC, 0x7F00_0001, OWN));

        assertEquals(6, rig.count(DropReason.ARP_INVALID));
        assertTrue(rig.nic.sent.isEmpty());
    }
}
