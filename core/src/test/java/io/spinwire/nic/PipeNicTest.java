package io.spinwire.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PipeNicTest {
    private static final int MTU = 200;
    private static final int CAPACITY = 4;
    private static final int LONGEST = MTU + 18;

    private final Pipe pipe = new Pipe(MTU, CAPACITY);
    private final PipeNic a = pipe.a();
    private final PipeNic b = pipe.b();
    private final List<String> received = new ArrayList<>();
    private final FrameHandler recorder =
            (buffer, offset, length) -> received.add(length + ":" + buffer.getLong(offset));

    @Test
    void shouldDeliverFramesInOrderWhenFlushed() {
        send(a, 60, 11);
        send(a, LONGEST, 22);
        send(a, 14, 33);
        a.flush();

        assertEquals(3, b.receive(recorder, 10));
        assertEquals(List.of("60:11", LONGEST + ":22", "14:33"), received);
        assertEquals(0, a.receive(recorder, 10));
    }

    @Test
    void shouldHideCommittedFramesWhenNotFlushed() {
        send(a, 60, 11);

        assertEquals(0, b.receive(recorder, 10));
        assertEquals(0, b.receivableFrames());
        assertEquals(0, a.sentFrames());

        a.flush();
        assertEquals(1, b.receivableFrames());
        assertEquals(1, a.sentFrames());
    }

    @Test
    void shouldCarryBothDirectionsWhenBothEndsSend() {
        send(a, 60, 1);
        send(b, 70, 2);
        a.flush();
        b.flush();

        assertEquals(1, a.receive(recorder, 10));
        assertEquals(1, b.receive(recorder, 10));
        assertEquals(List.of("70:2", "60:1"), received);
    }

    @Test
    void shouldStopAtLimitWhenMoreFramesWait() {
        for (int i = 0; i < CAPACITY; i++) {
            send(a, 60, i);
        }
        a.flush();

        assertEquals(3, b.receive(recorder, 3));
        assertEquals(0, b.receive(recorder, 0));
        assertEquals(1, b.receive(recorder, 3));
        assertEquals(CAPACITY, b.receivedFrames());
    }

    @Test
    void shouldRefuseClaimWhenRingIsFullUntilPeerHasReadAndFlushTookFramesBack() {
        for (int i = 0; i < CAPACITY; i++) {
            assertEquals(CAPACITY - i, a.txFree());
            send(a, 60, i);
        }
        assertEquals(0, a.txFree());
        assertEquals(Nic.REFUSED, a.claim(60));
        assertEquals(0, a.flush());
        assertEquals(Nic.REFUSED, a.claim(60));

        b.receive(recorder, 1);
        assertEquals(Nic.REFUSED, a.claim(60));
        assertEquals(1, a.flush());
        assertEquals(1, a.txFree());
        send(a, 60, 99);
        a.flush();
        b.receive(recorder, 10);
        assertEquals(List.of("60:0", "60:1", "60:2", "60:3", "60:99"), received);
    }

    @Test
    void shouldSendNothingWhenClaimIsAborted() {
        final int offset = a.claim(60);
        a.txBuffer().putLong(offset, 7);
        a.abort();
        assertEquals(CAPACITY, a.txFree());
        assertEquals(offset, a.claim(60));
        a.abort();
        a.flush();

        assertEquals(0, b.receive(recorder, 10));
    }

    @Test
    void shouldCutFrameWhenCommittedShorterThanClaimed() {
        final int offset = a.claim(LONGEST);
        a.txBuffer().putLong(offset, 5);
        a.commit(14);
        a.flush();
        b.receive(recorder, 1);

        assertEquals(List.of("14:5"), received);
    }

    @Test
    void shouldFailAssertionWhenMisused() {
        assertThrows(AssertionError.class, () -> a.commit(60));
        assertThrows(AssertionError.class, a::abort);
        assertThrows(AssertionError.class, () -> a.claim(LONGEST + 1));
        assertThrows(AssertionError.class, () -> a.claim(13));
        a.claim(60);
        assertThrows(AssertionError.class, () -> a.claim(60));
        assertThrows(AssertionError.class, () -> a.commit(61));
        assertThrows(AssertionError.class, () -> a.commit(13));
        a.commit(60);
    }

    @Test
    void shouldKeepFrameConsumedWhenHandlerThrows() {
        send(a, 60, 1);
        send(a, 60, 2);
        a.flush();

        final FrameHandler thrower = (buffer, offset, length) -> {
            throw new IllegalStateException();
        };
        assertThrows(IllegalStateException.class, () -> b.receive(thrower, 10));
        b.receive(recorder, 10);
        assertEquals(List.of("60:2"), received);
    }

    @Test
    void shouldLoseFramesNotBlockWhenPeerIsClosed() {
        b.close();
        b.close();
        for (int i = 0; i < 3 * CAPACITY; i++) {
            send(a, 60, i);
            assertEquals(1, a.flush());
        }
        assertEquals(0, b.receive(recorder, 10));
        assertEquals(Nic.REFUSED, b.claim(60));
        assertEquals(0, b.txFree());
        assertEquals(0, b.flush());
    }

    @Test
    void shouldDeliverWhatWasFlushedWhenSenderCloses() {
        send(a, 60, 1);
        a.flush();
        send(a, 60, 2);
        pipe.a().close();

        assertEquals(1, b.receive(recorder, 10));
        assertEquals(List.of("60:1"), received);
    }

    @Test
    void shouldNameSizesAndAddressesWhenAsked() {
        assertEquals("pipe:a", a.name());
        assertEquals("pipe:b", b.name());
        assertEquals(MTU, a.mtu());
        assertEquals(Pipe.DEFAULT_MAC_A, a.macAddress());
        assertEquals(Pipe.DEFAULT_MAC_B, b.macAddress());
        assertEquals(Long.MAX_VALUE, a.nextDeadlineNs());
        assertSame(a.txBuffer(), a.txBuffer());
    }

    @Test
    void shouldSayBothNumbersWhenSizesAreWrong() {
        assertTrue(assertThrows(NicException.class, () -> new Pipe(1500, 100))
                .getMessage()
                .contains("100"));
        assertTrue(assertThrows(NicException.class, () -> new Pipe(67, 64))
                .getMessage()
                .contains("68"));
        assertTrue(assertThrows(NicException.class, () -> new Pipe(65_536, 64))
                .getMessage()
                .contains("65535"));
    }

    @Test
    void shouldAllocateNothingWhenFramesGoBackAndForth() {
        final FrameHandler silent = (buffer, offset, length) -> {};
        bounce(20_000, silent);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        bounce(100_000, silent);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertTrue(allocated < 1_000, () -> allocated + " bytes");
    }

    @Test
    @Timeout(60)
    void shouldKeepContentAndOrderWhenEndsHaveThreadsOfTheirOwn() throws InterruptedException {
        final int count = 200_000;
        final Thread sender = new Thread(() -> sendNumbered(count));
        sender.start();
        final long[] next = {0};
        final FrameHandler checker = (buffer, offset, length) -> {
            if (length != lengthOf(next[0])
                    || buffer.getLong(offset) != next[0]
                    || buffer.getByte(offset + length - 1) != (byte) next[0]) {
                throw new AssertionError("frame " + next[0]);
            }
            next[0]++;
        };
        while (next[0] < count) {
            if (b.receive(checker, 3) == 0) {
                Thread.onSpinWait();
            }
        }
        sender.join();
        assertEquals(count, a.sentFrames());
        assertEquals(count, b.receivedFrames());
        assertEquals(0, b.receivableFrames());
    }

    private void sendNumbered(int count) {
        for (long i = 0; i < count; ) {
            final int length = lengthOf(i);
            final int offset = a.claim(length);
            if (offset != Nic.REFUSED) {
                a.txBuffer().putByte(offset + length - 1, (byte) i);
                a.txBuffer().putLong(offset, i);
                a.commit(length);
                i++;
            }
            if (offset == Nic.REFUSED || i % 3 == 0 || i == count) {
                if (a.flush() == 0 && offset == Nic.REFUSED) {
                    Thread.yield();
                }
            }
        }
    }

    private static int lengthOf(long number) {
        return 14 + (int) (number % (LONGEST - 13));
    }

    private void bounce(int rounds, FrameHandler handler) {
        for (int i = 0; i < rounds; i++) {
            send(a, 60, i);
            a.flush();
            b.receive(handler, 8);
            send(b, 60, i);
            b.flush();
            a.receive(handler, 8);
        }
    }

    private static void send(Nic nic, int length, long content) {
        final int offset = nic.claim(length);
        nic.txBuffer().putLong(offset, content);
        nic.commit(length);
    }
}
