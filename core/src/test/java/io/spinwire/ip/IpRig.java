package io.spinwire.ip;

import io.spinwire.link.LinkRig;
import io.spinwire.nic.Frame;
import io.spinwire.wire.Checksum;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Icmp4;
import io.spinwire.wire.Ipv4;
import io.spinwire.wire.TcpHeader;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Link and IP of the host 10.0.0.2/24 with the default gateway 10.0.0.254, and a recorder where TCP would be. */
final class IpRig {
    static final int OWN = LinkRig.OWN;
    static final int PEER = LinkRig.PEER;
    static final int GATEWAY = 0x0A00_00FE;
    static final int FAR = 0x0808_0808;
    static final int LOOPBACK_FRAMES = 8;

    record Segment(long addressPair, int length, boolean isChecksumValid, long receivedNs) {}

    record Error(long addressPair, int localPort, int remotePort, int seq, int typeAndCode, int nextHopMtu) {}

    final LinkRig link = new LinkRig();
    final RouteTable routes = new RouteTable(link.local, 1500, 64);
    final LocalDelivery localDelivery = new LocalDelivery(LOOPBACK_FRAMES, 4000, link.counters, link.hooks);
    final IpOutput output = new IpOutput(routes, link.neighbourOutput, localDelivery, link.counters, link.hooks);
    final List<Segment> segments = new ArrayList<>();
    final List<Error> errors = new ArrayList<>();
    final IpInput input;
    final Frame tx = new Frame();

    IpRig() {
        this(1000);
    }

    IpRig(int icmpPerSecond) {
        routes.add(0, 0, GATEWAY);
        final TransportErrors recorder = (pair, local, remote, seq, typeAndCode, mtu) ->
                errors.add(new Error(pair, local, remote, seq, typeAndCode, mtu));
        final Icmp icmp = new Icmp(link.local, output, recorder, icmpPerSecond, link.drops, link.counters);
        input = new IpInput(link.local, IpRig.this::onSegment, icmp, link.drops, link.counters, link.hooks);
        link.connect(input);
        link.neighbours.addStatic(PEER, LinkRig.PEER_MAC);
    }

    private void onSegment(Frame frame, long pair) {
        final long sum =
                Checksum.add(frame.pseudoHeaderSum, frame.buffer, frame.transportOffset, frame.transportLength());
        segments.add(new Segment(pair, frame.transportLength(), Checksum.finish(sum) == 0, frame.receivedNs));
    }

    /** Sends a bare TCP header; false when refused or unreachable. */
    boolean send(int destination, boolean isPriority) {
        final long dst = output.route(destination);
        final long pair = AddressPair.of(OWN, destination);
        if (dst == IpOutput.UNREACHABLE || !output.claim(tx, dst, TcpHeader.LENGTH, isPriority, link.nowNs)) {
            return false;
        }
        TcpHeader.putPorts(tx.buffer, tx.transportOffset, 1234, 80);
        TcpHeader.putSeqAndAck(tx.buffer, tx.transportOffset, 1, 2);
        TcpHeader.putControl(tx.buffer, tx.transportOffset, TcpHeader.LENGTH, TcpHeader.ACK, 1000, 0);
        final long sum = output.pseudoHeaderSum(pair, Ipv4.PROTOCOL_TCP, TcpHeader.LENGTH);
        TcpHeader.seal(tx.buffer, tx.transportOffset, sum, TcpHeader.LENGTH);
        output.send(tx, dst, pair, 0x10, 0, false);
        return true;
    }

    /** A datagram in a frame to us, padded to 60 bytes; the transport is zeros. */
    static UnsafeBuffer datagram(int source, int destination, int protocol, int transportLength) {
        final int total = Ipv4.HEADER_LENGTH + transportLength;
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Math.max(60, 14 + total)]);
        Ethernet.put(buffer, 0, LinkRig.OWN_MAC, LinkRig.PEER_MAC, Ethernet.TYPE_IPV4);
        Ipv4.put(buffer, 14, 0, total, 77, Ipv4.ttlProtocol(64, protocol));
        Ipv4.seal(buffer, 14, source, destination);
        return buffer;
    }

    /** A TCP segment without payload from a host to us. */
    static UnsafeBuffer segment(int source, int destination) {
        final UnsafeBuffer buffer = datagram(source, destination, Ipv4.PROTOCOL_TCP, TcpHeader.LENGTH);
        TcpHeader.putPorts(buffer, 34, 4000, 80);
        TcpHeader.putControl(buffer, 34, TcpHeader.LENGTH, TcpHeader.SYN, 1000, 0);
        final long sum = Ipv4.pseudoHeaderSum(source, destination, Ipv4.PROTOCOL_TCP, TcpHeader.LENGTH);
        TcpHeader.seal(buffer, 34, sum, TcpHeader.LENGTH);
        return buffer;
    }

    /** An echo request with a payload. */
    static UnsafeBuffer echo(int source, int destination, int payloadLength) {
        final int length = Icmp4.HEADER_LENGTH + payloadLength;
        final UnsafeBuffer buffer = datagram(source, destination, Ipv4.PROTOCOL_ICMP, length);
        buffer.setMemory(34, length, (byte) 0x5A);
        Icmp4.putTypeAndCode(buffer, 34, Icmp4.ECHO_REQUEST, 0);
        Icmp4.seal(buffer, 34, length);
        return buffer;
    }

    /** An error about a TCP segment from us to {@link #FAR}, as a router sends it. */
    static UnsafeBuffer error(int type, int code, int mtu) {
        final int length = Icmp4.HEADER_LENGTH + Ipv4.HEADER_LENGTH + 8;
        final UnsafeBuffer buffer = datagram(GATEWAY, OWN, Ipv4.PROTOCOL_ICMP, length);
        Icmp4.putTypeAndCode(buffer, 34, type, code);
        buffer.putShort(40, Short.reverseBytes((short) mtu));
        Ipv4.put(buffer, 42, 0, 1500, 0, Ipv4.ttlProtocol(9, Ipv4.PROTOCOL_TCP));
        Ipv4.seal(buffer, 42, OWN, FAR);
        TcpHeader.putPorts(buffer, 62, 40_000, 443);
        buffer.putInt(66, Integer.reverseBytes(0x0102_0304));
        Icmp4.seal(buffer, 34, length);
        return buffer;
    }

    /** Writes the header checksum anew after a change. */
    static void reseal(UnsafeBuffer buffer) {
        Checksum.store(buffer, 14, 10, 0);
        final int length = Math.min(Ipv4.headerLength(buffer, 14), buffer.capacity() - 14);
        Checksum.store(buffer, 14, 10, Checksum.finish(Checksum.add(0, buffer, 14, length)));
    }

    void receive(UnsafeBuffer frame) {
        link.receive(frame.byteArray());
    }

    void receive(UnsafeBuffer frame, int length) {
        link.ethernetInput.beginBurst(link.nowNs);
        link.ethernetInput.onFrame(frame, 0, length);
    }

    DirectBuffer sent() {
        return new UnsafeBuffer(link.nic.take());
    }
}
