package io.spinwire.ip;

import static io.spinwire.ip.IpRig.FAR;
import static io.spinwire.ip.IpRig.GATEWAY;
import static io.spinwire.ip.IpRig.OWN;
import static io.spinwire.ip.IpRig.PEER;
import static io.spinwire.ip.IpRig.echo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.link.LinkRig;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Icmp4;
import io.spinwire.wire.Ipv4;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class IcmpTest {
    private static final int ERROR_LENGTH = 36;

    private final IpRig rig = new IpRig();

    @Test
    void shouldReplyWithSameBytesWhenEchoIsRequested() {
        for (final int payload : new int[] {0, 1, 56, 1472}) {
            final UnsafeBuffer request = echo(PEER, OWN, payload);
            request.putByte(15, (byte) 0x20); // TOS
            IpRig.reseal(request);
            rig.receive(request);

            final DirectBuffer reply = rig.sent();
            assertEquals(14 + 20 + 8 + payload, reply.capacity());
            assertEquals(LinkRig.PEER_MAC, Ethernet.destination(reply, 0));
            assertEquals(OWN, Ipv4.source(reply, 14));
            assertEquals(PEER, Ipv4.destination(reply, 14));
            assertEquals(0x20, Ipv4.tos(reply, 14));
            assertEquals(Ipv4.PROTOCOL_ICMP, Ipv4.protocol(reply, 14));
            assertTrue(Ipv4.isChecksumValid(reply, 14, 20));
            assertEquals(Icmp4.ECHO_REPLY, Icmp4.type(reply, 34));
            assertTrue(Icmp4.isChecksumValid(reply, 34, 8 + payload));
            for (int i = 38; i < reply.capacity(); i++) {
                assertEquals(0x5A, reply.getByte(i));
            }
        }
        assertEquals(4, rig.link.count(Counter.IcmpInEchos));
        assertEquals(4, rig.link.count(Counter.IcmpOutEchoReps));
        assertEquals(0, rig.link.counters.totalDrops());
    }

    @Test
    void shouldReplyAfterArpWhenAskerIsUnknown() {
        rig.receive(echo(FAR, OWN, 10));
        assertEquals(Ethernet.TYPE_ARP, Ethernet.type(rig.sent(), 0));
        rig.link.receive(LinkRig.reply(0x0200_0000_00FEL, GATEWAY));

        assertEquals(FAR, Ipv4.destination(rig.sent(), 14));
    }

    @Test
    void shouldStayQuietWhenEchoIsBroadcast() {
        rig.receive(echo(PEER, -1, 10));
        rig.receive(echo(PEER, 0x0A00_00FF, 10));
        final UnsafeBuffer inBroadcastFrame = echo(PEER, OWN, 10);
        Ethernet.putMac(inBroadcastFrame, 0, Ethernet.BROADCAST);
        rig.receive(inBroadcastFrame);

        assertEquals(3, rig.link.count(DropReason.IP_BROADCAST));
        assertEquals(0, rig.link.nic.committedFrames);
    }

    @Test
    void shouldLimitRepliesWhenFlooded() {
        final IpRig slow = new IpRig(10);
        slow.link.nic.free = 1000;
        for (int i = 0; i < 200; i++) {
            slow.receive(echo(PEER, OWN, 10));
        }
        assertEquals(50, slow.link.nic.committedFrames);
        assertEquals(150, slow.link.count(Counter.IcmpRateLimited));
        assertEquals(150, slow.link.count(DropReason.ICMP_RATE_LIMITED));

        slow.link.advance(LinkRig.SECOND);
        for (int i = 0; i < 200; i++) {
            slow.receive(echo(PEER, OWN, 10));
        }
        assertEquals(60, slow.link.nic.committedFrames);
    }

    @Test
    void shouldDropRequestWhenNoFrameIsFree() {
        rig.link.nic.free = 8; // all reserved
        rig.receive(echo(PEER, OWN, 10));

        assertEquals(1, rig.link.count(DropReason.ICMP_TX_REFUSED));
        assertEquals(0, rig.link.count(Counter.IcmpOutEchoReps));
    }

    @Test
    void shouldDropRequestWhenReplyExceedsMtu() {
        rig.receive(echo(PEER, OWN, 1473));

        assertEquals(1, rig.link.count(DropReason.ICMP_TX_REFUSED));
    }

    @Test
    void shouldDropMessageWhenShortOrCorrupt() {
        rig.receive(IpRig.datagram(PEER, OWN, Ipv4.PROTOCOL_ICMP, 7));
        final UnsafeBuffer corrupt = echo(PEER, OWN, 11);
        corrupt.putByte(50, (byte) 1);
        rig.receive(corrupt);

        assertEquals(2, rig.link.count(DropReason.ICMP_INVALID));
        assertEquals(0, rig.link.count(Counter.IcmpInMsgs));
    }

    @Test
    void shouldIgnoreMessageWhenTypeAsksNothing() {
        for (final int type : new int[] {0, 4, 5, 13, 255}) {
            final UnsafeBuffer frame = echo(PEER, OWN, 10);
            Icmp4.putTypeAndCode(frame, 34, type, 0);
            Icmp4.seal(frame, 34, 18);
            rig.receive(frame);
        }

        assertEquals(5, rig.link.count(DropReason.ICMP_IGNORED));
        assertEquals(0, rig.link.nic.committedFrames);
    }

    @Test
    void shouldTellTcpWhenErrorNamesOurSegment() {
        rig.receive(IpRig.error(Icmp4.DESTINATION_UNREACHABLE, Icmp4.PORT_UNREACHABLE, 1400));
        rig.receive(IpRig.error(Icmp4.DESTINATION_UNREACHABLE, Icmp4.FRAGMENTATION_NEEDED, 1400));
        rig.receive(IpRig.error(Icmp4.TIME_EXCEEDED, 1, 0));
        rig.receive(IpRig.error(Icmp4.PARAMETER_PROBLEM, 0, 0));

        final long pair = AddressPair.of(OWN, FAR);
        assertEquals(
                List.of(
                        new IpRig.Error(pair, 40_000, 443, 0x0102_0304, 0x0303, 0),
                        new IpRig.Error(pair, 40_000, 443, 0x0102_0304, 0x0304, 1400),
                        new IpRig.Error(pair, 40_000, 443, 0x0102_0304, 0x0B01, 0),
                        new IpRig.Error(pair, 40_000, 443, 0x0102_0304, 0x0C00, 0)),
                rig.errors);
        assertEquals(2, rig.link.count(Counter.IcmpInDestUnreachs));
        assertEquals(0, rig.link.counters.totalDrops());
    }

    @Test
    void shouldDropErrorWhenQuotedPacketIsCutShort() {
        for (int length = Icmp4.HEADER_LENGTH; length < ERROR_LENGTH; length++) {
            final UnsafeBuffer whole = IpRig.error(Icmp4.DESTINATION_UNREACHABLE, Icmp4.PORT_UNREACHABLE, 0);
            final UnsafeBuffer cut = IpRig.datagram(GATEWAY, OWN, Ipv4.PROTOCOL_ICMP, length);
            cut.putBytes(34, whole, 34, length);
            Icmp4.seal(cut, 34, length);
            rig.receive(cut);
        }

        assertEquals(ERROR_LENGTH - Icmp4.HEADER_LENGTH, rig.link.count(DropReason.ICMP_INVALID));
        assertEquals(List.of(), rig.errors);
    }

    @Test
    void shouldDropErrorWhenQuotedHeaderIsMalformed() {
        for (final int versionAndLength : new int[] {0x65, 0x44, 0x4F}) { // IPv6, too short, longer than what is there
            final UnsafeBuffer frame = IpRig.error(Icmp4.DESTINATION_UNREACHABLE, Icmp4.PORT_UNREACHABLE, 0);
            frame.putByte(42, (byte) versionAndLength);
            Icmp4.seal(frame, 34, ERROR_LENGTH);
            rig.receive(frame);
        }

        assertEquals(3, rig.link.count(DropReason.ICMP_INVALID));
    }

    @Test
    void shouldIgnoreErrorWhenQuotedPacketIsNotOurs() {
        final int[] offsets = {51, 48, 54}; // protocol, fragment, source
        for (final int offset : offsets) {
            final UnsafeBuffer frame = IpRig.error(Icmp4.DESTINATION_UNREACHABLE, Icmp4.PORT_UNREACHABLE, 0);
            frame.putByte(offset, (byte) (frame.getByte(offset) ^ 0x20));
            Icmp4.seal(frame, 34, ERROR_LENGTH);
            rig.receive(frame);
        }

        assertEquals(3, rig.link.count(DropReason.ICMP_IGNORED));
        assertEquals(3, rig.link.count(Counter.IcmpErrorsIgnored));
        assertEquals(List.of(), rig.errors);
    }
}
