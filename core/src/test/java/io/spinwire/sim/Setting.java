package io.spinwire.sim;

import io.spinwire.EngineConfig;
import io.spinwire.EngineConfigBuilder;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketOptionsBuilder;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.nic.Pipe;
import org.agrona.concurrent.NanoClock;

/** How one engine is configured, drawn from a seed. */
final class Setting {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    final boolean isFastPathOn;
    final boolean isShortOfMemory;

    /** ACKs are never later than the least timeout. */
    final boolean isPrompt;

    private final TcpConfig tcp;
    private final long secret;
    private final int mtu;
    private final int receiveBurst;
    private final long memoryLimitBytes;

    /** @param fastPath null to let the seed decide */
    Setting(SimRandom random, int nicMtu, Boolean fastPath) {
        secret = random.nextLong();
        mtu = random.chance(0.2) ? random.between(576, nicMtu) : 0;
        receiveBurst = random.pick(64, 64, 1, 7, 256);
        isShortOfMemory = random.chance(0.05);
        memoryLimitBytes = isShortOfMemory ? 1 << 20 : 1 << 26;
        final boolean drawn = random.chance(0.7);
        isFastPathOn = fastPath == null ? drawn : fastPath;
        tcp = tcp(random);
        isPrompt = tcp.maxDelayedAckNs() < 200 * MS && tcp.minRtoNs() >= 200 * MS && tcp.initialRtoNs() >= SECOND;
    }

    private static TcpConfig tcp(SimRandom random) {
        final TcpConfigBuilder tcp = TcpConfig.builder()
                .timestamps(random.chance(0.7))
                .windowScaling(random.chance(0.8))
                .slowStartAfterIdle(random.chance(0.7))
                .synAckRetries(15)
                .synRetries(10)
                .maxRtoNs(random.pick(5 * SECOND, 20 * SECOND)) // lost ACKs inflate measured round trips without bound
                .retries(30) // giving up is not what these runs are about: bad luck must not end a connection
                .orphanRetries(30);
        if (random.chance(0.5)) {
            final int receive = random.pick(1024, 2048, 4096, 9000, 20_000, 65_536, 300_000, 1 << 20);
            tcp.receiveBuffer(receive);
            tcp.receiveBufferMax(random.pick(33_554_432, 6_291_456, Math.max(receive, 65_536), receive));
        }
        if (random.chance(0.5)) {
            final int send = random.pick(1024, 4096, 16_384, 65_536);
            tcp.sendBuffer(send).sendBufferMax(random.pick(send, Math.max(send, 65_536), 4_194_304));
        }
        if (random.chance(0.5)) {
            tcp.initialWindow(random.pick(1, 2, 3, 10, 40)).reordering(random.pick(1, 2, 3, 10));
        }
        if (random.chance(0.5)) {
            final long minNs = random.pick(0, MS, 5 * MS, 40 * MS);
            tcp.minDelayedAckNs(minNs).maxDelayedAckNs(minNs + random.pick(0, 10 * MS, 160 * MS, 400 * MS));
            tcp.quickAckSegments(random.pick(0, 1, 16, 64));
        }
        if (random.chance(0.4)) {
            tcp.minRtoNs(random.pick(2 * MS, 10 * MS, 50 * MS)).initialRtoNs(random.pick(20 * MS, 200 * MS, SECOND));
        }
        if (random.chance(0.3)) {
            tcp.timeWaitNs(random.pick(MS, SECOND, 10 * SECOND)).invalidRateLimitNs(random.pick(0, 10 * MS, SECOND));
        }
        return tcp.build();
    }

    EngineConfig engine(String address, NanoClock clock) {
        final EngineConfigBuilder engine = EngineConfig.builder()
                .address(address)
                .clock(clock)
                .seed(secret)
                .tcp(tcp)
                .mtu(mtu)
                .receiveBurst(receiveBurst)
                .maxSockets(256)
                .loopbackFrames(64)
                .memoryLimitBytes(memoryLimitBytes)
                .fastPath(isFastPathOn);
        return engine.build();
    }

    /** The same with the other's hardware address known: for networks that corrupt, since ARP has no checksum. */
    EngineConfig engine(String address, NanoClock clock, String peer, boolean isPeerA) {
        final EngineConfigBuilder engine = EngineConfig.builder()
                .address(address)
                .clock(clock)
                .seed(secret)
                .tcp(tcp)
                .mtu(mtu)
                .receiveBurst(receiveBurst)
                .maxSockets(256)
                .loopbackFrames(64)
                .memoryLimitBytes(memoryLimitBytes)
                .neighbour(peer, isPeerA ? Pipe.DEFAULT_MAC_A : Pipe.DEFAULT_MAC_B)
                .fastPath(isFastPathOn);
        return engine.build();
    }

    /** Options of one socket. */
    static SocketOptionsBuilder socket(SimRandom random) {
        final SocketOptionsBuilder options =
                SocketOptions.builder().noDelay(random.chance(0.4)).quickAck(random.chance(0.2));
        if (random.chance(0.2)) {
            options.mss(random.spread(88, 1460));
        }
        if (random.chance(0.2)) {
            options.sendBuffer(random.spread(1024, 100_000));
        }
        if (random.chance(0.2)) {
            options.receiveBuffer(random.spread(2048, 200_000));
        }
        return options;
    }

    @Override
    public String toString() {
        return "mtu " + mtu + ", fast path " + isFastPathOn + ", burst " + receiveBurst + ", memory "
                + memoryLimitBytes + ", timestamps " + tcp.timestamps() + ", scaling " + tcp.windowScaling()
                + ", receive buffer " + tcp.receiveBuffer() + ", send buffer " + tcp.sendBuffer() + " to "
                + tcp.sendBufferMax() + ", delayed ACK " + tcp.minDelayedAckNs() / MS + " to "
                + tcp.maxDelayedAckNs() / MS + " ms, quick " + tcp.quickAckSegments() + ", min RTO "
                + tcp.minRtoNs() / MS + " ms, initial window " + tcp.initialWindow() + ", reordering "
                + tcp.reordering() + ", TIME_WAIT " + tcp.timeWaitNs() / MS + " ms";
    }
}
