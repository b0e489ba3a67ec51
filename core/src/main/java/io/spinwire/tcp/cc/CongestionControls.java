package io.spinwire.tcp.cc;

import io.spinwire.api.HystartMode;
import io.spinwire.stats.Counters;
import java.util.ArrayDeque;

/**
 * The congestion controls of an engine, by name: lent to connections and taken back. One is made when none is free, and
 * kept for ever. Engine thread only. Linux: {@code tcp_ca_find()}.
 */
public final class CongestionControls {
    private final Kind[] kinds;

    /** One of each is made at once, to know what it needs. */
    public CongestionControls(HystartMode hystart, Counters counters) {
        final HystartPool hystarts = new HystartPool(hystart, counters);
        kinds = new Kind[] {
            new Kind(NewReno.NAME, NewReno::new),
            new Kind(Cubic.NAME, () -> new Cubic(hystarts)),
            new Kind(Dctcp.NAME, Dctcp::new),
            new Kind(Bbr.NAME, Bbr::new)
        };
    }

    /**
     * One that nobody else has; to be initialised.
     *
     * @param name one of {@code TcpConfig.CONGESTION_CONTROLS}
     */
    public CongestionControl lend(String name) {
        return kind(name).lend();
    }

    /** Whether connections of this control ask for ECN whatever the configuration says. */
    public boolean needsEcn(String name) {
        return kind(name).needsEcn;
    }

    /** Takes it back. */
    public void giveBack(CongestionControl control) {
        control.release();
        kind(control.name()).free.addLast(control);
    }

    private Kind kind(String name) {
        for (final Kind kind : kinds) {
            if (kind.name.equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "congestion control " + name + " is not one of TcpConfig.CONGESTION_CONTROLS");
    }

    /** Those of one name. */
    private static final class Kind {
        private final String name;
        private final Maker maker;
        private final boolean needsEcn;
        private final ArrayDeque<CongestionControl> free = new ArrayDeque<>();

        Kind(String name, Maker maker) {
            this.name = name;
            this.maker = maker;
            final CongestionControl first = maker.make();
            needsEcn = first.needsEcn();
            free.addLast(first);
        }

        private CongestionControl lend() {
            final CongestionControl control = free.pollLast();
            return control == null ? maker.make() : control;
        }
    }

    /** Makes one more. */
    @FunctionalInterface
    private interface Maker {
        CongestionControl make();
    }
}
