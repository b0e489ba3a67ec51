package io.spinwire.queue;

import java.util.Random;

/** Randomness of the tests here: each seed is printed by the failure that it leads to. */
final class Seeds {
    private static final int COUNT = 60;

    private Seeds() {}

    @FunctionalInterface
    interface Property {
        void hold(Random random);
    }

    /** Checks the property under many seeds; {@code -Dspinwire.seed=n} replays one. */
    static void forEach(Property property) {
        final Long given = Long.getLong("spinwire.seed");
        final long first = given == null ? System.nanoTime() : given;
        for (long seed = first; seed < first + (given == null ? COUNT : 1); seed++) {
            try {
                property.hold(new Random(seed));
            } catch (Throwable failure) {
                throw new AssertionError("replay with -Dspinwire.seed=" + seed, failure);
            }
        }
    }
}
