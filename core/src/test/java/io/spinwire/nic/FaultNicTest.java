package io.spinwire.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.agrona.concurrent.CachedNanoClock;
import org.junit.jupiter.api.Test;

class FaultNicTest {
    private static final int LENGTH = 100;
    private static final int BURST = 32;
    private static final long STEP_NS = 1_000;

    private final CachedNanoClock clock = new CachedNanoClock();
    private final Pipe pipe = new Pipe(1500, 64);
    private final List<Long> received = new ArrayList<>();
    private final FrameHandler recorder = (buffer, offset, length) -> received.add(buffer.getLong(offset));
    private long next;

    @Test
    void shouldPassEverythingInOrderWhenNothingIsWrong() {
        final FaultNic b = receiver(FaultProfile.none());
        run(b, 1_000);

        assertEquals(numbers(0, 1_000), received);
        assertEquals(1_000, b.received().delivered());
        assertEquals(Long.MAX_VALUE, b.nextDeadlineNs());
        assertAccounted(b.received());
    }

    @Test
    void shouldLoseTheShareWhenLossIsAsked() {
        final FaultNic b = receiver(FaultProfile.builder().loss(0.05).build());
        run(b, 20_000);

        assertEquals(1_000, b.received().lost(), 150);
        assertEquals(20_000 - b.received().lost(), received.size());
        assertInOrder();
        assertAccounted(b.received());
    }

    @Test
    void shouldLoseRunsOfFramesWhenBurstLossIsAsked() {
        final FaultNic b =
                receiver(FaultProfile.builder().burstLoss(0.01, 0.1, 1).build());
        run(b, 50_000);

        int gaps = 0;
        for (int i = 1; i < received.size(); i++) {
            if (received.get(i) != received.get(i - 1) + 1) {
                gaps++;
            }
        }
        final double meanRun = (double) b.received().lostInBursts() / gaps;
        assertEquals(10, meanRun, 2);
        assertAccounted(b.received());
    }

    @Test
    void shouldLoseTheLastFramesOfBurstsWhenTailLossIsAsked() {
        final FaultNic b = receiver(FaultProfile.builder().tailLoss(1, 3).build());
        run(b, 10 * BURST);

        final FaultCounts counts = b.received();
        assertTrue(counts.lostAtTails() >= 10 && counts.lostAtTails() <= 30, counts::toString);
        for (int burst = 0; burst < 10; burst++) {
            assertTrue(received.contains((long) burst * BURST + BURST - 4));
            assertFalse(received.contains((long) burst * BURST + BURST - 1));
        }
        assertAccounted(counts);
    }

    @Test
    void shouldLoseEverythingDuringOutage() {
        final FaultNic b =
                receiver(FaultProfile.builder().outage(2 * STEP_NS, 3 * STEP_NS).build());
        run(b, 7 * BURST);

        final List<Long> expected = numbers(0, 2 * BURST);
        expected.addAll(numbers(5 * BURST, 7 * BURST));
        assertEquals(expected, received);
        assertEquals(3 * BURST, b.received().lostInOutages());
        assertAccounted(b.received());
    }

    @Test
    void shouldHoldFrameUntilDueWhenDelayed() {
        final FaultNic b = receiver(FaultProfile.builder().delay(10_000, 0).build());
        clock.update(500);
        send(1);
        assertEquals(0, b.receive(recorder, BURST));
        assertEquals(10_500, b.nextDeadlineNs());
        assertEquals(1, b.received().queued());

        clock.update(10_499);
        assertEquals(0, b.receive(recorder, BURST));
        clock.update(b.nextDeadlineNs());
        assertEquals(1, b.receive(recorder, BURST));
        assertEquals(Long.MAX_VALUE, b.nextDeadlineNs());
    }

    @Test
    void shouldKeepOrderWhenOnlyJitterIsAsked() {
        final FaultNic b = receiver(FaultProfile.builder().delay(5_000, 50_000).build());
        run(b, 1_000);
        drain(b);

        assertEquals(numbers(0, 1_000), received);
        assertEquals(0, b.received().reordered());
    }

