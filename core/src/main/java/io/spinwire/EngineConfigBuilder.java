package io.spinwire;

import io.spinwire.api.Check;
import io.spinwire.api.QdiscKind;
import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counters;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Collects an engine's configuration; every method returns the builder. The meaning of each setting stands at
 * {@link EngineConfig}'s accessor of the same name.
 */
public final class EngineConfigBuilder {
    List<Cidr> addresses = new ArrayList<>();
    List<EngineConfig.Route> routes = new ArrayList<>();
    List<EngineConfig.Neighbour> neighbours = new ArrayList<>();
    TcpConfig tcp = TcpConfig.DEFAULTS;
    NanoClock clock = SystemNanoClock.INSTANCE;
    long secretHigh;
    long secretLow;
    boolean hasSecret;
    Counters counters;
    long memoryLimitBytes = 1L << 28;
    int maxSockets = 65536;
    int maxListeners = 1024;
    int maxNeighbours = 1024;
    int maxPendingPackets = 101;
    int loopbackFrames = 256;
    int receiveBurst = 64;
    long receivePauseNs;
    int commandLimit = 256;
    int timerLimit = 1024;
    int firstPort = 32768;
    int lastPort = 60999;
    int ttl = 64;
    int mtu;
    QdiscKind qdisc = QdiscKind.NONE;
    int qdiscLimit;
    int vlanId;
    int icmpPerSecond = 1000;
    boolean acceptPartialChecksums;
    boolean fastPath = true;

    EngineConfigBuilder() {}

    private EngineConfigBuilder(EngineConfigBuilder other) {
        addresses = List.copyOf(other.addresses);
        routes = List.copyOf(other.routes);
        neighbours = List.copyOf(other.neighbours);
        tcp = other.tcp;
        clock = other.clock;
        secretHigh = other.secretHigh;
        secretLow = other.secretLow;
        counters = other.counters == null ? new Counters() : other.counters;
        memoryLimitBytes = other.memoryLimitBytes;
        maxSockets = other.maxSockets;
        maxListeners = other.maxListeners;
        maxNeighbours = other.maxNeighbours;
        maxPendingPackets = other.maxPendingPackets;
        loopbackFrames = other.loopbackFrames;
        receiveBurst = other.receiveBurst;
        receivePauseNs = other.receivePauseNs;
        commandLimit = other.commandLimit;
        timerLimit = other.timerLimit;
        firstPort = other.firstPort;
        lastPort = other.lastPort;
        ttl = other.ttl;
        mtu = other.mtu;
        qdisc = other.qdisc;
        qdiscLimit = other.qdiscLimit;
        vlanId = other.vlanId;
        icmpPerSecond = other.icmpPerSecond;
        acceptPartialChecksums = other.acceptPartialChecksums;
        fastPath = other.fastPath;
    }

    /** Adds an own address, {@code 10.0.0.2/24}. */
    public EngineConfigBuilder address(String cidr) {
        addresses.add(Cidr.parse(cidr));
        return this;
    }

    /** Adds the default route. */
    public EngineConfigBuilder gateway(String address) {
        return route("0.0.0.0/0", address);
    }

    /** Adds a route through a gateway. */
    public EngineConfigBuilder route(String cidr, String gateway) {
        routes.add(new EngineConfig.Route(Cidr.parse(cidr), Cidr.parseAddress(gateway)));
        return this;
    }

    /** Adds a static neighbour; {@code mac} in its low 48 bits. */
    public EngineConfigBuilder neighbour(String address, long mac) {
        neighbours.add(new EngineConfig.Neighbour(Cidr.parseAddress(address), mac));
        return this;
    }

    public EngineConfigBuilder tcp(TcpConfig value) {
        tcp = value;
        return this;
    }

    public EngineConfigBuilder clock(NanoClock value) {
        clock = value;
        return this;
    }

    /** A secret from a seed, for runs that must be repeatable; never in production. */
    public EngineConfigBuilder seed(long seed) {
        return secret(seed * 0x9E37_79B9_7F4A_7C15L + 1, Long.rotateLeft(seed, 32) ^ 0xD1B5_4A32_D192_ED03L);
    }

