package io.spinwire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.sim.Simulation.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The simulation's fixed seeds, and that a run depends on its seed only. {@code make sim} runs new ones. */
class SimulationTest {
    private static final int SEEDS = 200;
    private static final int LOSSY_SEEDS = 100;
    private static final int COMPARED_SEEDS = 100;
    private static final long FIRST_COMPARED = 10_000;

    @Test
    void shouldHoldAllRulesWhenSeedsAreFixed() {
        long frames = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            frames += run(seed, null).frames();
        }
        assertTrue(frames > 100_000, "the seeds have become too small to show anything: " + frames + " frames");
    }

    @Test
    void shouldDeliverEveryByteWhenNetworkLosesReordersAndDuplicates() {
        for (long seed = 1; seed <= LOSSY_SEEDS; seed++) {
            new Simulation(seed, null, (random, hosts) -> Weather.oneInTwenty(hosts), null).run();
        }
    }

    @Test
    void shouldSendTheSameFramesWhenSeedIsTheSame() {
        for (long seed = FIRST_COMPARED; seed < FIRST_COMPARED + COMPARED_SEEDS; seed++) {
            assertEquals(run(seed, null), run(seed, null), "seed " + seed);
        }
        assertNotEquals(run(FIRST_COMPARED, null), run(FIRST_COMPARED + 1, null));
    }

    @Test
    void shouldSendTheSameFramesWhenFastPathIsOff() {
        final List<Long> different = new ArrayList<>();
        for (long seed = FIRST_COMPARED; seed < FIRST_COMPARED + COMPARED_SEEDS; seed++) {
            if (!run(seed, true).equals(run(seed, false))) {
                different.add(seed);
            }
        }
        assertEquals(
                List.of(),
                different,
                "seeds with other frames: compare them by SimMain --seed N --trace --fast-path on, and off");
    }

    private static Outcome run(long seed, Boolean fastPath) {
        return new Simulation(seed, fastPath, null).run();
    }
}
