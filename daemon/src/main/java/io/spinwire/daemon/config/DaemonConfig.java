package io.spinwire.daemon.config;

import io.spinwire.Cidr;
import io.spinwire.EngineConfig;
import io.spinwire.EngineConfigBuilder;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.stats.Counters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything that a running daemon was told. Filled by {@link ConfigReader}, then only read; what each setting means
 * stands in {@code spinwire.toml}.
 */
public final class DaemonConfig {
    /** How the engine thread waits when there is nothing to do. */
    public enum Idle {
        BUSY_SPIN,
        BACKOFF
    }

    private static final String AFXDP = "afxdp:";
    private static final Pattern ROUTE = Pattern.compile("(\\S+)\\s+via\\s+(\\S+)");
    private static final Pattern NEIGHBOUR = Pattern.compile("(\\S+)\\s+((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})");
    private static final Pattern PEER = Pattern.compile("(.+):(\\d{1,5})");
    private static final long MAX_SHUTDOWN_NS = TimeUnit.HOURS.toNanos(1);

    final EngineConfigBuilder engine = EngineConfig.builder();
    final TcpConfigBuilder tcp = TcpConfig.builder();
    private final List<Cidr> addresses = new ArrayList<>();
    String profile = "latency";
    String nic = "";
    int ring;
    int frames;
    boolean allPorts;
    int echoPort;
    int discardPort;
    int chargenPort;
    int httpPort;
    String folder = "/dev/shm/spinwire";
    int cpu = -1;
    boolean ownCpu;
    String pcap = "";
    private InetSocketAddress ping;
    private String name = "spinwire";
    private Idle idle = Idle.BACKOFF;
    private long shutdownTimeoutNs = TimeUnit.SECONDS.toNanos(5);
    private int gateway;

    DaemonConfig() {}

    /** Whose settings hold where none are given: latency, throughput or none. */
    public String profile() {
        return profile;
    }

    /** {@code afxdp:IFACE,...} or {@code pipe}; sizes that the text does not give are those of their own settings. */
    public String nic() {
        return nic.startsWith(AFXDP) ? nic + size("ring", ring) + size("frames", frames) : nic;
    }

    private String size(String key, int value) {
        return value == 0 || nic.contains("," + key + "=") ? "" : "," + key + "=" + value;
    }

    public List<Cidr> addresses() {
        return addresses;
    }

    /** Whether all TCP ports of the addresses are taken from the kernel, not only those of the services. */
    public boolean allPorts() {
        return allPorts;
    }

    /** Port of the echo service, 0 for none; the same for those that follow. */
    public int echoPort() {
        return echoPort;
    }

    public int discardPort() {
        return discardPort;
    }

    public int chargenPort() {
        return chargenPort;
    }

    public int httpPort() {
        return httpPort;
    }

    /** The services that have a port, by name, in the order of the file. */
    public Map<String, Integer> ports() {
        final Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("echo", echoPort);
        ports.put("discard", discardPort);
        ports.put("chargen", chargenPort);
        ports.put("http", httpPort);
        ports.values().removeIf(port -> port == 0);
        return ports;
    }

    /** Whether any service has a port. */
    public boolean hasServices() {
        return !ports().isEmpty();
    }

    /** Echo service that is pinged all the time, or null. */
    public InetSocketAddress ping() {
        return ping;
    }

    public String name() {
        return name;
    }

    /** Folder in which each daemon has one of its name. */
    public Path folder() {
        return Path.of(folder);
    }

    public Idle idle() {
        return idle;
    }

    /** CPU of the engine thread, -1 for any. */
    public int cpu() {
        return cpu;
    }

    /** Whether the engine thread, where it has no {@link #cpu}, looks for one that no other engine has. */
    public boolean isOwnCpuWanted() {
        return ownCpu;
    }

    /** Capture file, or null. */
    public Path pcap() {
        return pcap.isEmpty() ? null : Path.of(pcap);
    }

    public long shutdownTimeoutNs() {
        return shutdownTimeoutNs;
    }

    /** The engine's part, counting in {@code counters}. */
    public EngineConfig engine(Counters counters) {
        return engine.tcp(tcp.build()).counters(counters).build();
    }

    void address(String cidr) {
        addresses.add(Cidr.parse(cidr));
        engine.address(cidr);
    }

    void gateway(String address) {
        if (!address.isEmpty()) {
            gateway = Cidr.parseAddress(address);
            engine.gateway(address);
        }
    }

    void route(String text) {
        final Matcher matcher = ROUTE.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a route: write 192.168.0.0/16 via 10.0.0.1");
        }
        engine.route(matcher.group(1), matcher.group(2));
    }

    void neighbour(String text) {
        final Matcher matcher = NEIGHBOUR.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a neighbour: write 10.0.0.9 02:00:00:00:00:09");
        }
        engine.neighbour(matcher.group(1), Long.parseLong(matcher.group(2).replace(":", ""), 16));
    }

    void ping(String peer) {
        if (peer.isEmpty()) {
            return;
        }
        final Matcher matcher = PEER.matcher(peer.strip());
        final int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("\"" + peer + "\" is not a peer: write 10.0.0.1:7");
        }
        final int address = Cidr.parseAddress(matcher.group(1));
        ping = new InetSocketAddress(inet(address), port);
    }

    void name(String value) {
        if (!value.matches("[A-Za-z0-9._-]{1,40}") || value.startsWith(".")) {
            throw new IllegalArgumentException(
                    "\"" + value + "\" is refused: a name has 1 to 40 letters, digits, dots, dashes, underscores");
        }
        name = value;
    }

    void idle(String value) {
        idle = switch (value) {
            case "busy-spin" -> Idle.BUSY_SPIN;
            case "backoff" -> Idle.BACKOFF;
            default ->
                throw new IllegalArgumentException("\"" + value + "\" is not known: allowed are busy-spin, backoff");
        };
    }

    void shutdownTimeoutNs(long value) {
        if (value > MAX_SHUTDOWN_NS) {
            throw new IllegalArgumentException(Durations.format(value) + " is out of range: allowed are 0s to 1h");
        }
        shutdownTimeoutNs = value;
    }

    /** The gateway's address when none of our networks has it, or 0. */
    int strayGateway() {
        for (final Cidr own : addresses) {
            if ((own.address() & own.mask()) == (gateway & own.mask())) {
                return 0;
            }
        }
        return gateway;
    }

    private static InetAddress inet(int address) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address
                    });
        } catch (final UnknownHostException e) {
            throw new IllegalStateException(e); // four bytes are always an address
        }
    }
}
