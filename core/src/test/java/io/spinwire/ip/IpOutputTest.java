package io.spinwire.ip;

import static io.spinwire.ip.IpRig.FAR;
import static io.spinwire.ip.IpRig.GATEWAY;
import static io.spinwire.ip.IpRig.OWN;
import static io.spinwire.ip.IpRig.PEER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.hook.HookPoint;
import io.spinwire.link.LinkRig;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Checksum;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

class IpOutputTest {
    private static final String TO_NEIGHBOUR =
            "queue_xmit, ip_local_out, ip_output, ip_finish_output, ip_finish_output2, neigh_output";
    private static final String TO_NIC = "dev_queue_xmit, __dev_queue_xmit, net_dev_queue, dev_hard_start_xmit,"
            + " xmit_one, net_dev_start_xmit, netdev_start_xmit, ndo_start_xmit, net_dev_xmit";

    private final IpRig rig = new IpRig();

    @Test
    void shouldWriteWholeHeaderWhenSending() {
        assertTrue(rig.send(PEER, false));

        final DirectBuffer sent = rig.sent();
        assertEquals(54, sent.capacity());
        assertEquals(Ethernet.TYPE_IPV4, Ethernet.type(sent, 0));
        assertEquals(LinkRig.PEER_MAC, Ethernet.destination(sent, 0));
        assertEquals(4, Ipv4.version(sent, 14));
        assertEquals(20, Ipv4.headerLength(sent, 14));
        assertEquals(0x10, Ipv4.tos(sent, 14));
        assertEquals(40, Ipv4.totalLength(sent, 14));
        assertEquals(64, Ipv4.ttl(sent, 14));
        assertEquals(Ipv4.PROTOCOL_TCP, Ipv4.protocol(sent, 14));
        assertTrue(Ipv4.isDontFragment(sent, 14));
        assertFalse(Ipv4.isFragment(sent, 14));
        assertTrue(Ipv4.isChecksumValid(sent, 14, 20));
        assertEquals(OWN, Ipv4.source(sent, 14));
        assertEquals(PEER, Ipv4.destination(sent, 14));
        final long sum = Ipv4.pseudoHeaderSum(OWN, PEER, Ipv4.PROTOCOL_TCP, 20);
        assertEquals(0, Checksum.finish(Checksum.add(sum, sent, 34, 20)));
        assertEquals(1, rig.link.count(Counter.IpOutRequests));
        assertEquals(1, rig.link.count(Counter.LinkOutFrames));
        assertEquals(54, rig.link.count(Counter.LinkOutBytes));
    }

    @Test
    void shouldSendLessThanClaimedWhenLimitIsLowered() {
        final long dst = rig.output.route(PEER);
        assertTrue(rig.output.claim(rig.tx, dst, 1480, false, rig.link.nowNs));
        assertEquals(1514, rig.tx.length());
        rig.tx.limit = rig.tx.transportOffset + 30;
        rig.output.send(rig.tx, dst, AddressPair.of(OWN, PEER), 0, 0, false);

        final DirectBuffer sent = rig.sent();
        assertEquals(64, sent.capacity());
        assertEquals(50, Ipv4.totalLength(sent, 14));
    }

    @Test
    void shouldAskForGatewayWhenDestinationIsFar() {
        assertTrue(rig.send(FAR, false));
        assertEquals(GATEWAY, rig.output.nextHop(rig.output.route(FAR)));
        assertEquals(Ethernet.TYPE_ARP, Ethernet.type(rig.sent(), 0));

        rig.link.receive(LinkRig.reply(0x0200_0000_00FEL, GATEWAY));
        final DirectBuffer sent = rig.sent();
        assertEquals(0x0200_0000_00FEL, Ethernet.destination(sent, 0));
        assertEquals(FAR, Ipv4.destination(sent, 14));
        assertTrue(Ipv4.isChecksumValid(sent, 14, 20));
    }

    @Test
    void shouldRefuseRouteWhenDestinationIsNoSingleHost() {
        for (final int wrong : new int[] {0, -1, 0x0A00_00FF, 0xE000_0001, 0x7F00_0001}) {
            assertEquals(IpOutput.UNREACHABLE, rig.output.route(wrong));
        }
        assertEquals(5, rig.link.count(Counter.IpOutNoRoutes));
    }

    @Test
    void shouldTellNextHopWhenNeighbourFails() {
        rig.send(FAR, false);
        rig.link.advance(3 * LinkRig.SECOND);

        assertEquals(List.of(GATEWAY), rig.link.unreachable);
        assertEquals(1, rig.link.count(DropReason.NEIGH_FAILED));
    }

    @Test
    void shouldRefuseThenGrantPriorityWhenOnlyReservedFramesAreLeft() {
        rig.link.nic.free = 8;
        assertFalse(rig.send(PEER, false));
        assertTrue(rig.send(PEER, true));
        assertEquals(1, rig.link.count(Counter.LinkTxRefused));
        assertFalse(rig.link.nic.isClaimOpen());
    }

    @Test
    void shouldLeaveNoClaimOpenWhenAborted() {
        for (final int destination : new int[] {PEER, FAR, OWN}) {
            final long dst = rig.output.route(destination);
            for (int i = 0; i < 100; i++) {
                assertTrue(rig.output.claim(rig.tx, dst, 20, false, rig.link.nowNs));
                rig.output.abort(rig.tx);
            }
        }
        assertEquals(0, rig.link.nic.committedFrames);
        assertEquals(0, rig.localDelivery.size());
        assertEquals(0, rig.link.counters.totalDrops());
    }

    @Test
    void shouldFollowWalkInOrderWhenNeighbourIsKnown() {
        final List<HookPoint> walk = rig.link.watch();
        rig.send(PEER, false);
        rig.link.hooks.detach();

        assertEquals("[" + TO_NEIGHBOUR + ", " + TO_NIC + "]", walk.toString());
    }

    @Test
    void shouldStopAtNeighbourThenGoOnWhenAddressBecomesKnown() {
        final List<HookPoint> walk = rig.link.watch();
        rig.send(FAR, false);
        assertEquals("[" + TO_NEIGHBOUR + ", " + TO_NIC + "]", walk.toString()); // the second part is the request's
        walk.clear();
        rig.link.receive(LinkRig.reply(0x0200_0000_00FEL, GATEWAY));
        rig.link.hooks.detach();

        assertEquals("[netif_receive_skb, " + TO_NIC + "]", walk.toString());
    }

    @Test
    void shouldPassSocketAndPlaceToHooks() {
        final List<String> seen = new ArrayList<>();
        rig.link.hooks.attach(
                (point, sock, subject, buffer, offset, length) -> seen.add(point + " " + sock + " " + length), -1L);
        final long dst = rig.output.route(PEER);
        rig.output.claim(rig.tx, dst, 20, false, rig.link.nowNs);
        rig.tx.sock = 5;
        rig.output.send(rig.tx, dst, AddressPair.of(OWN, PEER), 0, 0, false);
        rig.link.hooks.detach();

        assertEquals("queue_xmit 5 20", seen.get(0));
        assertEquals("ip_local_out 5 40", seen.get(1));
        assertEquals("neigh_output 5 40", seen.get(5));
        assertEquals("dev_queue_xmit 5 54", seen.get(6));
        assertEquals("net_dev_xmit 5 54", seen.getLast());
    }
}
