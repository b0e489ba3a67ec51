package io.spinwire.link;

import io.spinwire.wire.Ethernet;
import org.agrona.MutableDirectBuffer;

/**
 * What all Ethernet headers of one engine have in common: the own hardware address, and the VLAN tag if there is one.
 * Linux: {@code eth_header()}. Immutable.
 */
public final class EthernetHeader {
    /** VLAN identifiers 0 and 4095 are reserved, IEEE 802.1Q table 9-2. */
    private static final int MAX_VLAN_ID = 4094;

    private final long mac;
    private final int vlanId;

    /**
     * A header's common part.
     *
     * @param mac own hardware address, low 48 bits
     * @param vlanId 1 to 4094, or 0 for untagged frames
     */
    public EthernetHeader(long mac, int vlanId) {
        if (vlanId < 0 || vlanId > MAX_VLAN_ID) {
            throw new IllegalArgumentException(
                    "vlan " + vlanId + ": give 1 to " + MAX_VLAN_ID + ", or 0 for untagged frames");
        }
        this.mac = mac;
        this.vlanId = vlanId;
    }

    /** 14 bytes, 18 with a tag. */
    public int length() {
        return vlanId == 0 ? Ethernet.HEADER_LENGTH : Ethernet.HEADER_LENGTH + Ethernet.VLAN_TAG_LENGTH;
    }

    /** Own hardware address. */
    public long mac() {
        return mac;
    }

    /** VLAN of all frames, or 0 when they are untagged. */
    public int vlanId() {
        return vlanId;
    }

    /** Writes {@link #length()} bytes. */
    public void put(MutableDirectBuffer buffer, int offset, long destination, int etherType) {
        if (vlanId == 0) {
            Ethernet.put(buffer, offset, destination, mac, etherType);
        } else {
            Ethernet.putTagged(buffer, offset, destination, mac, vlanId, etherType);
        }
    }
}
