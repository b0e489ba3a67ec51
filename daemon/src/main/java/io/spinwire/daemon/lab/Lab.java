package io.spinwire.daemon.lab;

import io.spinwire.nic.afxdp.NetDevice;
import io.spinwire.nic.afxdp.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two namespaces and two veth pairs between them. Nothing of it is ever in the machine's own namespace, so no name can
 * collide with the machine's interfaces and nothing there changes.
 *
 * <pre>
 *   spinwire-a (the engine)                     spinwire-b (clients of the kernel)
 *   wire-a   no address: the engine has         wire-b   10.77.0.1/24, checksums computed in
 *            10.77.0.2/24                                software
 *   plain-a  10.78.0.2/24, never XDP            plain-b  10.78.0.1/24: for the kernel against itself
 * </pre>
 */
public final class Lab {
    /** The engine's address. */
    public static final String ENGINE_ADDRESS = "10.77.0.2";

    /** The same with its prefix. */
    public static final String ENGINE_CIDR = ENGINE_ADDRESS + "/24";

    /** The kernel's address beside the engine, on the pair without XDP. */
    public static final String KERNEL_ADDRESS = "10.78.0.2";

    /** The engine's interface, in namespace a. */
    public static final String ENGINE_INTERFACE = "wire-a";

    private static final String PEER_INTERFACE = "wire-b";
    private static final String PLAIN_A = "plain-a";
    private static final String PLAIN_B = "plain-b";
    private static final String MTU = "1500";
    private static final String CONGESTION_CONTROL = "cubic";

    private final String prefix;

    /**
     * A lab whose namespaces are called {@code prefix-a} and {@code prefix-b}; {@code spinwire} unless it is a test's.
     */
    public Lab(String prefix) {
        if (!prefix.matches("[a-z0-9-]{1,40}")) {
            throw new LabException("\"" + prefix + "\" is refused: 1 to 40 small letters, digits, dashes are allowed");
        }
        this.prefix = prefix;
    }

    /** Namespace of {@code a} (the engine) or {@code b} (the clients). */
    public String namespace(String side) {
        if (!side.equals("a") && !side.equals("b")) {
            throw new LabException("\"" + side + "\" is no side of the lab: a has the engine, b the clients");
        }
        return prefix + "-" + side;
    }

