package io.spinwire.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.Test;

class CountersTest {
    private final Counters counters = new Counters();

    @Test
    void shouldLabelSlotsWithNamesInOrderWhenReadByAgrona() {
        final List<String> labels = new ArrayList<>();
        final List<Integer> types = new ArrayList<>();
        counters.reader().forEach((id, type, key, label) -> {
            assertEquals(labels.size(), id);
            labels.add(label);
            types.add(type);
        });
        final List<String> expected = new ArrayList<>();
        for (final Counter counter : Counter.values()) {
            assertEquals(Counters.TYPE_COUNTER, types.get(expected.size()));
            expected.add(counter.name());
        }
        for (final DropReason reason : DropReason.values()) {
            assertEquals(Counters.TYPE_DROP, types.get(expected.size()));
            expected.add(reason.name());
        }
        assertEquals(expected, labels);
        assertEquals(labels.size(), new HashSet<>(labels).size());
    }

    @Test
    void shouldKeepEverySlotApartWhenEachHasAValueOfItsOwn() {
        for (final Counter counter : Counter.values()) {
            counters.set(counter, 1_000 + counter.ordinal());
        }
        for (final DropReason reason : DropReason.values()) {
            for (int i = 0; i <= reason.ordinal(); i++) {
                counters.drop(reason);
            }
        }
        long drops = 0;
        for (final Counter counter : Counter.values()) {
            assertEquals(1_000 + counter.ordinal(), counters.get(counter));
            assertEquals(1_000 + counter.ordinal(), counters.reader().getCounterValue(counter.ordinal()));
        }
        for (final DropReason reason : DropReason.values()) {
            assertEquals(reason.ordinal() + 1, counters.get(reason));
            drops += reason.ordinal() + 1;
        }
        assertEquals(drops, counters.totalDrops());
    }

    @Test
    void shouldAddSetAndKeepMaximum() {
        counters.increment(Counter.LinkInFrames);
        counters.add(Counter.LinkInFrames, 41);
        assertEquals(42, counters.get(Counter.LinkInFrames));

        counters.set(Counter.EngineSocketsInUse, 7);
        counters.add(Counter.EngineSocketsInUse, -2);
        assertEquals(5, counters.get(Counter.EngineSocketsInUse));

        counters.max(Counter.EngineLongestTurnNs, 10);
        counters.max(Counter.EngineLongestTurnNs, 9);
        assertEquals(10, counters.get(Counter.EngineLongestTurnNs));
    }

    @Test
    void shouldFillExactlyTheMemoryThatItAsksFor() {
        final UnsafeBuffer metaData = new UnsafeBuffer(ByteBuffer.allocateDirect(Counters.METADATA_BUFFER_LENGTH));
        final UnsafeBuffer values = new UnsafeBuffer(ByteBuffer.allocateDirect(Counters.VALUES_LENGTH));
        final Counters given = new Counters(metaData, values);
        given.drop(DropReason.TCP_CLOSE);

        final CountersReader reader = new CountersReader(metaData, values);
        assertEquals(Counter.values().length + DropReason.values().length - 1, reader.maxCounterId());
        assertEquals("TCP_CLOSE", reader.getCounterLabel(reader.maxCounterId()));
        assertEquals(1, reader.getCounterValue(reader.maxCounterId()));
    }

    @Test
    void shouldDescribeEveryCounterAndEveryReasonOnce() {
        final Set<String> seen = new HashSet<>();
        for (final Counter counter : Counter.values()) {
            assertFalse(counter.description().isBlank(), counter::name);
            assertTrue(seen.add(counter.description()), counter::name);
        }
        for (final DropReason reason : DropReason.values()) {
            assertFalse(reason.description().isBlank(), reason::name);
            assertTrue(seen.add(reason.description()), reason::name);
        }
    }

    @Test
    void shouldCallGaugesThoseThatSaySo() {
        assertTrue(Counter.EngineSocketsInUse.isGauge());
        assertFalse(Counter.LinkInFrames.isGauge());
        for (final Counter counter : Counter.values()) {
            final boolean isAmount = counter.name().endsWith("InUse") || counter == Counter.EngineQdiscPackets;
            assertEquals(isAmount, counter.isGauge(), counter::name);
        }
    }
}
