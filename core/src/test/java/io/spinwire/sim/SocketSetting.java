package io.spinwire.sim;

import io.spinwire.api.PathMtuMode;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketOptionsBuilder;
import io.spinwire.api.TcpConfig;

/** The options of one socket, drawn from a seed. */
final class SocketSetting {
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    private SocketSetting() {}

    /** @param isExact nothing may keep content from arriving */
    static SocketOptionsBuilder draw(SimRandom random, boolean isExact) {
        final SocketOptionsBuilder options = SocketOptions.builder()
                .noDelay(random.chance(0.4))
                .quickAck(random.chance(0.2))
                .cork(false);
        sizes(options, random);
        if (random.chance(0.3)) {
            options.congestionControl(random.oneOf(TcpConfig.CONGESTION_CONTROLS.toArray(String[]::new)));
        }
        if (random.chance(0.15)) {
            options.maxPacingRate(random.spread(100_000L, 1_000_000_000L));
        }
        if (random.chance(0.1)) {
            options.tos(random.between(0, 63) << 2).ttl(random.between(1, 255));
        }
        if (random.chance(0.1)) {
            options.deferAcceptNs(random.spread(MS, 3 * SECOND));
        }
        if (random.chance(0.1)) {
            options.pathMtuMode(random.oneOf(PathMtuMode.values()));
        }
        if (random.chance(0.1)) {
            options.backlog(1);
        }
        options.fastOpenQueue(random.pick(0, 1, 16)).fastOpenWithoutCookie(random.chance(0.05));
        if (!isExact) {
            impatience(options, random);
        }
        return options;
    }

    private static void sizes(SocketOptionsBuilder options, SimRandom random) {
        if (random.chance(0.2)) {
            options.mss(random.spread(88, 1460));
        }
        if (random.chance(0.2)) {
            options.sendBuffer(random.spread(1024, 100_000));
        }
        if (random.chance(0.2)) {
            options.receiveBuffer(random.spread(2048, 200_000));
        }
        if (random.chance(0.1)) {
            options.windowClamp(random.spread(500, 200_000));
        }
        if (random.chance(0.1)) {
            options.notSentLowat(random.spread(500, 100_000)); // less means a segment for each byte or two
        }
    }

    /** What may end a connection before its time. */
    private static void impatience(SocketOptionsBuilder options, SimRandom random) {
        options.keepAlive(true)
                .keepAliveIdleNs(3 * SECOND)
                .keepAliveIntervalNs(SECOND)
                .keepAliveCount(10);
        if (random.chance(0.2)) {
            options.lingerNs(random.spread(0, 2 * SECOND));
        }
        if (random.chance(0.2)) {
            options.userTimeoutNs(random.spread(10 * MS, 20 * SECOND));
        }
        if (random.chance(0.1)) {
            options.synCount(random.between(1, 6));
        }
        if (random.chance(0.2)) {
            options.finWait2Ns(random.chance(0.3) ? -1 : random.spread(MS, 5 * SECOND));
        }
    }
}
