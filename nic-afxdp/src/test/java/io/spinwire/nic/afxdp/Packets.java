package io.spinwire.nic.afxdp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spinwire.wire.Arp;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** Frames for tests, as bytes. Addresses of the peer: 10.77.0.9, 02:00:00:00:00:09. */
final class Packets {
    static final int PEER_ADDRESS = 0x0A4D_0009;
    static final long PEER_MAC = 0x0200_0000_0009L;
    static final int UDP = 17;

    private static final int IP_FRAGMENT = 6;
    private static final int IP_VERSION_IHL = 0;

    private Packets() {}

    static byte[] arp(int targetAddress) {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[60]);
        Ethernet.put(frame, 0, Ethernet.BROADCAST, PEER_MAC, Ethernet.TYPE_ARP);
        Arp.put(frame, 14, Arp.REQUEST);
        Arp.putSender(frame, 14, PEER_MAC, PEER_ADDRESS);
        Arp.putTarget(frame, 14, 0, targetAddress);
        return frame.byteArray();
    }

    /** Source port 40000; 20 bytes of transport header, of which only the ports are set. */
    static byte[] ip(int protocol, int destination, int port) {
        return ip(protocol, destination, port, 0);
    }

    /** @param optionWords IP options, in words of 4 bytes */
    static byte[] ip(int protocol, int destination, int port, int optionWords) {
        final int header = Ipv4.HEADER_LENGTH + 4 * optionWords;
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[Math.max(60, 14 + header + 20)]);
        Ethernet.put(frame, 0, 0x0200_0000_0001L, PEER_MAC, Ethernet.TYPE_IPV4);
        Ipv4.put(frame, 14, 0, header + 20, 1, Ipv4.ttlProtocol(64, protocol));
        Ipv4.seal(frame, 14, PEER_ADDRESS, destination);
        frame.putByte(14 + IP_VERSION_IHL, (byte) (0x45 + optionWords));
        frame.putShort(14 + header, (short) 40_000, BIG_ENDIAN);
        frame.putShort(14 + header + 2, (short) port, BIG_ENDIAN);
        return frame.byteArray();
    }

    static byte[] fragment(byte[] packet, int flagsAndOffset) {
        final byte[] copy = packet.clone();
        new UnsafeBuffer(copy).putShort(14 + IP_FRAGMENT, (short) flagsAndOffset, BIG_ENDIAN);
        return copy;
    }

    /** Puts a tag of the given type before the frame's own type. */
    static byte[] tagged(byte[] packet, int tagType) {
        final byte[] copy = new byte[packet.length + 4];
        System.arraycopy(packet, 0, copy, 0, 12);
        copy[12] = (byte) (tagType >>> 8);
        copy[13] = (byte) tagType;
        copy[15] = 7; // VLAN 7
        System.arraycopy(packet, 12, copy, 16, packet.length - 12);
        return copy;
    }

    static byte[] cut(byte[] packet, int length) {
        return Arrays.copyOf(packet, length);
    }
}
