package io.spinwire.bench.end;

import org.agrona.concurrent.NanoClock;

/** The clock of an engine under watch. It is read once a turn, at its start, and so sees how long each turn took. */
final class GapClock implements NanoClock {
    private final Gaps gaps;
    private long lastNs = System.nanoTime();

    GapClock(Gaps gaps) {
        this.gaps = gaps;
    }

    @Override
    public long nanoTime() {
        final long nowNs = System.nanoTime();
        gaps.add(nowNs - lastNs);
        lastNs = nowNs;
        return nowNs;
    }
}
