package io.spinwire.sim;

import io.spinwire.EngineConfig;
import io.spinwire.EngineConfigBuilder;
import io.spinwire.api.MtuProbing;
import io.spinwire.api.QdiscKind;
import io.spinwire.api.SynCookieMode;
import io.spinwire.api.TcpConfig;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.agrona.concurrent.NanoClock;

/** How one engine is configured, drawn from a seed. */
final class Setting {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final int QDISC_LIMIT = 1_000; // Fq's own default is tenfold: 15 MB to be cleared for each engine

    final boolean isFastPathOn;
    final boolean isShortOfMemory;

    /** Connections may be refused or cut off. */
    final boolean isRude;

    /** Nothing is sent again but for a timeout, and ACKs are never later than the least timeout. */
    final boolean isPrompt;

    private final Lan lan;
    private final TcpConfig tcp;
    private final long secret;
    private final int mtu;
    private final int receiveBurst;
    private final long receivePauseNs;
    private final QdiscKind qdisc;
    private final int qdiscLimit;
    private final long memoryLimitBytes;

    /**
     * What the engines of a run have in common.
     *
     * @param isStatic they know each other's hardware addresses: for networks that corrupt, since ARP has no checksum
     */
    record Lan(NanoClock clock, int hosts, int mtu, boolean isStatic) {}

    /** @param fastPath null to let the seed decide */
    Setting(SimRandom random, Lan lan, Boolean fastPath) {
        this.lan = lan;
        final int nicMtu = lan.mtu;
        secret = random.nextLong();
        mtu = random.chance(0.2) ? random.between(576, nicMtu) : 0;
        receiveBurst = random.pick(64, 64, 1, 7, 256);
        receivePauseNs = (secret & 6) == 0 ? 50_000 : 0; // drawn with the secret: seeds from before stay as they were
        qdisc = random.oneOf(QdiscKind.NONE, QdiscKind.NONE, QdiscKind.PFIFO, QdiscKind.FQ);
        isShortOfMemory = random.chance(0.05);
        memoryLimitBytes = isShortOfMemory ? 1 << 20 : 1 << 26;
        final boolean drawn = random.chance(0.7);
        isFastPathOn = fastPath == null ? drawn : fastPath;
        isRude = isShortOfMemory || random.chance(0.05);
        qdiscLimit = random.chance(0.3) ? random.spread(isRude ? 1 : 32, 100) : QDISC_LIMIT;
        tcp = TcpSetting.draw(random, isRude);
        isPrompt = tcp.maxDelayedAckNs() < 200 * MS
                && tcp.minRtoNs() >= 200 * MS
                && tcp.initialRtoNs() >= SECOND
                && !tcp.tlp()
                && tcp.mtuProbing() == MtuProbing.OFF
                && !isQueueing(); // an ACK waits behind what its socket has to send later
    }

    /** There is a queue for each socket: they may overtake each other. */
    boolean isQueueing() {
        return qdisc == QdiscKind.FQ;
    }

    /** Frames may be lost before the NIC. */
    boolean isDroppingBeforeNic() {
        return qdisc != QdiscKind.NONE;
    }

    /** An ACK that comes late may open a connection that nobody has asked for. */
    boolean isTakingCookies() {
        return isRude && tcp.synCookies() != SynCookieMode.OFF;
    }

    TcpConfig tcp() {
        return tcp;
    }

    /**
     * For one of its lives.
     *
     * @param life 0 for the first
     */
    EngineConfig engine(int host, int life) {
        final EngineConfigBuilder engine = EngineConfig.builder()
                .address(Host.address(host) + "/24")
                .clock(lan.clock)
                .seed((secret & 1) == 0 ? secret : secret + life) // a secret may be kept on a disk, or not
                .tcp(tcp)
                .mtu(mtu)
                .receiveBurst(receiveBurst)
                .receivePauseNs(receivePauseNs)
                .maxSockets(256)
                .loopbackFrames(64)
                .maxPendingPackets(8)
                .memoryLimitBytes(memoryLimitBytes)
                .qdisc(qdisc)
                .qdiscLimit(qdiscLimit)
                .fastPath(isFastPathOn);
        for (int i = 0; lan.isStatic && i < lan.hosts; i++) {
            if (i != host) {
                engine.neighbour(Host.address(i), SimSwitch.mac(i));
            }
        }
        return engine.build();
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        text.append("mtu ").append(mtu).append(", fast path ").append(isFastPathOn);
        text.append(", burst ").append(receiveBurst).append(", pause ").append(receivePauseNs);
        text.append(", memory ").append(memoryLimitBytes);
        text.append(", qdisc ").append(qdisc).append(' ').append(qdiscLimit);
        for (final Method setting : TcpConfig.class.getMethods()) {
            if (setting.getDeclaringClass() == TcpConfig.class
                    && setting.getParameterCount() == 0
                    && !Modifier.isStatic(setting.getModifiers())) {
                final Object value = value(setting, tcp);
                if (!value.equals(value(setting, TcpConfig.DEFAULTS))) {
                    text.append(", ").append(setting.getName()).append(' ').append(value);
                }
            }
        }
        return text.toString();
    }

    private static Object value(Method setting, TcpConfig of) {
        try {
            return setting.invoke(of);
        } catch (final ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
