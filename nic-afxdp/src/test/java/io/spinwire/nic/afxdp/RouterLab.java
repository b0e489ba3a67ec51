package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Three hosts around a router, each a network namespace: the engine's (10.77.0.2, its address is the engine's and not
 * the kernel's), the kernel peer's (10.78.0.2), and a plain kernel host (10.79.0.2) for comparison over the same path.
 * The router is .1 in each network; it may lose packets at random and have a narrow link to the peer. All frames have
 * the size of the MTU, as they would on a wire. Names begin as those of {@link VethLab}, which removes leftovers.
 */
final class RouterLab implements AutoCloseable {
    static final String INTERFACE = "sw0";
    static final String ENGINE = "10.77.0.2";
    static final String PEER = "10.78.0.2";
    static final String PLAIN = "10.79.0.2";
    static final String ENGINE_GATEWAY = "10.77.0.1";

    private static final List<String> HOSTS = List.of("e", "k", "p");
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final String name;

    private RouterLab(String name) {
        this.name = name;
    }

    static RouterLab create() {
        final RouterLab lab =
                new RouterLab("spinwire-afxdp-" + ProcessHandle.current().pid() + "-r" + NEXT.incrementAndGet());
        VethLab.run("ip", "netns", "add", lab.router());
        lab.ip(lab.router(), "link set lo up");
        for (int i = 0; i < HOSTS.size(); i++) {
            lab.addHost(lab.host(HOSTS.get(i)), "to-" + HOSTS.get(i), "10." + (77 + i) + ".0.");
        }
        for (final String peer : List.of(lab.peer(), lab.plain())) {
            lab.configure(peer, peer.equals(lab.peer()) ? "10.78.0." : "10.79.0.");
        }
        lab.sysctl(lab.router(), "ip_forward", "1");
        return lab;
    }

    private void addHost(String host, String toHost, String network) {
        VethLab.run("ip", "netns", "add", host);
        ip(host, "link set lo up");
        VethLab.run(("ip link add " + INTERFACE + " netns " + host + " type veth peer name " + toHost + " netns "
                        + router())
                .split(" "));
        ip(host, "link set " + INTERFACE + " addrgenmode none");
        ip(host, "link set " + INTERFACE + " up");
        ip(router(), "link set " + toHost + " addrgenmode none");
        ip(router(), "link set " + toHost + " up");
        ip(router(), "address add " + network + "1/24 dev " + toHost);
        segmentAsOnAWire(router(), toHost);
        if (!host.equals(engine())) {
            segmentAsOnAWire(host, INTERFACE);
        }
    }

    /** Its congestion control is set on the route, so that it is the same on every machine. */
    private void configure(String host, String network) {
        ip(host, "address add " + network + "2/24 dev " + INTERFACE);
        ip(host, "route add default via " + network + "1 congctl cubic");
    }

    private static void segmentAsOnAWire(String host, String device) {
        NetNamespace.run(host, () -> {
            try (NetDevice opened = NetDevice.open(device)) {
                opened.disableTxOffloads();
                opened.disableGro();
            }
        });
    }

    private String host(String letter) {
        return name + "-" + letter;
    }

    String engine() {
        return host("e");
    }

    String peer() {
        return host("k");
    }

    String plain() {
        return host("p");
    }

    String router() {
        return host("r");
    }

    private void ip(String host, String arguments) {
        VethLab.run(("ip -n " + host + " " + arguments).split(" "));
    }

    /** The router loses so many of a thousand packets, either way, at random. */
    void lose(int perMille) {
        nft("delete table ip lab", true);
        if (perMille > 0) {
            nft("add table ip lab", false);
            nft("add chain ip lab forward { type filter hook forward priority 0 ; }", false);
            nft("add rule ip lab forward numgen random mod 1000 < " + perMille + " drop", false);
        }
    }

    private void nft(String command, boolean mayFail) {
        try {
            VethLab.run("ip", "netns", "exec", router(), "nft", command);
        } catch (final IllegalStateException e) {
            if (!mayFail) {
                throw e;
            }
        }
    }

    /** For tests that need nft: skipped without it, and failed where the driver's tests are required. */
    static void checkNft() {
        final boolean isThere = List.of("/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft").stream()
                .anyMatch(path -> Files.isExecutable(Path.of(path)));
        if (!isThere) {
            final String why = "the nft program is missing: install nftables";
            if (Boolean.getBoolean("spinwire.require.afxdp")) {
                fail(why);
            }
            abort(why);
        }
    }

    /** The link between router and peer takes datagrams of at most so many bytes, and the peer does not say so. */
    void narrow(int mtu) {
        ip(router(), "link set to-k mtu " + mtu);
        ip(peer(), "link set " + INTERFACE + " mtu " + mtu);
        ip(peer(), "route replace default via 10.78.0.1 congctl cubic advmss 1460");
    }

    /** The router tells nobody what it could not pass on. */
    void silenceRouter() {
        nft("add table ip silence", false);
        nft("add chain ip silence output { type filter hook output priority 0 ; }", false);
        nft("add rule ip silence output icmp type destination-unreachable drop", false);
    }

    /** What the kernel of a host has for this setting of {@code net.ipv4}; null when it has no such setting. */
    String sysctl(String host, String setting) {
        return NetNamespace.call(host, () -> {
            final Path file = Path.of("/proc/sys/net/ipv4", setting);
            return Files.exists(file) ? Files.readString(file).strip() : null;
        });
    }

    /** What the kernel of a host has counted under this name of TcpExt. */
    long count(String host, String name) {
        return NetNamespace.call(host, () -> {
            final List<String> lines = Files.readAllLines(Path.of("/proc/thread-self/net/netstat"));
            final List<String> names = List.of(lines.get(0).split(" "));
            return Long.parseLong(lines.get(1).split(" ")[names.indexOf(name)]);
        });
    }

    /** Sets {@code net.ipv4.SETTING} of a host. */
    void sysctl(String host, String setting, String value) {
        NetNamespace.run(host, () -> {
            try {
                Files.writeString(Path.of("/proc/sys/net/ipv4", setting), value);
            } catch (final IOException e) {
                throw new IllegalStateException("net.ipv4." + setting + " = " + value, e);
            }
        });
    }

    @Override
    public void close() {
        for (final String host : HOSTS) {
            VethLab.run("ip", "netns", "delete", host(host));
        }
        VethLab.run("ip", "netns", "delete", router());
    }
}
