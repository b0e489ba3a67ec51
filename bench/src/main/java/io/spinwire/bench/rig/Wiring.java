package io.spinwire.bench.rig;

import io.spinwire.daemon.lab.IpCommand;
import io.spinwire.daemon.lab.Lab;
import io.spinwire.nic.afxdp.NetDevice;
import io.spinwire.nic.afxdp.NetNamespace;
import java.util.ArrayList;
import java.util.List;

/**
 * The wires of a run: the lab's two namespaces, and further veth pairs between them, each for one purpose, so that what
 * one measurement needs (XDP, another MTU, software checksums) is no weight on another.
 *
 * <pre>
 *   lab's wire-a  engine (the daemon)      wire-b  kernel client          P3
 *   lab's plain-a kernel                   plain-b kernel                 the baseline of round trips
 *   xdp-a         engine                   xdp-b   engine                 P1, P4, P9
 *   raw-a         frames without protocol  raw-b   the same               the floor: P2, P4a
 *   big-a         engine, large MTU        big-b   engine                 P4j
 *   kbig-a        kernel, the same MTU     kbig-b  kernel                 P4j's baseline
 *   bigflood-a, b  frames without protocol, the same MTU                  the floor under P4j
 *   kplain-a       kernel, MTU 1500        kplain-b kernel                super-packets beside P4
 *   drv-a         the driver               drv-b   kernel UDP client      P7
 *   tx-a          the driver               tx-b    frames dropped         P7
 *   dpdk-a        testpmd                  dpdk-b  kernel UDP client      P7's baseline
 *   dpdk64-a, dpdk1514-a  testpmd          -b      frames dropped         P7's baseline
 *   kseg-a        kernel, receiving by XDP kseg-b  kernel, no offload     P4b: MTU-sized frames on the wire
 *   flows-a       engine                 flows-b engine                  many flows
 *   kflows-a      kernel, super-packets  kflows-b kernel                 their baseline
 *   kfseg-a       kernel, as kseg-a      kfseg-b kernel, as kseg-b       their baseline with MTU-sized frames
 * </pre>
 */
public final class Wiring implements AutoCloseable {
    /** The largest MTU whose frames fit 4 KiB with XDP's headroom and veth's tail. */
    public static final int BIG_MTU = 3_498;

    private static final int MTU = 1_500;

    private final Lab lab;
    private final IpCommand ip = IpCommand.find();
    private final List<Pair> pairs = new ArrayList<>();

    /**
     * A veth pair.
     *
     * @param net third byte of its addresses: side a has 10.79.net.2, side b 10.79.net.1
     */
    public record Pair(String name, int net, int mtu) {
        public String device(String side) {
            return name + "-" + side;
        }

        public String address(String side) {
            return "10.79." + net + (side.equals("a") ? ".2" : ".1");
        }
    }

    /** In a lab that is up. */
    public Wiring(Lab lab) {
        this.lab = lab;
    }

    public Lab lab() {
        return lab;
    }

    /** A pair for engines or raw frames: the kernel has no address on it. */
    public Pair bare(String name, int mtu) {
        return add(name, mtu);
    }

    public Pair bare(String name) {
        return bare(name, MTU);
    }

    /** A pair whose side b is the kernel's, which knows side a's address as a neighbour and sums in software. */
    public Pair halfKernel(String name, int mtu) {
        final Pair pair = add(name, mtu);
        final long mac = NetNamespace.call(lab.namespace("a"), () -> {
            try (NetDevice device = NetDevice.open(pair.device("a"))) {
                return device.macAddress();
            }
        });
        final String hex = String.format("%012x", mac).replaceAll("(..)(?!$)", "$1:");
        final String b = lab.namespace("b");
        ip.run("-n", b, "addr", "add", pair.address("b") + "/24", "dev", pair.device("b"));
        ip.run("-n", b, "neigh", "add", pair.address("a"), "lladdr", hex, "dev", pair.device("b"));
        disableOffloads(pair, "b");
        return pair;
    }

    /** A pair for the kernel against itself, congestion control cubic on its routes. */
    public Pair kernel(String name, int mtu) {
        final Pair pair = add(name, mtu);
        for (final String side : List.of("a", "b")) {
            final String namespace = lab.namespace(side);
            final String address = pair.address(side);
            ip.run("-n", namespace, "addr", "add", address + "/24", "dev", pair.device(side), "noprefixroute");
            ip.run(
                    "-n",
                    namespace,
                    "route",
                    "add",
                    "10.79." + pair.net() + ".0/24",
                    "dev",
                    pair.device(side),
                    "scope",
                    "link",
                    "src",
                    address,
                    "congctl",
                    "cubic");
        }
        return pair;
    }

    /**
     * The same with MTU-sized frames on the wire: no offloads at side b, and native XDP at side a that passes
     * everything on, since its filter is for an address that nobody has.
     *
     * @param receiver in side a's namespace, which holds the XDP program
     */
    Pair segments(String name, End receiver) throws InterruptedException {
        final Pair pair = kernel(name, MTU);
        disableOffloads(pair, "b");
        receiver.ask("open nic=afxdp:" + pair.device("a") + " filter-address=192.0.2.1");
        return pair;
    }

    /** Makes the kernel compute checksums and cut segments itself on this end. */
    public void disableOffloads(Pair pair, String side) {
        NetNamespace.run(lab.namespace(side), () -> {
            try (NetDevice device = NetDevice.open(pair.device(side))) {
                device.disableTxOffloads();
            }
        });
    }

    private Pair add(String name, int mtu) {
        final Pair pair = new Pair(name, pairs.size() + 1, mtu);
        final String size = Integer.toString(mtu);
        final String a = lab.namespace("a");
        final String b = lab.namespace("b");
        ip.run(
                "link",
                "add",
                pair.device("a"),
                "netns",
                a,
                "mtu",
                size,
                "type",
                "veth",
                "peer",
                "name",
                pair.device("b"),
                "netns",
                b,
                "mtu",
                size);
        pairs.add(pair);
        ip.run("-n", a, "link", "set", pair.device("a"), "up");
        ip.run("-n", b, "link", "set", pair.device("b"), "up");
        return pair;
    }

    /** Removes the pairs; the lab is its maker's. */
    @Override
    public void close() {
        for (final Pair pair : pairs) {
            if (NetNamespace.exists(lab.namespace("a"))) {
                ip.run("-n", lab.namespace("a"), "link", "del", pair.device("a"));
            }
        }
        pairs.clear();
    }
}
