package io.spinwire.wire;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * ARP for IPv4 over Ethernet, RFC 826.
 *
 * <pre>
 *  0      2      4  5  6      8         14        18        24        28
 * +------+------+--+--+------+---------+---------+---------+---------+
 * | hrd  | pro  |hl|pl| op   | sender  | sender  | target  | target  |
 * | 1    | 0800 |6 |4 |      | MAC     | IPv4    | MAC     | IPv4    |
 * +------+------+--+--+------+---------+---------+---------+---------+
 * </pre>
 */
public final class Arp {
    public static final int LENGTH = 28;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private static final int HARDWARE_TYPE = 0;
    private static final int HARDWARE_LENGTH = 4;
    private static final int OPERATION = 6;
    private static final int SENDER_MAC = 8;
    private static final int SENDER_ADDRESS = 14;
    private static final int TARGET_MAC = 18;
    private static final int TARGET_ADDRESS = 24;
    private static final int ETHERNET_AND_IPV4 = 0x0001_0800;
    private static final int LENGTHS_6_AND_4 = 0x0604;

    private Arp() {}

    /** Hardware Ethernet, protocol IPv4, lengths 6 and 4. */
    public static boolean isIpv4OverEthernet(DirectBuffer buffer, int offset) {
        return NetworkOrder.readInt(buffer, offset, HARDWARE_TYPE) == ETHERNET_AND_IPV4
                && NetworkOrder.readShort(buffer, offset, HARDWARE_LENGTH) == LENGTHS_6_AND_4;
    }

    public static int operation(DirectBuffer buffer, int offset) {
        return NetworkOrder.readShort(buffer, offset, OPERATION) & 0xFFFF;
    }

    public static long senderMac(DirectBuffer buffer, int offset) {
        return Ethernet.mac(buffer, offset + SENDER_MAC);
    }

    public static int senderAddress(DirectBuffer buffer, int offset) {
        return NetworkOrder.readInt(buffer, offset, SENDER_ADDRESS);
    }

    public static long targetMac(DirectBuffer buffer, int offset) {
        return Ethernet.mac(buffer, offset + TARGET_MAC);
    }

    public static int targetAddress(DirectBuffer buffer, int offset) {
        return NetworkOrder.readInt(buffer, offset, TARGET_ADDRESS);
    }

    /** Writes the fixed part and the operation. */
    public static void put(MutableDirectBuffer buffer, int offset, int operation) {
        NetworkOrder.writeInt(buffer, offset, HARDWARE_TYPE, ETHERNET_AND_IPV4);
        NetworkOrder.writeShort(buffer, offset, HARDWARE_LENGTH, (short) LENGTHS_6_AND_4);
        NetworkOrder.writeShort(buffer, offset, OPERATION, (short) operation);
    }

    public static void putSender(MutableDirectBuffer buffer, int offset, long mac, int address) {
        Ethernet.putMac(buffer, offset + SENDER_MAC, mac);
        NetworkOrder.writeInt(buffer, offset, SENDER_ADDRESS, address);
    }

    public static void putTarget(MutableDirectBuffer buffer, int offset, long mac, int address) {
        Ethernet.putMac(buffer, offset + TARGET_MAC, mac);
        NetworkOrder.writeInt(buffer, offset, TARGET_ADDRESS, address);
    }
}
