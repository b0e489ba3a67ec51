package io.spinwire.ip;

import static io.spinwire.ip.IpRig.FAR;
import static io.spinwire.ip.IpRig.OWN;
import static io.spinwire.ip.IpRig.PEER;
import static io.spinwire.ip.IpRig.datagram;
import static io.spinwire.ip.IpRig.reseal;
import static io.spinwire.ip.IpRig.segment;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.hook.HookPoint;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpInputTest {
    private static final int BROADCAST = 0xFFFF_FFFF;
    private static final int DIRECTED_BROADCAST = 0x0A00_00FF;
    private static final int MULTICAST = 0xE000_0001;

    private final IpRig rig = new IpRig();

    @Test
    void shouldDeliverSegmentWithPaddingCutOffWhenForUs() {
        rig.receive(segment(PEER, OWN)); // 54 bytes in a frame of 60

        assertEquals(List.of(new IpRig.Segment(AddressPair.of(OWN, PEER), 20, true, rig.link.nowNs)), rig.segments);
        assertEquals(1, rig.link.count(Counter.IpInReceives));
        assertEquals(1, rig.link.count(Counter.IpInDelivers));
        assertEquals(0, rig.link.counters.totalDrops());
    }

    @Test
    void shouldDeliverSegmentWhenSenderIsBehindGateway() {
        rig.receive(segment(FAR, OWN));

        assertEquals(AddressPair.of(OWN, FAR), rig.segments.getFirst().addressPair());
    }

    @Test
    void shouldSkipAndCountOptionsWhenHeaderIsLong() {
        final UnsafeBuffer frame = datagram(PEER, OWN, Ipv4.PROTOCOL_TCP, 60);
        frame.putByte(14, (byte) 0x4F); // all 60 bytes
        reseal(frame);
        rig.receive(frame);

        assertEquals(20, rig.segments.getFirst().length());
        assertEquals(1, rig.link.count(Counter.IpInOptions));
    }

    @Test
    void shouldDropDatagramWhenCutShort() {
        final UnsafeBuffer frame = segment(PEER, OWN);
        for (int length = 14; length < 54; length++) {
            rig.receive(frame, length);
        }

        assertEquals(40, rig.link.count(DropReason.IP_INHDR));
        assertEquals(List.of(), rig.segments);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x55, 0x65, 0x05, 0x44, 0x40})
    void shouldDropDatagramWhenVersionOrHeaderLengthIsWrong(int versionAndLength) {
        final UnsafeBuffer frame = segment(PEER, OWN);
        frame.putByte(14, (byte) versionAndLength);
        reseal(frame);
        rig.receive(frame);

        assertDropped(DropReason.IP_INHDR);
    }

    @Test
    void shouldDropDatagramWhenTotalLengthLies() {
        for (final int total : new int[] {0, 19, 47, 65_535}) { // less than the header, or more than the frame
            final UnsafeBuffer frame = segment(PEER, OWN);
            frame.putShort(16, Short.reverseBytes((short) total));
            reseal(frame);
            rig.receive(frame);
        }

        assertEquals(4, rig.link.count(DropReason.IP_INHDR));
    }

    @Test
    void shouldDropDatagramWhenHeaderLengthExceedsTotalLength() {
        final UnsafeBuffer frame = datagram(PEER, OWN, Ipv4.PROTOCOL_TCP, 20);
        frame.putByte(14, (byte) 0x4B); // 44 bytes of 40
        reseal(frame);
        rig.receive(frame);

        assertDropped(DropReason.IP_INHDR);
    }

    @Test
    void shouldDropDatagramWhenAnyBitOfHeaderIsFlipped() {
        for (int bit = 8; bit < 160; bit++) {
            final UnsafeBuffer frame = segment(PEER, OWN);
            frame.putByte(14 + bit / 8, (byte) (frame.getByte(14 + bit / 8) ^ 1 << bit % 8));
            rig.receive(frame);
        }

        assertEquals(152, rig.link.counters.totalDrops());
        assertTrue(rig.link.count(DropReason.IP_CSUM) > 130);
        assertEquals(List.of(), rig.segments);
    }

    @Test
    void shouldDropFragments() {
        for (final int field : new int[] {0x2000, 0x0001, 0x3FFF}) {
            final UnsafeBuffer frame = segment(PEER, OWN);
            frame.putShort(20, Short.reverseBytes((short) field));
            reseal(frame);
            rig.receive(frame);
        }

        assertEquals(3, rig.link.count(DropReason.IP_FRAGMENT));
    }

    @ParameterizedTest
    @ValueSource(ints = {OWN, 0, 5, 0x7F00_0001, MULTICAST, BROADCAST, DIRECTED_BROADCAST})
    void shouldDropDatagramWhenNoHostCanHaveItsSource(int source) {
        rig.receive(segment(source, OWN));

        assertDropped(DropReason.IP_INVALID_SOURCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {BROADCAST, DIRECTED_BROADCAST, MULTICAST})
    void shouldDropSegmentWhenItIsForManyHosts(int destination) {
        rig.receive(segment(PEER, destination));

        assertDropped(DropReason.IP_BROADCAST);
    }

    @Test
    void shouldDropSegmentWhenFrameIsBroadcast() {
        final UnsafeBuffer frame = segment(PEER, OWN);
        Ethernet.putMac(frame, 0, Ethernet.BROADCAST);
        rig.receive(frame);

        assertDropped(DropReason.IP_BROADCAST);
    }

    @ParameterizedTest
    @ValueSource(ints = {PEER, FAR, 0x7F00_0001, 0})
    void shouldDropDatagramWhenForAnotherHost(int destination) {
        rig.receive(segment(0x0A00_0063, destination));

        assertDropped(DropReason.IP_NOT_LOCAL);
    }

    @Test
    void shouldDropDatagramWhenProtocolIsUnknown() {
        rig.receive(datagram(PEER, OWN, 17, 20));

        assertDropped(DropReason.UNHANDLED_PROTO);
    }

    @Test
    void shouldFollowWalkUpToTcp() {
        final var walk = rig.link.watch();
        rig.receive(segment(PEER, OWN));
        rig.link.hooks.detach();

        assertEquals("[netif_receive_skb, ip_rcv, ip_local_deliver]", walk.toString());
    }

    @Test
    void shouldShowReasonWhenWatchedDatagramIsDropped() {
        final StringBuilder seen = new StringBuilder();
        rig.link.hooks.attach(
                (point, sock, subject, buffer, offset, length) -> seen.append(point)
                        .append(' ')
                        .append(subject)
                        .append(' ')
                        .append(length),
                HookPoint.kfree_skb.bit());
        rig.receive(segment(PEER, FAR));
        rig.link.hooks.detach();

        assertEquals("kfree_skb " + DropReason.IP_NOT_LOCAL.ordinal() + " 40", seen.toString());
    }

    private void assertDropped(DropReason reason) {
        assertEquals(1, rig.link.count(reason));
        assertEquals(1, rig.link.counters.totalDrops());
        assertEquals(List.of(), rig.segments);
        assertEquals(0, rig.link.nic.committedFrames);
    }
}
