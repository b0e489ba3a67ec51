package io.spinwire.queue;

import static io.spinwire.queue.WriteQueueTest.byteAt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ReceiveQueueTest {
    private final SlabPool slabs = new SlabPool(4 << 20);
    private final ReceiveQueue queue = new ReceiveQueue(false);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64 * 1024]);
    private long expected;
    private int appetite;

    private void write(long position, int length) {
        for (int i = 0; i < length; i++) {
            buffer.putByte(i, byteAt(position + i));
        }
        queue.write(position, buffer, 0, length);
    }

    private int eat(DirectBuffer piece, int offset, int length) {
        final int taken = Math.min(length, appetite);
        for (int i = 0; i < taken; i++) {
            assertEquals(byteAt(expected), piece.getByte(offset + i), "at " + expected);
            expected++;
        }
        appetite -= taken;
        return taken;
    }

    private int poll(int appetite, int limit) {
        this.appetite = appetite;
        return queue.poll(this::eat, limit);
    }

    @Test
    void shouldHandOutNothingWhenBytesAreNotPublished() {
        assertTrue(queue.borrow(slabs, 4096));
        write(0, 100);
        assertEquals(0, queue.available());
        assertEquals(0, poll(100, 100));
        queue.publish(60);
        assertEquals(60, poll(100, 100));
        assertFalse(queue.isEmpty(), "40 bytes lie beyond rcvNxt");
    }

    @Test
    void shouldOfferRestAgainWhenHandlerTakesLess() {
        assertTrue(queue.borrow(slabs, 4096));
        write(0, 100);
        queue.publish(100);
        assertEquals(30, poll(30, 1000));
        assertEquals(30, queue.copiedPosition());
        assertEquals(70, poll(1000, 1000));
        assertTrue(queue.isEmpty());
    }

    @Test
    void shouldHandOutTwoPiecesWhenDataWraps() {
        assertTrue(queue.borrow(slabs, 4096));
        write(0, 4000);
        queue.publish(4000);
        assertEquals(4000, poll(4000, 4000));
        write(4000, 500);
        queue.publish(4500);
        final int[] pieces = new int[1];
        queue.poll(
                (piece, offset, length) -> {
                    pieces[0]++;
                    return length;
                },
                1000);
        assertEquals(2, pieces[0]);
        assertEquals(4500, queue.copiedPosition());
    }

    @Test
    void shouldStayWithinPieceWhenHandlerClaimsMore() {
        assertTrue(queue.borrow(slabs, 4096));
        write(0, 10);
        queue.publish(10);
        assertEquals(0, queue.poll((piece, offset, length) -> -5, 10));
        assertEquals(10, queue.poll((piece, offset, length) -> length + 7, 100));
        assertEquals(10, queue.copiedPosition());
    }

    @Test
    void shouldKeepWhatWasTakenWhenHandlerThrows() {
        assertTrue(queue.borrow(slabs, 4096));
        write(0, 10);
        queue.publish(10);
        assertThrows(
                IllegalStateException.class,
                () -> queue.poll(
                        (piece, offset, length) -> {
                            throw new IllegalStateException();
                        },
                        10));
        assertEquals(10, poll(10, 10));
    }

    @Test
    void shouldLeaveBytesWhenPeeked() {
        assertTrue(queue.borrow(slabs, 4096));
        write(0, 10);
        queue.publish(10);
        final UnsafeBuffer target = new UnsafeBuffer(new byte[16]);
        assertEquals(10, queue.peek(target, 0, 16));
        assertEquals(byteAt(9), target.getByte(9));
        assertEquals(10, queue.available());
        queue.advance(4);
        assertEquals(6, queue.read(target, 0, 16));
        assertEquals(byteAt(4), target.getByte(0));
        assertEquals(0, queue.read(target, 0, 16));
    }

    @Test
    void shouldNeedNoMemoryWhenBytesPassThrough() {
        queue.passThrough(5000);
        assertEquals(5000, queue.publishedPosition());
        assertEquals(5000, queue.copiedPosition());
        assertTrue(queue.isEmpty());
        assertTrue(queue.borrow(slabs, 4096));
        expected = 5000;
        write(5000, 4096);
        queue.publish(5000 + 4096);
        assertEquals(4096, poll(5000, 5000));
    }

    @Test
    void shouldKeepOutOfOrderBytesWhenGrown() {
        assertTrue(queue.borrow(slabs, 4096));
        write(0, 3000);
        queue.publish(3000);
        assertEquals(3000, poll(3000, 3000));
        write(5000, 2000);
        assertTrue(queue.borrow(slabs, 16 * 1024));
        write(3000, 2000);
        queue.publish(7000);
        assertEquals(4000, poll(5000, 5000));
        queue.reset();
        assertEquals(0, slabs.bytesInUse());
        assertEquals(0, queue.copiedPosition());
    }

    @Test
    void shouldCarryStreamWhenSegmentsArriveAtRandom() {
        Seeds.forEach(this::carryStream);
    }

    private void carryStream(Random random) {
        queue.reset();
        expected = 0;
        assertTrue(queue.borrow(slabs, 4096));
        final OutOfOrderQueue holes = new OutOfOrderQueue(16);
        int rcvNxt = 0;
        for (int step = 0; step < 1_500; step++) {
            final int room = (int) (queue.copiedPosition() + queue.capacity() - rcvNxt);
            final int skip = random.nextInt(3) == 0 || room == 0 ? 0 : random.nextInt(room);
            final int length = Math.min(1 + random.nextInt(600), room - skip);
            if (length > 0 && holes.add(rcvNxt + skip, rcvNxt + skip + length) != OutOfOrderQueue.FULL) {
                write(rcvNxt + skip, length);
                rcvNxt = holes.advance(rcvNxt);
                queue.publish(rcvNxt);
            }
            if (random.nextInt(3) == 0) {
                poll(random.nextInt(1500), random.nextInt(1500));
            }
            if (random.nextInt(200) == 0 && queue.capacity() < 64 * 1024) {
                assertTrue(queue.borrow(slabs, queue.capacity() * 2));
            }
        }
        poll(1 << 20, 1 << 20);
        assertEquals(rcvNxt, expected);
        queue.reset();
        assertEquals(0, slabs.checkInvariants());
    }
}
