package io.spinwire.sim;

import io.spinwire.api.EcnMode;
import io.spinwire.api.HystartMode;
import io.spinwire.api.MtuProbing;
import io.spinwire.api.SynCookieMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.api.TimeWaitReuse;

/** The settings of TCP of one engine, drawn from a seed: each feature on and off, each value in and out of its way. */
final class TcpSetting {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    private final SimRandom random;
    private final TcpConfigBuilder tcp = TcpConfig.builder();

    private TcpSetting(SimRandom random) {
        this.random = random;
    }

    /** @param isRude connections may be refused or cut off */
    static TcpConfig draw(SimRandom random, boolean isRude) {
        final TcpSetting setting = new TcpSetting(random);
        setting.buffers();
        setting.recovery();
        setting.times();
        setting.opening(isRude);
        setting.path();
        return setting.tcp.build();
    }

    private void buffers() {
        tcp.timestamps(random.chance(0.7))
                .timestampsInMicros(random.chance(0.2))
                .windowScaling(random.chance(0.8))
                .receiveAutoTuning(random.chance(0.7));
        if (random.chance(0.5)) {
            final int receive = random.pick(1024, 2048, 4096, 9000, 20_000, 65_536, 300_000, 1 << 20);
            tcp.receiveBufferMin(Math.min(receive, random.pick(1024, 4096)));
            tcp.receiveBuffer(receive);
            tcp.receiveBufferMax(random.pick(33_554_432, 6_291_456, Math.max(receive, 65_536), receive));
        }
        if (random.chance(0.5)) {
            final int send = random.pick(1024, 4096, 16_384, 65_536);
            tcp.sendBufferMin(Math.min(send, random.pick(1024, 4096)));
            tcp.sendBuffer(send).sendBufferMax(random.pick(send, Math.max(send, 65_536), 4_194_304));
        }
        if (random.chance(0.1)) {
            tcp.notSentLowat(random.spread(500, 100_000)); // less means a segment for each byte or two
        }
    }

    private void recovery() {
        tcp.sack(random.chance(0.75))
                .dsack(random.chance(0.75))
                .rack(random.chance(0.75))
                .tlp(random.chance(0.75))
                .frto(random.chance(0.75))
                .slowStartAfterIdle(random.chance(0.7))
                .ecn(random.oneOf(EcnMode.values()))
                .ecnFallback(random.chance(0.7))
                .congestionControl(random.oneOf(TcpConfig.CONGESTION_CONTROLS.toArray(String[]::new)))
                .hystart(random.oneOf(HystartMode.values()));
        if (random.chance(0.5)) {
            final int reordering = random.pick(1, 2, 3, 10);
            tcp.initialWindow(random.pick(1, 2, 3, 10, 40))
                    .reordering(reordering)
                    .maxReordering(reordering + random.pick(0, 1, 30, 290));
        }
        if (random.chance(0.3)) {
            tcp.pacing(true)
                    .pacingSlowStartPercent(random.pick(100, 200, 300))
                    .pacingAvoidancePercent(random.pick(100, 120, 200));
        }
    }

    private void times() {
        tcp.synAckRetries(15)
                .synRetries(15) // where both connect at once that bounds SYN-ACKs as well
                .synLinearTimeouts(random.pick(0, 1, 4))
                .maxRtoNs(random.pick(5 * SECOND, 20 * SECOND)) // lost ACKs inflate measured round trips without bound
                .retriesBeforeDoubt(random.pick(0, 1, 3))
                .retries(127) // giving up is not what these runs are about: bad luck must not end a connection
                .orphanRetries(127);
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
        tcp.timeWaitReuse(random.oneOf(TimeWaitReuse.values()))
                .timeWaitReuseDelayNs(random.pick(MS, SECOND))
                .rfc1337(random.chance(0.3));
    }

    private void opening(boolean isRude) {
        // A cookie's ACK that comes late, or twice, opens a connection that nobody has asked for: not by default.
        tcp.synCookies(random.chance(0.5) ? SynCookieMode.OFF : SynCookieMode.WHEN_FULL)
                .abortOnOverflow(isRude && random.chance(0.5))
                .fastOpenClient(random.chance(0.7))
                .fastOpenServer(random.chance(0.7))
                .fastOpenWithoutCookie(random.chance(0.1));
        if (isRude) {
            tcp.synCookies(random.oneOf(SynCookieMode.values())).maxRequests(random.pick(1, 2, 8, 4096));
            tcp.maxTimeWait(random.pick(0, 1, 2));
        }
    }

    private void path() {
        tcp.pathMetrics(random.chance(0.7))
                .maxPathMetrics(random.pick(0, 1, 2, 1024))
                .pathMtuDiscovery(random.chance(0.8))
                .mtuProbing(random.oneOf(MtuProbing.values()));
        if (random.chance(0.3)) {
            final int floor = random.pick(48, 256, 512);
            tcp.mtuProbeFloor(floor)
                    .baseMss(Math.max(floor, random.pick(512, 1024)))
                    .mtuProbeThreshold(random.pick(1, 8, 100))
                    .mtuProbeIntervalNs(random.pick(SECOND, 10 * SECOND));
        }
    }
}
