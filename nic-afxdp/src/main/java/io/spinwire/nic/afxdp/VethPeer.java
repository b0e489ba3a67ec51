package io.spinwire.nic.afxdp;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The other end of a veth, wherever it is: in this namespace, in a named one, or in the machine's own.
 *
 * @param name of the interface, empty when its namespace has no name that can be entered
 * @param namespace path to enter, null for this namespace
 */
record VethPeer(String name, Path namespace) {
    private static final Path MACHINE = Path.of("/proc/1/ns/net");

    /** @param state of our end, which has a peer */
    static VethPeer of(LinkState state) {
        if (state.peerNamespaceId() == LinkState.SAME_NAMESPACE) {
            return new VethPeer(nameOf(state.peerIndex()), null);
        }
        for (final Path candidate : candidates()) {
            if (namespaceId(candidate) == state.peerNamespaceId()) {
                return new VethPeer(NetNamespace.callAt(candidate, () -> nameOf(state.peerIndex())), candidate);
            }
        }
        return new VethPeer("", null);
    }

    private static List<Path> candidates() {
        final List<Path> candidates = new ArrayList<>();
        NetNamespace.names().forEach(name -> candidates.add(NetNamespace.path(name)));
        candidates.add(MACHINE);
        return candidates;
    }

    private static int namespaceId(Path namespace) {
        final int fd = Libc.open(namespace.toString());
        if (fd < 0) {
            return LinkState.SAME_NAMESPACE;
        }
        try {
            return LinkState.namespaceId(fd);
        } finally {
            Libc.close(fd);
        }
    }

    private static String nameOf(int index) {
        final LinkState peer = LinkState.read(index);
        return peer == null ? "" : peer.name();
    }

    boolean isReachable() {
        return !name.isEmpty();
    }

    /** Asks the peer something, in its namespace. */
    <T> T ask(Function<NetDevice, T> question) {
        if (namespace == null) {
            return answer(question);
        }
        return NetNamespace.callAt(namespace, () -> answer(question));
    }

    private <T> T answer(Function<NetDevice, T> question) {
        try (NetDevice device = NetDevice.open(name)) {
            return question.apply(device);
        }
    }

    /** A command for a person to type, to be run where the peer is. */
    String command(String command) {
        if (namespace == null || namespace.equals(MACHINE)) {
            return command;
        }
        return "ip netns exec " + namespace.getFileName() + " " + command;
    }

    @Override
    public String toString() {
        final String where = namespace == null
                ? ""
                : namespace.equals(MACHINE)
                        ? " in the machine's namespace"
                        : " in namespace " + namespace.getFileName();
        return name + where;
    }
}