    /** What is missing for a lab on this machine and how to get it, or null. */
    public static String missing() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return "this is " + System.getProperty("os.name") + ": network namespaces and AF_XDP are Linux's";
        }
        if (!isRoot()) {
            return "not root: run it with sudo (namespaces and AF_XDP need CAP_SYS_ADMIN, CAP_NET_RAW, CAP_BPF)";
        }
        if (IpCommand.path().isEmpty()) {
            return "the ip command is missing: install iproute2";
        }
        return null;
    }

    /** Whether both namespaces with all their interfaces are there. */
    public boolean isUp() {
        return hasInterfaces("a", ENGINE_INTERFACE, PLAIN_A) && hasInterfaces("b", PEER_INTERFACE, PLAIN_B);
    }

    /** Makes the lab; what is left of an earlier, incomplete one is removed first. Does nothing when it is up. */
    public void up() {
        checkPossible();
        if (isUp()) {
            return;
        }
        down();
        final IpCommand ip = IpCommand.find();
        try {
            make(ip);
        } catch (final RuntimeException e) {
            down();
            throw e;
        }
    }

    private void make(IpCommand ip) {
        final String a = namespace("a");
        final String b = namespace("b");
        ip.run("netns", "add", a);
        ip.run("netns", "add", b);
        NetNamespace.run(a, Lab::quieten);
        NetNamespace.run(b, Lab::quieten);
        ip.run("-n", a, "link", "set", "lo", "up");
        ip.run("-n", b, "link", "set", "lo", "up");
        pair(ip, ENGINE_INTERFACE, PEER_INTERFACE);
        pair(ip, PLAIN_A, PLAIN_B);
        address(ip, b, PEER_INTERFACE, "10.77.0.1", "10.77.0.0/24");
        address(ip, a, PLAIN_A, KERNEL_ADDRESS, "10.78.0.0/24");
        address(ip, b, PLAIN_B, "10.78.0.1", "10.78.0.0/24");
        NetNamespace.run(b, Lab::computeChecksums);
    }

    private void pair(IpCommand ip, String nameA, String nameB) {
        final String a = namespace("a");
        final String b = namespace("b");
        ip.run(
                "link", "add", nameA, "netns", a, "mtu", MTU, "type", "veth", "peer", "name", nameB, "netns", b, "mtu",
                MTU);
        ip.run("-n", a, "link", "set", nameA, "up");
        ip.run("-n", b, "link", "set", nameB, "up");
    }

    /**
     * Gives the kernel an address. Its congestion control is set on the route, so that it is the same on every machine:
     * a namespace may take the system's default (bbr for example) but not set another.
     */
    private static void address(IpCommand ip, String namespace, String device, String address, String network) {
        ip.run("-n", namespace, "addr", "add", address + "/24", "dev", device, "noprefixroute");
        final List<String> route = new ArrayList<>(
                List.of("-n", namespace, "route", "add", network, "dev", device, "scope", "link", "src", address));
        if (hasCongestionControl()) {
            route.addAll(List.of("congctl", CONGESTION_CONTROL));
        }
        ip.run(route.toArray(new String[0]));
    }

    private static boolean hasCongestionControl() {
        try {
            return Files.readString(Path.of("/proc/sys/net/ipv4/tcp_available_congestion_control"))
                    .contains(CONGESTION_CONTROL);
        } catch (final IOException e) {
            return false;
        }
    }

    /** No IPv6 chatter on the wires. */
    private static void quieten() {
        writeSysctl("net/ipv6/conf/all/disable_ipv6", "1");
        writeSysctl("net/ipv6/conf/default/disable_ipv6", "1");
    }

    private static void writeSysctl(String name, String value) {
        final Path file = Path.of("/proc/sys", name);
        if (!Files.exists(file)) {
            return; // a kernel without IPv6 has no IPv6 to switch off
        }
        try {
            Files.writeString(file, value);
        } catch (final IOException e) {
            throw new LabException("cannot write " + value + " to " + file + ": " + e.getMessage());
        }
    }

    /** Otherwise the kernel leaves TCP checksums to a hardware that veth does not have. */
    private static void computeChecksums() {
        try (NetDevice device = NetDevice.open(PEER_INTERFACE)) {
            device.disableTxOffloads();
        }
    }

    /**
     * Removes the lab, or what there is of it. Programs that still run inside keep their namespace, without its wires.
     */
    public void down() {
        checkPossible();
        final IpCommand ip = IpCommand.find();
        for (final String side : List.of("a", "b")) {
            final String namespace = namespace(side);
            if (NetNamespace.exists(namespace)) {
                removeInterfaces(ip, namespace);
                ip.run("netns", "del", namespace);
            }
        }
    }

    private static void removeInterfaces(IpCommand ip, String namespace) {
        for (final String name : List.of(ENGINE_INTERFACE, PEER_INTERFACE, PLAIN_A, PLAIN_B)) {
            if (hasInterface(namespace, name)) {
                ip.run("-n", namespace, "link", "del", name);
            }
        }
    }

    /** The command line that runs {@code command} on a side of the lab, which must be up. */
    public List<String> command(String side, List<String> command) {
        checkPossible();
        final String namespace = namespace(side);
        if (!NetNamespace.exists(namespace)) {
            throw new LabException("there is no lab: \"spinwire lab up\" makes it");
        }
        return IpCommand.find().inNamespace(namespace, command);
    }

    private static void checkPossible() {
        final String missing = missing();
        if (missing != null) {
            throw new LabException(missing);
        }
    }

    private boolean hasInterfaces(String side, String... names) {
        return NetNamespace.exists(namespace(side))
                && List.of(names).stream().allMatch(name -> hasInterface(namespace(side), name));
    }

    private static boolean hasInterface(String namespace, String name) {
        return NetNamespace.call(
                namespace,
                () -> Files.readAllLines(Path.of("/proc/thread-self/net/dev")).stream()
                        .anyMatch(line -> line.strip().startsWith(name + ":")));
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (final IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