    /** The 128-bit secret; drawn from the operating system when none is given. */
    public EngineConfigBuilder secret(long high, long low) {
        secretHigh = high;
        secretLow = low;
        hasSecret = true;
        return this;
    }

    public EngineConfigBuilder counters(Counters value) {
        counters = value;
        return this;
    }

    public EngineConfigBuilder memoryLimitBytes(long value) {
        memoryLimitBytes = value;
        return this;
    }

    public EngineConfigBuilder maxSockets(int value) {
        maxSockets = value;
        return this;
    }

    public EngineConfigBuilder maxListeners(int value) {
        maxListeners = value;
        return this;
    }

    public EngineConfigBuilder maxNeighbours(int value) {
        maxNeighbours = value;
        return this;
    }

    public EngineConfigBuilder maxPendingPackets(int value) {
        maxPendingPackets = value;
        return this;
    }

    public EngineConfigBuilder loopbackFrames(int value) {
        loopbackFrames = value;
        return this;
    }

    public EngineConfigBuilder receiveBurst(int value) {
        receiveBurst = value;
        return this;
    }

    public EngineConfigBuilder receivePauseNs(long value) {
        receivePauseNs = value;
        return this;
    }

    public EngineConfigBuilder commandLimit(int value) {
        commandLimit = value;
        return this;
    }

    public EngineConfigBuilder timerLimit(int value) {
        timerLimit = value;
        return this;
    }

    public EngineConfigBuilder firstPort(int value) {
        firstPort = value;
        return this;
    }

    public EngineConfigBuilder lastPort(int value) {
        lastPort = value;
        return this;
    }

    public EngineConfigBuilder ttl(int value) {
        ttl = value;
        return this;
    }

    public EngineConfigBuilder mtu(int value) {
        mtu = value;
        return this;
    }

    public EngineConfigBuilder qdisc(QdiscKind value) {
        qdisc = value;
        return this;
    }

    public EngineConfigBuilder qdiscLimit(int value) {
        qdiscLimit = value;
        return this;
    }

    public EngineConfigBuilder vlanId(int value) {
        vlanId = value;
        return this;
    }

    public EngineConfigBuilder icmpPerSecond(int value) {
        icmpPerSecond = value;
        return this;
    }

    public EngineConfigBuilder acceptPartialChecksums(boolean value) {
        acceptPartialChecksums = value;
        return this;
    }

    public EngineConfigBuilder fastPath(boolean value) {
        fastPath = value;
        return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException naming the setting, its value and what is allowed
     */
    public EngineConfig build() {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("an engine needs an address: call address(\"10.0.0.2/24\")");
        }
        checkRanges();
        Check.ordered("firstPort", firstPort, "lastPort", lastPort);
        final EngineConfigBuilder copy = new EngineConfigBuilder(this);
        if (!hasSecret) {
            final SecureRandom random = new SecureRandom();
            copy.secret(random.nextLong(), random.nextLong());
        }
        return new EngineConfig(copy);
    }

    private void checkRanges() {
        Check.range("memoryLimitBytes", memoryLimitBytes, 1 << 20, 1L << 40);
        Check.range("maxSockets", maxSockets, 1, 1 << 24);
        Check.range("maxListeners", maxListeners, 1, 65535);
        Check.range("maxNeighbours", maxNeighbours, 1, 1 << 20);
        Check.range("maxPendingPackets", maxPendingPackets, 1, 10000);
        Check.range("loopbackFrames", loopbackFrames, 16, 1 << 16);
        Check.range("receiveBurst", receiveBurst, 1, 4096);
        Check.range("receivePauseNs", receivePauseNs, 0, 1_000_000);
        Check.range("commandLimit", commandLimit, 1, 1 << 16);
        Check.range("timerLimit", timerLimit, 1, 1 << 20);
        Check.range("firstPort", firstPort, 1, 65535);
        Check.range("lastPort", lastPort, 1, 65535);
        Check.range("ttl", ttl, 1, 255);
        Check.range("mtu", mtu, 0, 65535);
        Check.present("qdisc", qdisc);
        Check.range("qdiscLimit", qdiscLimit, 0, 1 << 20);
        Check.range("vlanId", vlanId, 0, 4094);
        Check.range("icmpPerSecond", icmpPerSecond, 0, 1 << 20);
    }
}
