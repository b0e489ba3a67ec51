package io.spinwire.daemon;

import io.spinwire.daemon.config.ConfigException;
import io.spinwire.daemon.config.ConfigReader;
import io.spinwire.daemon.config.DaemonConfig;
import io.spinwire.daemon.server.Daemon;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spinwire run}: starts a daemon and stays until it is told to stop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        header = "Serve on a network card.",
        description = {
            "",
            "Opens the card's queue, starts the engine and the services, and prints one line \"ready ...\".",
            "Ctrl-C or SIGTERM closes all connections in order, within a bound, and leaves nothing behind.",
            "Only ARP and ICMP for the addresses and TCP to the services' ports are taken from the kernel.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sudo spinwire run --nic afxdp:eth0 --address 10.0.0.2/24 --gateway 10.0.0.1 --http 80 --echo 7",
            "  sudo spinwire run --config spinwire.toml --idle busy-spin --cpu 3",
            "  spinwire run --nic pipe --address 10.0.0.2/24 --echo 7     in memory; needs no root",
            "",
            "\"spinwire config\" prints a file with every setting; --set takes any of them."
        })
final class RunCommand implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "TOML file with settings; flags replace them.")
    private Path configFile;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = {
                "Ready-made settings: latency (as shipped), throughput, or none for Linux's.",
                "What file and flags set replaces them."
            })
    private String profile;

    @Option(
            names = "--nic",
            paramLabel = "NIC",
            description = "afxdp:IFACE[,queue=N,mode=auto|native|generic,...] or pipe.")
    private String nic;

    @Option(names = "--address", paramLabel = "CIDR", description = "Own address, as 10.0.0.2/24. May be repeated.")
    private List<String> addresses;

    @Option(names = "--gateway", paramLabel = "IP", description = "Default gateway.")
    private String gateway;

    @Option(
            names = "--route",
            paramLabel = "ROUTE",
            description = "Route, as \"192.168.0.0/16 via 10.0.0.3\". May be repeated.")
    private List<String> routes;

    @Option(
            names = "--neighbour",
            paramLabel = "NEIGHBOUR",
            description = "Static neighbour, as \"10.0.0.9 02:00:00:00:00:09\". May be repeated.")
    private List<String> neighbours;

    @Option(names = "--all-ports", description = "Take all TCP ports of the addresses, not only those served.")
    private boolean allPorts;

    @Option(names = "--echo", paramLabel = "PORT", description = "RFC 862: sends back what comes.")
    private String echo;

    @Option(names = "--discard", paramLabel = "PORT", description = "RFC 863: takes what comes.")
    private String discard;

    @Option(names = "--chargen", paramLabel = "PORT", description = "RFC 864: sends text without end.")
    private String chargen;

    @Option(names = "--http", paramLabel = "PORT", description = "Status page, /status.json, /connections, /bytes/N.")
    private String http;

    @Option(names = "--ping", paramLabel = "IP:PORT", description = "Ping an echo service without pause.")
    private String ping;

    @Option(names = "--idle", paramLabel = "HOW", description = "busy-spin (as shipped) or backoff.")
    private String idle;

    @Option(
            names = "--cpu",
            paramLabel = "N",
            description = "CPU that the engine thread stays on; without it, it finds one of its own.")
    private String cpu;

    @Option(names = "--pcap", paramLabel = "FILE", description = "Capture all frames into a pcapng file.")
    private String pcap;

    @Option(names = "--mtu", paramLabel = "BYTES", description = "Largest IP datagram, if less than the card's.")
    private String mtu;

    @Option(names = "--vlan", paramLabel = "ID", description = "VLAN of all frames.")
    private String vlan;

    @Option(names = "--accept-partial-checksums", description = "Take segments whose checksum a veth peer left undone.")
    private boolean acceptPartialChecksums;

    @Option(
            names = "--shutdown-timeout",
            paramLabel = "TIME",
            description = "How long connections may take to close at the end, as 5s.")
    private String shutdownTimeout;

    @Option(names = "--name", paramLabel = "NAME", description = "Name among other daemons of this machine.")
    private String name;

    @Option(names = "--folder", paramLabel = "DIR", description = "Where counters and control socket are.")
    private String folder;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "Any setting of the file, as tcp.min-rto=10ms.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--with-parent", hidden = true, description = "Stop when standard input ends.")
    private boolean isWithParent;

    @Override
    public Integer call() throws InterruptedException {
        final DaemonConfig config = config();
        final Daemon daemon = Daemon.start(config, Version.text(), System.out);
        final Thread stopper = Thread.ofPlatform().unstarted(() -> {
            daemon.close();
            // A stop that was asked for is a success; left to itself, the JVM would report the signal.
            Runtime.getRuntime().halt(daemon.failure() == null ? 0 : Main.FAULT);
        });
        Runtime.getRuntime().addShutdownHook(stopper);
        if (isWithParent) {
            ParentWatch.start();
        }
        while (daemon.check()) {
            TimeUnit.SECONDS.sleep(1);
        }
        if (daemon.failure() != null) {
            daemon.failure().printStackTrace();
        }
        return Main.FAULT; // the hook closes what is left
    }

    DaemonConfig config() {
        final ConfigReader reader = new ConfigReader();
        if (configFile != null) {
            reader.file(configFile);
        }
        if (profile != null) {
            reader.profile(profile, "--profile");
        }
        settings.forEach((path, value) -> reader.set(path, value, "--set " + path));
        flags().forEach((flag, given) -> {
            if (given.value != null) {
                reader.set(given.path, given.value, flag);
            }
        });
        final DaemonConfig config = reader.build();
        if (config.nic().isEmpty()) {
            throw new ConfigException("no network card: give --nic afxdp:IFACE (as afxdp:eth0) or --nic pipe");
        }
        if (!config.nic().contains(":") && !config.nic().equals(Daemon.PIPE)) {
            throw new ConfigException("nic \"" + config.nic() + "\" lacks its driver: write afxdp:" + config.nic()
                    + " for an interface, or pipe for one in memory");
        }
        if (!config.hasServices() && !config.allPorts()) {
            throw new ConfigException("nothing to serve: give --echo, --discard, --chargen or --http a port");
        }
        return config;
    }

    /** A setting and the value that its flag was given, null where it was not. */
    private record Given(String path, String value) {}

    private Map<String, Given> flags() {
        final Map<String, Given> flags = new LinkedHashMap<>();
        flags.put("--nic", new Given("nic", nic));
        flags.put("--address", new Given("addresses", joined(addresses)));
        flags.put("--gateway", new Given("gateway", gateway));
        flags.put("--route", new Given("routes", joined(routes)));
        flags.put("--neighbour", new Given("neighbours", joined(neighbours)));
        flags.put("--all-ports", new Given("all-ports", allPorts ? "true" : null));
        flags.put("--echo", new Given("services.echo", echo));
        flags.put("--discard", new Given("services.discard", discard));
        flags.put("--chargen", new Given("services.chargen", chargen));
        flags.put("--http", new Given("services.http", http));
        flags.put("--ping", new Given("services.ping", ping));
        flags.put("--idle", new Given("run.idle", idle));
        flags.put("--cpu", new Given("run.cpu", cpu));
        flags.put("--pcap", new Given("run.pcap", pcap));
        flags.put("--mtu", new Given("engine.mtu", mtu));
        flags.put("--vlan", new Given("engine.vlan-id", vlan));
        flags.put(
                "--accept-partial-checksums",
                new Given("engine.accept-partial-checksums", acceptPartialChecksums ? "true" : null));
        flags.put("--shutdown-timeout", new Given("run.shutdown-timeout", shutdownTimeout));
        flags.put("--name", new Given("run.name", name));
        flags.put("--folder", new Given("run.folder", folder));
        return flags;
    }

    private static String joined(List<String> values) {
        return values == null ? null : String.join(",", values);
    }
}
