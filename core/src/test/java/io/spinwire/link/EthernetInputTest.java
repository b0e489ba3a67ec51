package io.spinwire.link;

import static io.spinwire.link.LinkRig.OWN_MAC;
import static io.spinwire.link.LinkRig.PEER_MAC;
import static io.spinwire.link.LinkRig.frame;
import static io.spinwire.link.LinkRig.tagged;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Ethernet;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EthernetInputTest {
    private static final int VLAN = 7;

    private final LinkRig rig = new LinkRig();
    private final LinkRig vlanRig = new LinkRig(VLAN, 64, 16, 8, 4);

    @Test
    void shouldPassPacketWhenFrameIsForUs() {
        rig.receive(frame(OWN_MAC, Ethernet.TYPE_IPV4, 46));

        assertEquals(46, rig.packets.getFirst().length);
        assertEquals(1, rig.count(Counter.LinkInFrames));
        assertEquals(60, rig.count(Counter.LinkInBytes));
        assertEquals(0, rig.counters.totalDrops());
    }

    @Test
    void shouldPassPacketWhenFrameIsForAGroup() {
        rig.receive(frame(Ethernet.BROADCAST, Ethernet.TYPE_IPV4, 46));

        assertEquals(1, rig.packets.size());
    }

    @Test
    void shouldDropFrameWhenItIsForAnotherHost() {
        rig.receive(frame(PEER_MAC, Ethernet.TYPE_IPV4, 46));

        assertDropped(rig, DropReason.OTHERHOST);
    }

    @Test
    void shouldDropFrameWhenShorterThanItsHeader() {
        for (int length = 0; length < 14; length++) {
            rig.receive(new byte[length]);
            assertEquals(length + 1, rig.count(DropReason.FRAME_TOO_SHORT));
        }
    }

    @Test
    void shouldDropFrameWhenTagIsCutOff() {
        for (int length = 14; length < 18; length++) {
            rig.receive(Arrays.copyOf(tagged(OWN_MAC, 0, Ethernet.TYPE_IPV4, 46), length));
            assertEquals(length - 13, rig.count(DropReason.FRAME_TOO_SHORT));
        }
    }

    @Test
    void shouldDropFrameWhenEtherTypeIsUnknownOrALength() {
        rig.receive(frame(OWN_MAC, 0x86DD, 46));
        rig.receive(frame(OWN_MAC, 46, 46));

        assertEquals(2, rig.count(DropReason.UNHANDLED_PROTO));
        assertEquals(0, rig.packets.size());
    }

    @Test
    void shouldPassPacketWhenTagIsOurs() {
        vlanRig.receive(tagged(OWN_MAC, VLAN, Ethernet.TYPE_IPV4, 46));

        assertEquals(46, vlanRig.packets.getFirst().length);
    }

    @Test
    void shouldDropFrameWhenTagIsAnothersOrMissing() {
        vlanRig.receive(tagged(OWN_MAC, VLAN + 1, Ethernet.TYPE_IPV4, 46));
        assertDropped(vlanRig, DropReason.VLAN_MISMATCH);
        vlanRig.receive(frame(OWN_MAC, Ethernet.TYPE_IPV4, 46));
        assertEquals(2, vlanRig.count(DropReason.VLAN_MISMATCH));
    }

    @Test
    void shouldTakePriorityTagButNoOtherWhenUntagged() {
        rig.receive(tagged(OWN_MAC, 0, Ethernet.TYPE_IPV4, 46));
        assertEquals(1, rig.packets.size());
        rig.receive(tagged(OWN_MAC, VLAN, Ethernet.TYPE_IPV4, 46));
        assertEquals(1, rig.count(DropReason.VLAN_MISMATCH));
    }

    @Test
    void shouldDropFrameWhenASecondTagFollows() {
        vlanRig.receive(tagged(OWN_MAC, VLAN, Ethernet.TYPE_VLAN, 46));

        assertDropped(vlanRig, DropReason.UNHANDLED_PROTO);
    }

    private static void assertDropped(LinkRig rig, DropReason reason) {
        assertEquals(1, rig.count(reason));
        assertEquals(1, rig.counters.totalDrops());
        assertEquals(0, rig.packets.size());
    }
}
