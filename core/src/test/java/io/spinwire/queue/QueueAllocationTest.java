package io.spinwire.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Everything that a turn does with the queues, measured: no byte is allocated once it is warm. */
class QueueAllocationTest {
    private static final int TURNS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final SlabPool slabs = new SlabPool(16 << 20);
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[16 * 1024]);
    private final WriteQueue writeQueue = new WriteQueue(false);
    private final ReceiveQueue receiveQueue = new ReceiveQueue(false);
    private final RtxQueue rtxQueue = new RtxQueue(slabs, 1000);
    private final OutOfOrderQueue outOfOrder = new OutOfOrderQueue(32);
    private final TimerWheel wheel = new TimerWheel(64, 0);
    private final TimeoutLanes lanes = new TimeoutLanes(64, 60_000, 1_000);
    private final DoorbellQueue<Object> bells = new DoorbellQueue<>(8);
    private final Doorbell<Object> bell = new Doorbell<>(this);
    private final HandoverQueue<Object> handover = new HandoverQueue<>(8);

    private final ReadHandler readHandler = this::onBytes;
    private final TimerHandler timerHandler = this::onTimer;
    private long count;
    private long nowNs;

    private int onBytes(DirectBuffer buffer, int offset, int length) {
        count += buffer.getByte(offset);
        return length;
    }

    private void onTimer(int id, long now) {
        count += id;
    }

    private void onMessage(int type, int socketIndex, int generation, long argument) {
        count += argument;
    }

    @Test
    void shouldAllocateNothingWhenWarm() {
        turns();
        long allocated = -1;
        for (int attempt = 0;
                attempt < 5 && allocated != 0;
                attempt++) { // a compilation in between may cost a few bytes
            final long before = threads.getCurrentThreadAllocatedBytes();
            final long after = threads.getCurrentThreadAllocatedBytes();
            turns();
            allocated = threads.getCurrentThreadAllocatedBytes() - after - (after - before);
        }
        assertEquals(0, allocated);
        assertEquals(0, slabs.bytesInUse());
        assertTrue(count != 0);
    }

    private void turns() {
        for (int turn = 0; turn < TURNS; turn++) {
            send(turn);
            receive(turn);
            time(turn);
            message(turn);
        }
    }

    private void send(int turn) {
        writeQueue.borrow(slabs, 4096);
        writeQueue.offer(bytes, 0, 3000);
        writeQueue.borrow(slabs, 16 * 1024);
        final int index = writeQueue.tryClaim(9000);
        writeQueue.claimBuffer().putInt(index, turn);
        writeQueue.commit(9000);
        final long una = writeQueue.releasedPosition();
        for (int i = 0; i < 40; i++) {
            rtxQueue.add((int) una + i * 300, (int) una + i * 300 + 300, turn, 0);
            count += writeQueue.readAndSum(una + i * 300, bytes, 0, 300, 0);
        }
        rtxQueue.split(rtxQueue.find((int) una + 5000), (int) una + 5000);
        while (!rtxQueue.isEmpty()) {
            writeQueue.release(una + rtxQueue.endSeq(0) - (int) una);
            rtxQueue.removeFirst();
        }
        writeQueue.detach();
    }

    private void receive(int turn) {
        receiveQueue.borrow(slabs, 8192);
        final long rcvNxt = receiveQueue.publishedPosition();
        for (int i = 9; i >= 0; i--) {
            receiveQueue.write(rcvNxt + i * 700, bytes, 0, 700);
            outOfOrder.add((int) rcvNxt + i * 700, (int) rcvNxt + i * 700 + 600 + (i & 1) * 100);
        }
        receiveQueue.publish(rcvNxt + outOfOrder.advance((int) rcvNxt) - (int) rcvNxt);
        outOfOrder.clear();
        receiveQueue.poll(readHandler, 500 + (turn & 63));
        receiveQueue.read(bytes, 0, 16 * 1024);
        receiveQueue.detach();
    }

    private void time(int turn) {
        nowNs += 700;
        wheel.schedule(turn & 63, nowNs + 40_000_000);
        wheel.schedule(turn * 7 & 63, nowNs + 10_000);
        wheel.cancel(turn * 3 & 63);
        wheel.expire(nowNs, timerHandler, 64);
        lanes.add(turn & 1, turn & 63, nowNs);
        lanes.expire(nowNs, timerHandler, 64);
    }

    private void message(int turn) {
        bells.ring(bell);
        count += bells.poll() == this ? 1 : 0;
        handover.offer(this);
        count += handover.poll() == this ? 1 : 0;
    }
}
