package io.spinwire.nic.afxdp;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * What the kernel tells of an interface over netlink and not by ioctl: who holds XDP on it, where its veth peer is, and
 * what its driver can do with XDP.
 *
 * @param name of the interface
 * @param peerIndex index of the veth peer in its own namespace, 0 when there is none
 * @param peerNamespaceId namespace of the peer as this one numbers it, or {@link #SAME_NAMESPACE}
 * @param xdpMode 0 none, 1 native, 2 generic, 3 offloaded, 4 several
 * @param xdpProgramId of the program attached, 0 when none
 * @param xdpFeatures NETDEV_XDP_ACT_ bits, or {@link #UNKNOWN} where the kernel does not tell (before 6.3)
 */
record LinkState(String name, int peerIndex, int peerNamespaceId, int xdpMode, int xdpProgramId, long xdpFeatures) {
    static final int SAME_NAMESPACE = -1;
    static final long UNKNOWN = -1;
    static final long FEATURE_NATIVE = 1;
    static final long FEATURE_REDIRECT = 2;
    static final long FEATURE_ZERO_COPY = 8;

    private static final int RTM_GETLINK = 18;
    private static final int RTM_GETNSID = 90;
    private static final int IFINFO_LENGTH = 16;
    private static final int IFINFO_INDEX = 4;
    private static final int RTGEN_LENGTH = 4;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_LINK_NETNSID = 37;
    private static final int IFLA_XDP = 43;
    private static final int IFLA_XDP_ATTACHED = 2;
    private static final int IFLA_XDP_PROG_ID = 4;
    private static final int NETNSA_NSID = 1;
    private static final int NETNSA_FD = 3;
    private static final int NO_NAMESPACE_ID = -1;

    private static final int GENL_HEADER_LENGTH = 4;
    private static final int GENL_ID_CTRL = 16;
    private static final int CTRL_CMD_GETFAMILY = 3;
    private static final int CTRL_ATTR_FAMILY_ID = 1;
    private static final int CTRL_ATTR_FAMILY_NAME = 2;
    private static final int NETDEV_CMD_DEV_GET = 1;
    private static final int NETDEV_A_DEV_IFINDEX = 1;
    private static final int NETDEV_A_DEV_XDP_FEATURES = 3;
    private static final int REQUEST_LENGTH = 64;

    /** @return null when the kernel does not answer: no such interface */
    static LinkState read(int index) {
        try (Netlink route = Netlink.open(Netlink.ROUTE)) {
            if (route == null) {
                return null;
            }
            final ByteBuffer body = Netlink.body(REQUEST_LENGTH).putInt(IFINFO_INDEX, index);
            final Map<Integer, ByteBuffer> link = route.call(RTM_GETLINK, body.position(IFINFO_LENGTH), IFINFO_LENGTH);
            if (link == null) {
                return null;
            }
            final Map<Integer, ByteBuffer> xdp =
                    link.containsKey(IFLA_XDP) ? Netlink.attributes(link.get(IFLA_XDP)) : Map.of();
            return new LinkState(
                    Netlink.text(link.get(IFLA_IFNAME)),
                    number(link, IFLA_LINK, 0),
                    number(link, IFLA_LINK_NETNSID, SAME_NAMESPACE),
                    xdp.containsKey(IFLA_XDP_ATTACHED)
                            ? xdp.get(IFLA_XDP_ATTACHED).get(0)
                            : 0,
                    number(xdp, IFLA_XDP_PROG_ID, 0),
                    features(index));
        }
    }

    private static int number(Map<Integer, ByteBuffer> attributes, int type, int absent) {
        final ByteBuffer value = attributes.get(type);
        return value == null ? absent : value.getInt(0);
    }

    /** How this namespace numbers another one, given by a descriptor; -1 when it has no number for it. */
    static int namespaceId(int namespaceFd) {
        try (Netlink route = Netlink.open(Netlink.ROUTE)) {
            if (route == null) {
                return NO_NAMESPACE_ID;
            }
            final ByteBuffer body = Netlink.body(REQUEST_LENGTH).position(RTGEN_LENGTH);
            Netlink.putAttribute(body, NETNSA_FD, namespaceFd);
            final Map<Integer, ByteBuffer> reply = route.call(RTM_GETNSID, body, RTGEN_LENGTH);
            return reply == null ? NO_NAMESPACE_ID : number(reply, NETNSA_NSID, NO_NAMESPACE_ID);
        }
    }

    private static long features(int index) {
        try (Netlink generic = Netlink.open(Netlink.GENERIC)) {
            if (generic == null) {
                return UNKNOWN;
            }
            final ByteBuffer ask = genericBody(CTRL_CMD_GETFAMILY);
            Netlink.putAttribute(ask, CTRL_ATTR_FAMILY_NAME, "netdev");
            final Map<Integer, ByteBuffer> family = generic.call(GENL_ID_CTRL, ask, GENL_HEADER_LENGTH);
            if (family == null || !family.containsKey(CTRL_ATTR_FAMILY_ID)) {
                return UNKNOWN;
            }
            final ByteBuffer body = genericBody(NETDEV_CMD_DEV_GET);
            Netlink.putAttribute(body, NETDEV_A_DEV_IFINDEX, index);
            final Map<Integer, ByteBuffer> device =
                    generic.call(family.get(CTRL_ATTR_FAMILY_ID).getShort(0), body, GENL_HEADER_LENGTH);
            return device == null || !device.containsKey(NETDEV_A_DEV_XDP_FEATURES)
                    ? UNKNOWN
                    : device.get(NETDEV_A_DEV_XDP_FEATURES).getLong(0);
        }
    }

    private static ByteBuffer genericBody(int command) {
        return Netlink.body(REQUEST_LENGTH).put((byte) command).put((byte) 1).putShort((short) 0);
    }

    boolean hasFeature(long feature) {
        return xdpFeatures != UNKNOWN && (xdpFeatures & feature) != 0;
    }

    String xdpModeName() {
        return switch (xdpMode) {
            case 0 -> "none";
            case 1 -> "native";
            case 2 -> "generic";
            case 3 -> "offloaded";
            default -> "several";
        };
    }
}
