package io.spinwire.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NeighbourEntriesTest {
    private static final int CAPACITY = 50;

    @Test
    void shouldFindExactlyWhatIsInItWhenFilledAndEvictedAtRandom() {
        final long seed = 99;
        final SplittableRandom random = new SplittableRandom(seed);
        final NeighbourEntries entries = new NeighbourEntries(CAPACITY);
        final Map<Integer, Integer> model = new LinkedHashMap<>(); // address to index, least recently used first
        for (int step = 0; step < 50_000; step++) {
            final int address = random.nextInt(200) * 0x0101_0101;
            final int found = entries.find(address);
            final Integer expected = model.remove(address);
            if (expected != null) {
                assertEquals(expected, found, "seed " + seed + ", step " + step);
                entries.used(found, step);
                model.put(address, found);
                continue;
            }
            assertEquals(NeighbourEntries.ABSENT, found, "seed " + seed + ", step " + step);
            int victim = NeighbourEntries.ABSENT;
            if (entries.isFull()) {
                victim = entries.evict(step);
                final Map.Entry<Integer, Integer> oldest =
                        model.entrySet().iterator().next();
                assertEquals(oldest.getValue(), victim, "seed " + seed + ", step " + step);
                model.remove(oldest.getKey());
            }
            model.put(address, entries.add(address, victim, step));
        }
        assertEquals(CAPACITY, entries.size());
    }

    @Test
    void shouldSpareEntriesInUseWhenEvicting() {
        final NeighbourEntries entries = new NeighbourEntries(6);
        final int[] inUse = {
            NeighbourEntries.PERMANENT, NeighbourEntries.INCOMPLETE, NeighbourEntries.DELAY, NeighbourEntries.PROBE
        };
        for (int i = 0; i < inUse.length; i++) {
            entries.state(entries.add(i + 1, NeighbourEntries.ABSENT, 0), inUse[i]);
        }
        final int reachable = entries.add(77, NeighbourEntries.ABSENT, 0);
        entries.state(reachable, NeighbourEntries.REACHABLE);
        assertEquals(NeighbourEntries.ABSENT, entries.evict(5_000_000_000L));
        assertEquals(reachable, entries.evict(5_000_000_001L));
    }

    @Test
    void shouldRefuseToBeMadeWhenEmpty() {
        assertThrows(IllegalArgumentException.class, () -> new NeighbourEntries(0));
    }
}
