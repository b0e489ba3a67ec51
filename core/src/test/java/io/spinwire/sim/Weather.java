package io.spinwire.sim;

import io.spinwire.nic.FaultProfile;
import java.util.Arrays;

/** What the network between the engines does, drawn from a seed: nothing at all, a little, or everything at once. */
final class Weather {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    private final FaultProfile[] sending;
    private final FaultProfile[] receiving;
    final boolean isCorrupting;
    final boolean isRough;
    private final int narrowest; // bytes of a datagram that every path takes

    /** Nothing is lost, late or out of order: there is nothing to retransmit. */
    final boolean isCalm;

    /** @param hosts each has faults of its own, both ways */
    Weather(SimRandom random, int hosts) {
        final double severity = random.pick(0, 1, 1, 2, 2, 3) / 3.0;
        isRough = severity > 0.5;
        isCalm = severity == 0 && random.chance(0.5);
        isCorrupting = random.chance(severity / 3);
        narrowest = random.chance(severity / 5) ? random.pick(576, 1000, 1400) : Integer.MAX_VALUE;
        final long delayNs = random.chance(0.8) ? random.spread(US, 60 * MS) : 0;
        sending = new FaultProfile[hosts];
        receiving = new FaultProfile[hosts];
        for (int i = 0; i < hosts; i++) {
            sending[i] = sending(random, severity, random.chance(0.8) ? delayNs : random.spread(US, 60 * MS));
            receiving[i] = random.chance(severity / 4)
                    ? faults(random, severity / 2, 0, false).build()
                    : FaultProfile.none();
        }
    }

    private Weather(FaultProfile every, int hosts) {
        sending = new FaultProfile[hosts];
        receiving = new FaultProfile[hosts];
        Arrays.fill(sending, every);
        Arrays.fill(receiving, FaultProfile.none());
        isRough = true;
        isCalm = false;
        isCorrupting = false;
        narrowest = Integer.MAX_VALUE;
    }

    /** Both ways one frame in twenty is lost, one is overtaken, and of one there is a copy. */
    static Weather oneInTwenty(int hosts) {
        final FaultProfile.Builder profile = FaultProfile.builder().delay(MS / 2, 0);
        return new Weather(
                profile.loss(0.05).reorder(0.05, 2 * MS).duplicate(0.05, MS).build(), hosts);
    }

    FaultProfile sending(int host) {
        return sending[host];
    }

    FaultProfile receiving(int host) {
        return receiving[host];
    }

    /** Datagrams may be longer than a path takes. */
    boolean isNarrow() {
        return narrowest < Integer.MAX_VALUE;
    }

    private FaultProfile sending(SimRandom random, double severity, long delayNs) {
        final FaultProfile.Builder profile = faults(random, severity, delayNs, true);
        if (narrowest < Integer.MAX_VALUE && random.chance(0.7)) {
            profile.answerTooBig();
            long fromNs = 0;
            for (int i = random.between(1, 3); i > 0; i--) {
                profile.mtu(fromNs, random.between(narrowest, 1500));
                fromNs += random.spread(MS, 5 * SECOND);
            }
        }
        if (random.chance(severity / 2)) {
            profile.refuse(random.spread(1, 30) / 100.0, random.spread(US, 20 * MS));
        }
        if (!isCalm && random.chance(0.1)) {
            profile.holdFrames(random.spread(8, 200));
        }
        return profile.build();
    }

    /** A frame is corrupted on its way out only: a second bit may restore the sum of what the first has spoilt. */
    private FaultProfile.Builder faults(SimRandom random, double severity, long delayNs, boolean isWayOut) {
        final FaultProfile.Builder profile = FaultProfile.builder();
        if (delayNs > 0) {
            profile.delay(delayNs, random.chance(severity) ? random.spread(0, delayNs + MS) : 0);
        }
        if (random.chance(severity)) {
            profile.loss(random.spread(1, 1 + (int) (100 * severity)) / 1000.0);
        }
        if (random.chance(severity / 4)) {
            profile.smallLoss(random.spread(1, 1 + (int) (300 * severity)) / 1000.0, 14 + 20 + 20 + 12); // ACKs
        }
        if (random.chance(severity / 3)) {
            profile.burstLoss(random.spread(1, 20) / 1000.0, random.between(4, 9) / 10.0, random.between(3, 10) / 10.0);
        }
        if (random.chance(severity / 3)) {
            profile.tailLoss(random.spread(1, 15) / 100.0, random.between(1, 3));
        }
        if (random.chance(severity / 1.5)) {
            profile.reorder(random.spread(1, 200) / 1000.0, random.spread(US, delayNs + 5 * MS));
        }
        if (random.chance(severity / 1.5)) {
            profile.duplicate(random.spread(1, 100) / 1000.0, random.spread(0, 30 * MS));
        }
        if (isCorrupting) {
            final double share = random.spread(1, 30) / 1000.0;
            profile.corrupt(isWayOut ? share : 0, 1);
        }
        if (!isCalm && random.chance(0.15)) {
            final int queueBytes = random.spread(5_000, 200_000);
            profile.rate(random.spread(1_000_000, 1_000_000_000), queueBytes);
            if (random.chance(0.5)) {
                profile.mark(random.spread(1_500, queueBytes));
            }
        }
        if (random.chance(severity / 4)) {
            profile.outage(random.spread(0, 5 * SECOND), random.spread(MS, 3 * SECOND));
        }
        return profile;
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < sending.length; i++) {
            text.append("\n    from ").append(Host.name(i)).append(": ").append(sending[i]);
            text.append("; into ").append(Host.name(i)).append(": ").append(receiving[i]);
        }
        return text.toString();
    }
}
