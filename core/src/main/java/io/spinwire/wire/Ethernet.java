package io.spinwire.wire;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Ethernet II header, and the one IEEE 802.1Q tag that may follow it.
 *
 * <pre>
 *  0                 6                12      14          16      18
 * +-----------------+-----------------+-------+- - - - - -+- - - -+
 * | destination MAC | source MAC      | type  | PCP/DEI/VID| type  |   the last two only when type is 0x8100
 * +-----------------+-----------------+-------+- - - - - -+- - - -+
 * </pre>
 */
public final class Ethernet {
    public static final int HEADER_LENGTH = 14;
    public static final int VLAN_TAG_LENGTH = 4;

    public static final int TYPE_IPV4 = 0x0800;
    public static final int TYPE_ARP = 0x0806;
    public static final int TYPE_VLAN = 0x8100;

    public static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

    private static final int DESTINATION = 0;
    private static final int SOURCE = 6;
    private static final int TYPE = 12;
    private static final int VLAN_TAG = 14;
    private static final long GROUP_BIT = 0x0100_0000_0000L;
    private static final int VID_MASK = 0x0FFF;

    private Ethernet() {}

    public static long destination(DirectBuffer buffer, int offset) {
        return mac(buffer, offset + DESTINATION);
    }

    public static long source(DirectBuffer buffer, int offset) {
        return mac(buffer, offset + SOURCE);
    }

    /** The field at 12: an EtherType, {@link #TYPE_VLAN}, or below 1536 an IEEE 802.3 length. */
    public static int type(DirectBuffer buffer, int offset) {
        return NetworkOrder.readShort(buffer, offset, TYPE) & 0xFFFF;
    }

    /** VLAN identifier (12 bits) of a tagged frame. */
    public static int vlanId(DirectBuffer buffer, int offset) {
        return NetworkOrder.readShort(buffer, offset, VLAN_TAG) & VID_MASK;
    }

    /** EtherType behind the tag of a tagged frame. */
    public static int vlanInnerType(DirectBuffer buffer, int offset) {
        return type(buffer, offset + VLAN_TAG_LENGTH);
    }

    /** Writes an untagged header. */
    public static void put(MutableDirectBuffer buffer, int offset, long destination, long source, int type) {
        putMac(buffer, offset + DESTINATION, destination);
        putMac(buffer, offset + SOURCE, source);
        NetworkOrder.writeShort(buffer, offset, TYPE, (short) type);
    }

    /** Writes a header with one 802.1Q tag of priority 0. */
    public static void putTagged(
            MutableDirectBuffer buffer, int offset, long destination, long source, int vlanId, int type) {
        put(buffer, offset, destination, source, TYPE_VLAN);
        NetworkOrder.writeShort(buffer, offset, VLAN_TAG, (short) (vlanId & VID_MASK));
        NetworkOrder.writeShort(buffer, offset, VLAN_TAG + 2, (short) type);
    }

    /** Broadcast or multicast: the group bit of the first byte. */
    public static boolean isGroup(long mac) {
        return (mac & GROUP_BIT) != 0;
    }

    public static long mac(DirectBuffer buffer, int offset) {
        return (NetworkOrder.readInt(buffer, offset, 0) & 0xFFFF_FFFFL) << 16
                | NetworkOrder.readShort(buffer, offset, 4) & 0xFFFFL;
    }

    public static void putMac(MutableDirectBuffer buffer, int offset, long mac) {
        NetworkOrder.writeInt(buffer, offset, 0, (int) (mac >>> 16));
        NetworkOrder.writeShort(buffer, offset, 4, (short) mac);
    }

    /** Copies a header, tagged or not, by longs that overlap: quicker than a call that copies 14 bytes. */
    public static void copyHeader(DirectBuffer src, int from, MutableDirectBuffer dst, int to, int length) {
        final int tail = length - Long.BYTES;
        NetworkOrder.copyLong(src, from, dst, to, 0);
        if (tail > Long.BYTES) {
            NetworkOrder.copyLong(src, from, dst, to, Long.BYTES);
        }
        NetworkOrder.copyLong(src, from, dst, to, tail);
    }
}
