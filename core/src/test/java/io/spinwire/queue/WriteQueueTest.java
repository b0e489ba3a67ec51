package io.spinwire.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.wire.Checksum;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class WriteQueueTest {
    private final SlabPool slabs = new SlabPool(4 << 20);
    private final UnsafeBuffer source = new UnsafeBuffer(new byte[64 * 1024]);
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[64 * 1024]);

    /** The stream: every byte is a function of its position, with no period that a ring could hide. */
    static byte byteAt(long position) {
        return (byte) (position * 31 + (position >>> 8) * 7 + (position >>> 16));
    }

    private void fillSource(long position, int length) {
        for (int i = 0; i < length; i++) {
            source.putByte(i, byteAt(position + i));
        }
    }

    private int offer(WriteQueue queue, int length) {
        fillSource(queue.writePosition(), length);
        return queue.offer(source, 0, length);
    }

    private void assertContent(WriteQueue queue, long position, int length) {
        queue.read(position, target, 0, length);
        for (int i = 0; i < length; i++) {
            assertEquals(byteAt(position + i), target.getByte(i), "at " + (position + i));
        }
    }

    @Test
    void shouldTakeNothingWhenDetached() {
        final WriteQueue queue = new WriteQueue(false);
        assertEquals(0, queue.offer(source, 0, 10));
        assertEquals(WriteQueue.FULL, queue.tryClaim(10));
        assertEquals(0, queue.freeBytes());
        assertFalse(queue.isAttached());
    }

    @Test
    void shouldTakeWhatFitsWhenOfferIsLongerThanRoom() {
        final WriteQueue queue = new WriteQueue(false);
        queue.attach(new UnsafeBuffer(new byte[1024]), 0, 1024);
        assertEquals(1024, offer(queue, 1500));
        assertEquals(0, offer(queue, 1));
        assertEquals(1024, queue.writePosition());
    }

    @Test
    void shouldFreeRoomWhenReleasedAndNotWhenRead() {
        final WriteQueue queue = new WriteQueue(false);
        queue.attach(new UnsafeBuffer(new byte[1024]), 0, 1024);
        offer(queue, 1024);
        assertContent(queue, 0, 1024);
        assertEquals(0, queue.freeBytes());
        queue.release(100);
        assertEquals(100, queue.freeBytes());
        assertEquals(100, offer(queue, 200));
        assertContent(queue, 100, 1024);
    }

    @Test
    void shouldHoldPushMarkWhenMoreIsWrittenAfterIt() {
        final WriteQueue queue = new WriteQueue(false);
        queue.attach(new UnsafeBuffer(new byte[1024]), 0, 1024);
        assertEquals(0, queue.pushPosition());
        offer(queue, 10);
        assertEquals(10, queue.pushPosition());
        assertEquals(5, queue.offer(new UnsafeBuffer(new byte[5]), 0, 5, false));
        assertEquals(10, queue.pushPosition());
    }

    @Test
    void shouldMarkPushWhenNotAllThatShouldWaitForMoreFits() {
        final WriteQueue queue = new WriteQueue(false);
        queue.attach(new UnsafeBuffer(new byte[1024]), 0, 1024);
        assertEquals(1024, queue.offer(new UnsafeBuffer(new byte[2000]), 0, 2000, false));
        assertEquals(1024, queue.pushPosition());
    }

    @Test
    void shouldKnowWhatIsPendingAndUnsentWhenNoted() {
        final WriteQueue queue = new WriteQueue(false);
        queue.attach(new UnsafeBuffer(new byte[1024]), 0, 1024);
        offer(queue, 100);
        queue.noteSent(60);
        queue.release(20);
        assertEquals(80, queue.pendingBytes());
        assertEquals(40, queue.unsentBytes());
        queue.release(70);
        assertEquals(30, queue.unsentBytes());
    }

    @Test
    void shouldClaimInPlaceWhenClaimDoesNotCrossTheEnd() {
        final WriteQueue queue = new WriteQueue(false);
        assertTrue(queue.borrow(slabs, 4096));
        final int index = queue.tryClaim(100);
        fillSource(0, 100);
        queue.claimBuffer().putBytes(index, source, 0, 100);
        queue.commit(60);
        assertEquals(60, queue.writePosition());
        assertContent(queue, 0, 60);
    }

    @Test
    void shouldFoldOverhangBackWhenClaimCrossesTheEnd() {
        final WriteQueue queue = new WriteQueue(false);
        assertTrue(queue.borrow(slabs, 4096));
        offer(queue, 4000);
        queue.release(3000);
        fillSource(4000, 1000);
        final int index = queue.tryClaim(1000);
        assertEquals(4096 + 4096, slabs.bytesInUse(), "the overhang is a slab while the claim is open");
        queue.claimBuffer().putBytes(index, source, 0, 1000);
        queue.commit(1000);
        assertEquals(4096, slabs.bytesInUse());
        assertEquals(5000, queue.writePosition());
        assertContent(queue, 3000, 2000);
    }

    @Test
    void shouldLeaveQueueAsItWasWhenClaimIsAborted() {
        final WriteQueue queue = new WriteQueue(false);
        assertTrue(queue.borrow(slabs, 4096));
        offer(queue, 4000);
        queue.release(3000);
        assertTrue(queue.tryClaim(1000) >= 0);
        queue.abortClaim();
        assertEquals(4000, queue.writePosition());
        assertEquals(1000, offer(queue, 1000));
        assertContent(queue, 3000, 2000);
    }

    @Test
    void shouldRefuseClaimWhenLongerThanQueueCanEverHold() {
        final WriteQueue queue = new WriteQueue(true);
        assertTrue(queue.borrowShared(slabs, 16 * 1024, 4096));
        assertEquals(4096, queue.maxClaim());
        assertEquals(WriteQueue.TOO_LONG, queue.tryClaim(4097));
        assertEquals(WriteQueue.TOO_LONG, queue.tryClaim(0));
        assertEquals(0, queue.tryClaim(4096));
    }

    @Test
    void shouldReturnAllSlabsWhenReset() {
        final WriteQueue queue = new WriteQueue(true);
        assertTrue(queue.borrowShared(slabs, 16 * 1024, 4096));
        offer(queue, 5000);
        queue.reset();
        assertEquals(0, slabs.bytesInUse());
        assertEquals(0, queue.writePosition());
        assertEquals(0, queue.capacity());
    }

    @Test
    void shouldKeepNothingWhenSlabsRunOutForSharedQueue() {
        final SlabPool small = new SlabPool(16 * 1024);
        final WriteQueue queue = new WriteQueue(true);
        assertFalse(queue.borrowShared(small, 16 * 1024, 4096));
        assertEquals(0, small.bytesInUse());
        assertFalse(queue.isAttached());
    }

    @Test
    void shouldKeepPositionsWhenDetachedAndAttachedAgain() {
        final WriteQueue queue = new WriteQueue(false);
        assertTrue(queue.borrow(slabs, 4096));
        offer(queue, 3000);
        queue.release(3000);
        assertTrue(queue.isEmpty());
        queue.detach();
        assertEquals(0, slabs.bytesInUse());
        assertTrue(queue.borrow(slabs, 4096));
        assertEquals(2000, offer(queue, 2000));
        assertContent(queue, 3000, 2000);
    }

    @Test
    void shouldGoOnBehindLostBytesWhenDetachedWithDataInIt() {
        final WriteQueue queue = new WriteQueue(false);
        assertTrue(queue.borrow(slabs, 4096));
        offer(queue, 1000);
        queue.detach();
        assertTrue(queue.borrow(slabs, 4096));
        queue.release(1000);
        assertEquals(4096, offer(queue, 5000));
        assertContent(queue, 1000, 4096);
    }

    @Test
    void shouldRefuseMemoryWhenItsSizeIsNotAPowerOfTwoOrTooSmall() {
        final WriteQueue queue = new WriteQueue(false);
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[4096]);
        assertThrows(IllegalArgumentException.class, () -> queue.attach(memory, 0, 1000));
        queue.attach(memory, 0, 1024);
        offer(queue, 600);
        assertThrows(IllegalArgumentException.class, () -> queue.attach(memory, 1024, 512));
    }

    @Test
    void shouldCarryStreamWhenWrittenReadReleasedAndGrownAtRandom() {
        Seeds.forEach(this::carryStream);
    }

    private void carryStream(Random random) {
        final WriteQueue queue = new WriteQueue(false);
        assertTrue(queue.borrow(slabs, 4096));
        for (int step = 0; step < 1_500; step++) {
            final int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 4000 : 100);
            switch (random.nextInt(6)) {
                case 0, 1 -> offer(queue, length);
                case 2 -> claim(queue, length, random);
                case 3 -> readSome(queue, length, random);
                case 4 ->
                    queue.release(queue.releasedPosition()
                            + Math.min(length, queue.writePosition() - queue.releasedPosition()));
                default -> {
                    if (random.nextInt(20) == 0 && queue.capacity() < 64 * 1024) {
                        assertTrue(queue.borrow(slabs, queue.capacity() * 2));
                    }
                }
            }
        }
        queue.reset();
        assertEquals(0, slabs.checkInvariants());
    }

    private void claim(WriteQueue queue, int length, Random random) {
        final long position = queue.writePosition();
        final int index = queue.tryClaim(length);
        if (index < 0) {
            assertTrue(queue.freeBytes() < length);
            return;
        }
        fillSource(position, length);
        queue.claimBuffer().putBytes(index, source, 0, length);
        if (random.nextInt(4) == 0) {
            queue.abortClaim();
        } else {
            queue.commit(random.nextInt(length + 1));
        }
    }

    private void readSome(WriteQueue queue, int length, Random random) {
        final int held = (int) (queue.writePosition() - queue.releasedPosition());
        if (held == 0) {
            return;
        }
        final long position = queue.releasedPosition() + random.nextInt(held);
        final int count = (int) Math.min(length, queue.writePosition() - position);
        assertContent(queue, position, count);
        final long before = random.nextInt(1 << 20);
        final int at = random.nextInt(9);
        final long sum = queue.readAndSum(position, target, at, count, before);
        fillSource(position, count);
        assertEquals(Checksum.finish(Checksum.add(before, source, 0, count)), Checksum.finish(sum));
        for (int i = 0; i < count; i++) {
            assertEquals(source.getByte(i), target.getByte(at + i));
        }
    }
}
