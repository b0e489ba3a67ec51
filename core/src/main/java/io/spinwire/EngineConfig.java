package io.spinwire;

import io.spinwire.api.QdiscKind;
import io.spinwire.api.TcpConfig;
import io.spinwire.nic.NicFilter;
import io.spinwire.stats.Counters;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * Everything that an engine is given: what Linux takes from sysctls, routes and entropy. Nothing else reaches it, so
 * the same configuration, clock and frames give the same output, byte for byte. Immutable; built by {@link #builder()}.
 */
public final class EngineConfig {
    private final EngineConfigBuilder values;

    EngineConfig(EngineConfigBuilder values) {
        this.values = values;
    }

    public static EngineConfigBuilder builder() {
        return new EngineConfigBuilder();
    }

    /** Own addresses with their on-link prefix; the first is the default source. */
    public List<Cidr> addresses() {
        return values.addresses;
    }

    /** Routes through a gateway, most specific wins; a default route is 0.0.0.0/0. */
    public List<Route> routes() {
        return values.routes;
    }

    /** Neighbours that need no ARP and never expire. */
    public List<Neighbour> neighbours() {
        return values.neighbours;
    }

    /** Settings of TCP. */
    public TcpConfig tcp() {
        return values.tcp;
    }

    /** The only source of time. */
    public NanoClock clock() {
        return values.clock;
    }

    /** Secret for initial sequence numbers, ports, timestamp offsets and hashes: first half. */
    public long secretHigh() {
        return values.secretHigh;
    }

    /** Second half of the secret. */
    public long secretLow() {
        return values.secretLow;
    }

    /** Where to count; made by the caller when another process is to read along. */
    public Counters counters() {
        return values.counters;
    }

    /**
     * The frames that an engine with these addresses wants from a NIC which it shares with the machine.
     *
     * @param tcpPorts served; none for all ports, when the addresses are the engine's alone
     */
    public NicFilter filter(int... tcpPorts) {
        return new NicFilter(addresses().stream().mapToInt(Cidr::address).toArray(), tcpPorts);
    }

    /** A route through a gateway. */
    public record Route(Cidr destination, int gateway) {}

    /** A neighbour's IPv4 address and hardware address (low 48 bits). */
    public record Neighbour(int address, long mac) {}

    /** Bytes that all send and receive buffers may hold together. Linux: tcp_mem. */
    public long memoryLimitBytes() {
        return values.memoryLimitBytes;
    }

    /** Connections at once; TIME_WAIT and requests have limits of their own in {@link TcpConfig}. */
    public int maxSockets() {
        return values.maxSockets;
    }

    /** Listening sockets at once. */
    public int maxListeners() {
        return values.maxListeners;
    }

    /** Entries of the neighbour table. Linux: gc_thresh3. */
    public int maxNeighbours() {
        return values.maxNeighbours;
    }

    /** Packets that may wait for one neighbour's address. Linux: unres_qlen, 101 packets of default size. */
    public int maxPendingPackets() {
        return values.maxPendingPackets;
    }

    /** Datagrams to ourselves that may wait for the next turn. */
    public int loopbackFrames() {
        return values.loopbackFrames;
    }

    /** Frames received in a turn at the most. Linux: dev_weight. */
    public int receiveBurst() {
        return values.receiveBurst;
    }

    /**
     * While frames come fast, the NIC is asked so often only, in nanoseconds: more of them make one burst, with one ACK
     * and one kick; 0 asks it in every turn. Linux: gro_flush_timeout, {@code ethtool -C rx-usecs}.
     */
    public long receivePauseNs() {
        return values.receivePauseNs;
    }

    /** Commands and doorbells of other threads handled in a turn at the most. */
    public int commandLimit() {
        return values.commandLimit;
    }

    /** Timers that may expire in a turn; the rest expire in the next. */
    public int timerLimit() {
        return values.timerLimit;
    }

    /** First local port for connects. Linux: ip_local_port_range. */
    public int firstPort() {
        return values.firstPort;
    }

    /** Last local port for connects. Linux: ip_local_port_range. */
    public int lastPort() {
        return values.lastPort;
    }

    /** Time to live of sent datagrams. Linux: ip_default_ttl. */
    public int ttl() {
        return values.ttl;
    }

    /** Largest IP datagram in bytes, at most the NIC's; 0 takes the NIC's. */
    public int mtu() {
        return values.mtu;
    }

    /** The order in which frames leave, and whether they may wait for the NIC. Linux: net.core.default_qdisc. */
    public QdiscKind qdisc() {
        return values.qdisc;
    }

    /** Frames that may wait in the qdisc; 0 takes its default: 1000 of pfifo, 10000 of fq. */
    public int qdiscLimit() {
        return values.qdiscLimit;
    }

    /** VLAN of all frames, or 0 for untagged. */
    public int vlanId() {
        return values.vlanId;
    }

    /** Echo replies and errors sent in a second at the most. Linux: icmp_msgs_per_sec. */
    public int icmpPerSecond() {
        return values.icmpPerSecond;
    }

    /** Take segments whose checksum was left to hardware, as a veth peer with offload sends them. */
    public boolean acceptPartialChecksums() {
        return values.acceptPartialChecksums;
    }

    /** Header prediction. Off, every segment takes the slow path: the same bytes, slower. */
    public boolean fastPath() {
        return values.fastPath;
    }
}