    @Test
    void shouldLetFramesOvertakeWhenReorderingIsAsked() {
        final FaultNic b = receiver(FaultProfile.builder().reorder(0.1, 3_000).build());
        run(b, 1_000);
        drain(b);

        assertEquals(1_000, new HashSet<>(received).size());
        assertNotEquals(numbers(0, 1_000), received);
        assertEquals(100, b.received().reordered(), 40);
        assertAccounted(b.received());
    }

    @Test
    void shouldDeliverCopiesWhenDuplicationIsAsked() {
        final FaultNic b = receiver(FaultProfile.builder().duplicate(0.1, 500).build());
        run(b, 1_000);
        drain(b);

        assertEquals(100, b.received().duplicated(), 40);
        assertEquals(1_000 + b.received().duplicated(), received.size());
        assertEquals(1_000, new HashSet<>(received).size());
        assertAccounted(b.received());
    }

    @Test
    void shouldFlipAsManyBitsAsAskedWhenCorrupting() {
        final FaultNic b = receiver(FaultProfile.builder().corrupt(1, 1).build());
        final List<Integer> flipped = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            final int offset = pipe.a().claim(LENGTH);
            pipe.a().txBuffer().setMemory(offset, LENGTH, (byte) 0);
            pipe.a().commit(LENGTH);
            pipe.a().flush();
            b.receive(
                    (buffer, at, length) -> {
                        int bits = 0;
                        for (int j = 0; j < length; j++) {
                            bits += Integer.bitCount(buffer.getByte(at + j) & 0xFF);
                        }
                        flipped.add(bits);
                    },
                    BURST);
        }
        assertEquals(200, flipped.size());
        assertTrue(flipped.stream().allMatch(bits -> bits == 1));
        assertEquals(200, b.received().corrupted());
    }

    @Test
    void shouldSpaceFramesAndDropTheExcessWhenRateIsLimited() {
        // 100 bytes at 8 Mbit/s take 100 us; 400 bytes may wait, so a burst of 32 gets 5 through.
        final FaultNic b = receiver(FaultProfile.builder().rate(8_000_000, 400).build());
        for (int i = 0; i < BURST; i++) {
            send(1);
        }
        b.receive(recorder, BURST);
        assertEquals(5, b.received().queued());
        assertEquals(BURST - 5, b.received().overflowed());
        for (int i = 1; i <= 5; i++) {
            assertEquals(i * 100_000, b.nextDeadlineNs());
            clock.update(b.nextDeadlineNs());
            assertEquals(1, b.receive(recorder, BURST));
        }
        assertAccounted(b.received());
    }

    @Test
    void shouldLoseReceivedFramesWhenStoreIsFull() {
        final FaultNic b =
                receiver(FaultProfile.builder().delay(1_000, 0).holdFrames(10).build());
        send(25);
        b.receive(recorder, BURST);

        assertEquals(10, b.received().queued());
        assertEquals(15, b.received().overflowed());
        assertAccounted(b.received());
    }

    @Test
    void shouldNotHideFramesWhenAWholeBurstBeforeThemIsLost() {
        final FaultNic b = receiver(FaultProfile.builder().loss(1).build());
        send(3 * BURST / 2);
        assertEquals(0, b.receive(recorder, 8));
        assertEquals(0, pipe.b().receivableFrames());
        assertEquals(3 * BURST / 2, b.received().lost());
    }

    @Test
    void shouldAskForAnotherTurnAtOnceWhenMoreWaitsThanItTakesInAtATime() {
        final FaultNic b =
                receiver(FaultProfile.builder().loss(1).holdFrames(10).build());
        clock.update(77);
        send(BURST);
        assertEquals(0, b.receive(recorder, 5));
        assertEquals(BURST - 10, pipe.b().receivableFrames());
        assertEquals(77, b.nextDeadlineNs());
        for (int i = 0; i < 4; i++) {
            b.receive(recorder, 5);
        }
        assertEquals(0, pipe.b().receivableFrames());
        assertEquals(Long.MAX_VALUE, b.nextDeadlineNs());
    }

    @Test
    void shouldRefuseClaimsForTheTimeWhenAskedAndSayWhenItEnds() {
        final FaultNic a = new FaultNic(
                pipe.a(),
                clock,
                1,
                FaultProfile.none(),
                FaultProfile.builder().refuse(1, 5_000).build());
        commit(a, 0);
        a.flush();
        int granted = 0;
        while (a.txFree() > 0) {
            commit(a, ++granted);
        }
        final int afterFlush = granted;
        assertTrue(afterFlush < 8, () -> afterFlush + " frames after the flush");
        assertEquals(Nic.REFUSED, a.claim(LENGTH));
        assertEquals(1, a.sent().refusedClaims());
        assertEquals(5_000, a.nextDeadlineNs());

        clock.update(5_000);
        a.receive(recorder, BURST);
        assertTrue(a.txFree() > 8);
        assertEquals(1, pipe.b().receivableFrames());
        a.flush();
        assertEquals(1 + afterFlush, pipe.b().receivableFrames());
    }

    @Test
    void shouldDelaySentFramesWhenSendingHasFaults() {
        final FaultNic a = new FaultNic(
                pipe.a(),
                clock,
                1,
                FaultProfile.none(),
                FaultProfile.builder().delay(700, 0).build());
        commit(a, 5);
        clock.update(100); // the flush is the time of sending
        a.flush();
        assertEquals(0, pipe.b().receivableFrames());
        assertEquals(800, a.nextDeadlineNs());

        clock.update(800);
        assertTrue(a.flush() > 0);
        assertEquals(1, pipe.b().receive(recorder, BURST));
        assertEquals(List.of(5L), received);
        assertAccounted(a.sent());
    }

    @Test
    void shouldKeepSentFramesWithoutDeadlineWhenNicIsFull() {
        final FaultNic a = new FaultNic(pipe.a(), clock, 1, FaultProfile.none(), FaultProfile.none());
        for (int i = 0; i < 100; i++) {
            commit(a, i);
        }
        a.flush();
        assertEquals(64, pipe.b().receivableFrames());
        assertEquals(36, a.sent().queued());
        assertEquals(Long.MAX_VALUE, a.nextDeadlineNs());

        pipe.b().receive(recorder, 100);
        a.flush();
        pipe.b().receive(recorder, 100);
        assertEquals(numbers(0, 100), received);
        assertAccounted(a.sent());
    }

    @Test
    void shouldRefuseClaimsWhenSendingStoreIsFull() {
        final FaultNic a = new FaultNic(
                pipe.a(),
                clock,
                1,
                FaultProfile.none(),
                FaultProfile.builder().delay(1_000, 0).holdFrames(3).build());
        for (int i = 0; i < 3; i++) {
            commit(a, i);
        }
        a.flush();
        assertEquals(0, a.txFree());
        assertEquals(Nic.REFUSED, a.claim(LENGTH));
        clock.update(a.nextDeadlineNs());
        a.flush();
        assertEquals(3, a.txFree());
    }

    @Test
    void shouldRepeatItselfWhenSeedIsTheSame() {
        final FaultProfile everything = everything();
        final List<Long> first = trace(everything, 99);
        assertEquals(first, trace(everything, 99));
        assertNotEquals(first, trace(everything, 100));
    }

    @Test
    void shouldAccountForEveryFrameWhenEverythingIsWrong() {
        for (long seed = 0; seed < 50; seed++) {
            trace(everything(), seed);
        }
    }

    @Test
    void shouldLeaveOtherDecisionsAloneWhenAFaultIsSwitchedOff() {
        final FaultNic both =
                receiver(FaultProfile.builder().loss(0.1).corrupt(0.1, 1).build());
        run(both, 1_000);
        final long corruptedAndLost = both.received().lost();
        final FaultNic lossOnly = receiver(FaultProfile.builder().loss(0.1).build());
        run(lossOnly, 1_000);

        assertEquals(corruptedAndLost, lossOnly.received().lost());
    }

    @Test
    void shouldFailAssertionWhenMisused() {
        final FaultNic a = receiver(FaultProfile.none());
        assertThrows(AssertionError.class, () -> a.commit(60));
        assertThrows(AssertionError.class, a::abort);
        assertThrows(AssertionError.class, () -> a.claim(1519));
        a.claim(60);
        assertThrows(AssertionError.class, () -> a.claim(60));
        assertThrows(AssertionError.class, () -> a.commit(61));
        a.abort();
        assertEquals(FaultProfile.DEFAULT_HOLD_FRAMES, a.txFree());
    }

    @Test
    void shouldRefuseProfileWithBothNumbersWhenOutOfRange() {
        final FaultProfile.Builder builder = FaultProfile.builder();
        assertMessage("loss 1.5", () -> builder.loss(1.5));
        assertMessage("loss NaN", () -> builder.loss(Double.NaN));
        assertMessage("tail frames 0: give 1 to 64", () -> builder.tailLoss(0.5, 0));
        assertMessage("never end", () -> builder.burstLoss(0.1, 0, 1));
        assertMessage("rate 1", () -> builder.rate(1, 0));
        assertMessage(
                "only claims can be refused",
                () -> receiver(FaultProfile.builder().refuse(0.5, 10).build()));
    }

    @Test
    void shouldAllocateNothingWhenEverythingIsWrong() {
        final FaultNic b = receiver(everything());
        final FrameHandler silent = (buffer, offset, length) -> {};
        pump(b, silent, 3_000);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        pump(b, silent, 3_000);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertTrue(allocated < 1_000, () -> allocated + " bytes");
    }

    private static FaultProfile everything() {
        return FaultProfile.builder()
                .loss(0.02)
                .burstLoss(0.01, 0.3, 0.8)
                .tailLoss(0.05, 2)
                .duplicate(0.05, 4_000)
                .corrupt(0.03, 4)
                .delay(3_000, 2_000)
                .reorder(0.05, 6_000)
                .rate(10_000_000_000L, 20_000)
                .outage(100_000, 20_000)
                .holdFrames(200)
                .build();
    }

    private List<Long> trace(FaultProfile profile, long seed) {
        clock.update(0);
        received.clear();
        next = 0;
        final Pipe own = new Pipe(1500, 64);
        final FaultNic b = new FaultNic(own.b(), clock, seed, profile);
        for (int i = 0; i < 200; i++) {
            for (int j = 0; j < 10; j++) {
                commit(own.a(), next++);
            }
            own.a().flush();
            b.receive(recorder, BURST);
            assertAccounted(b.received());
            clock.update(clock.nanoTime() + STEP_NS);
        }
        drain(b);
        assertEquals(0, b.received().queued());
        assertEquals(2_000, b.received().offered());
        assertEquals(b.received().delivered(), received.size());
        return List.copyOf(received);
    }

    private FaultNic receiver(FaultProfile profile) {
        clock.update(0);
        return new FaultNic(pipe.b(), clock, 1, profile);
    }

    /** Sends and receives in bursts, a step of time each. */
    private void run(FaultNic b, int count) {
        for (int sent = 0; sent < count; sent += BURST) {
            send(Math.min(BURST, count - sent));
            b.receive(recorder, BURST);
            clock.update(clock.nanoTime() + STEP_NS);
        }
    }

    private void pump(FaultNic b, FrameHandler handler, int bursts) {
        for (int i = 0; i < bursts; i++) {
            send(10);
            b.receive(handler, BURST);
            clock.update(clock.nanoTime() + STEP_NS);
        }
    }

    private void drain(FaultNic b) {
        for (int i = 0; i < 10_000 && b.nextDeadlineNs() != Long.MAX_VALUE; i++) {
            clock.update(Math.max(clock.nanoTime(), b.nextDeadlineNs()));
            assertTrue(b.receive(recorder, BURST) > 0, "a turn at the deadline does something");
        }
    }

    private void send(int count) {
        for (int i = 0; i < count; i++) {
            commit(pipe.a(), next++);
        }
        pipe.a().flush();
    }

    private static void commit(Nic nic, long content) {
        final int offset = nic.claim(LENGTH);
        nic.txBuffer().putLong(offset, content);
        nic.commit(LENGTH);
    }

    private void assertInOrder() {
        for (int i = 1; i < received.size(); i++) {
            assertTrue(received.get(i) > received.get(i - 1));
        }
    }

    private static void assertAccounted(FaultCounts counts) {
        assertTrue(counts.isConserved(), counts::toString);
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable action) {
        final String message = assertThrows(NicException.class, action).getMessage();
        assertTrue(message.contains(part), message);
    }

    private static List<Long> numbers(long from, long to) {
        final List<Long> list = new ArrayList<>();
        for (long i = from; i < to; i++) {
            list.add(i);
        }
        return list;
    }
}
