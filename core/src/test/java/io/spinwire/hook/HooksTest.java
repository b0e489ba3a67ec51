package io.spinwire.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The switch belongs to the whole process: nothing else may run beside. */
@Isolated
class HooksTest {
    private final Hooks hooks = new Hooks();
    private final Hooks others = new Hooks();
    private final List<String> events = new ArrayList<>();
    private final HookListener recorder = this::record;
    private DirectBuffer seen;

    @AfterEach
    void detach() {
        hooks.detach();
        others.detach();
        assertFalse(Hooks.isOn());
    }

    @Test
    void shouldPassAllArgumentsWhenAttached() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        hooks.attach(recorder, HookPoint.ip_rcv.bit() | HookPoint.tcp_ack.bit());
        hooks.fire(HookPoint.ip_rcv, 5, 6, buffer, 14, 40);
        assertSame(buffer, seen);
        hooks.fire(HookPoint.tcp_ack, -1, 1);

        assertEquals(List.of("ip_rcv 5 6 14 40", "tcp_ack -1 1 0 0"), events);
        assertSame(null, seen);
    }

    @Test
    void shouldPassOnlyPointsInTheMaskWhenAttached() {
        for (final HookPoint only : HookPoint.values()) {
            events.clear();
            hooks.attach(recorder, only.bit());
            for (final HookPoint point : HookPoint.values()) {
                hooks.fire(point, 0, 0);
            }
            assertEquals(List.of(only + " 0 0 0 0"), events);
        }
    }

    @Test
    void shouldPassNothingWhenDetachedOrNeverAttached() {
        hooks.fire(HookPoint.ip_rcv, 0, 0);
        hooks.attach(recorder, -1L);
        hooks.detach();
        hooks.fire(HookPoint.ip_rcv, 0, 0);
        assertEquals(List.of(), events);
    }

    @Test
    void shouldHearOnlyItsOwnEngineWhenTwoAreWatched() {
        hooks.attach(recorder, -1L);
        others.attach((point, sock, subject, buffer, offset, length) -> events.add("other " + point), -1L);
        hooks.fire(HookPoint.ip_rcv, 0, 0);
        others.fire(HookPoint.ip_rcv, 0, 0);
        assertEquals(List.of("ip_rcv 0 0 0 0", "other ip_rcv"), events);
    }

    @Test
    void shouldFlipTheSwitchOnlyForTheFirstAndTheLastUser() {
        final int before = Hooks.flips();
        assertFalse(Hooks.isOn());

        hooks.attach(recorder, 1);
        assertTrue(Hooks.isOn());
        assertEquals(before + 1, Hooks.flips());

        others.attach(recorder, 2);
        hooks.attach(recorder, 4); // replaces, is not a second user
        assertEquals(before + 1, Hooks.flips());

        hooks.detach();
        hooks.detach();
        assertTrue(Hooks.isOn());
        others.detach();
        assertFalse(Hooks.isOn());
        assertEquals(before + 2, Hooks.flips());
    }

    @Test
    void shouldSeeTheSwitchInCompiledCodeWhenItIsFlipped() {
        assertEquals(0, passes(200_000));
        hooks.attach(recorder, 0);
        assertEquals(200_000, passes(200_000));
        hooks.detach();
        assertEquals(0, passes(200_000));
    }

    @Test
    void shouldGiveEveryPointABitOfItsOwn() {
        long all = 0;
        for (final HookPoint point : HookPoint.values()) {
            assertEquals(0, all & point.bit());
            all |= point.bit();
        }
        assertTrue(HookPoint.values().length <= Long.SIZE);
    }

    @Test
    void shouldCountDropsAlwaysAndShowThemWhenWatched() {
        final Counters counters = new Counters();
        final Drops drops = new Drops(counters, hooks);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        drops.drop(DropReason.TCP_CSUM, 3, buffer, 34, 20);
        assertEquals(List.of(), events);

        hooks.attach(recorder, HookPoint.kfree_skb.bit());
        drops.drop(DropReason.TCP_CSUM, 3, buffer, 34, 20);
        assertEquals(List.of("kfree_skb 3 " + DropReason.TCP_CSUM.ordinal() + " 34 20"), events);
        assertEquals(2, counters.get(DropReason.TCP_CSUM));
    }

    private static int passes(int rounds) {
        int count = 0;
        for (int i = 0; i < rounds; i++) {
            if (Hooks.isOn()) {
                count++;
            }
        }
        return count;
    }

    private void record(HookPoint point, int sock, int subject, DirectBuffer buffer, int offset, int length) {
        seen = buffer;
        events.add(point + " " + sock + " " + subject + " " + offset + " " + length);
    }
}
