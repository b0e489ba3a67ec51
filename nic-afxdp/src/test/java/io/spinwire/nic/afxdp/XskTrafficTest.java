package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.FrameHandler;
import io.spinwire.nic.NicFilter;
import io.spinwire.nic.afxdp.FrameLedger.Owner;
import io.spinwire.wire.Ethernet;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two NICs over veth under load, driven by one thread: every frame stays accounted for, and nothing is allocated. */
@Tag("afxdp")
@ExtendWith(Requirements.class)
class XskTrafficTest {
    private static final NicFilter NONE = new NicFilter(new int[0], new int[0]);
    private static final int RING = 256;
    private static final int FRAMES = 640;
    private static final int BURST = 64;
    private static final long SOAK_NS = TimeUnit.SECONDS.toNanos(3);
    private static final int EXPERIMENTAL = 0x88B5; // EtherType for experiments, IEEE 802
    private static final int SEQUENCE = Ethernet.HEADER_LENGTH;
    private static final int MIN_LENGTH = SEQUENCE + Long.BYTES;

    private VethLab lab;
    private XskNic a;
    private XskNic b;

    @BeforeEach
    void openBoth() {
        lab = VethLab.create();
        a = open(lab.a());
        b = open(lab.b());
    }

    @AfterEach
    void closeBoth() {
        a.close();
        b.close();
        lab.close();
    }

    /** Sends numbered frames of random length, and checks that they come back whole and in order. */
    private final class Peer implements FrameHandler {
        private final Random random;
        private long next;
        private long expected;

        Peer(long seed) {
            random = new Random(seed);
        }

        void sendBurst() {
            final int count = random.nextInt(BURST + 1);
            for (int i = 0; i < count; i++) {
                final int length = MIN_LENGTH + random.nextInt(Sizes.maxFrameLength(1500) - MIN_LENGTH + 1 - 4);
                final int offset = a.claim(length);
                if (offset == XskNic.REFUSED) {
                    return;
                }
                if (random.nextInt(10) == 0) {
                    a.abort();
                    continue;
                }
                fill(a.txBuffer(), offset, length, next++);
                a.commit(length);
            }
        }

        @Override
        public void onFrame(MutableDirectBuffer buffer, int offset, int length) {
            assertEquals(expected, buffer.getLong(offset + SEQUENCE));
            for (int i = MIN_LENGTH; i < length; i += 97) {
                assertEquals((byte) (expected + i), buffer.getByte(offset + i));
            }
            expected++;
        }
    }

    private final class Echo implements FrameHandler {
        @Override
        public void onFrame(MutableDirectBuffer buffer, int offset, int length) {
            final int target = b.claim(length);
            if (target == XskNic.REFUSED) {
                throw new AssertionError("the echo has no free frame");
            }
            b.txBuffer().putBytes(target, buffer, offset, length);
            b.commit(length);
        }
    }

    @Test
    void shouldLoseNoFrameWhenEchoingForSeconds() {
        final long seed = System.nanoTime();
        final Peer peer = new Peer(seed);
        final Echo echo = new Echo();
        final long endNs = System.nanoTime() + SOAK_NS;
        while (System.nanoTime() < endNs) {
            peer.sendBurst();
            a.flush();
            while (b.receive(echo, BURST) > 0) {
                b.flush();
            }
            while (a.receive(peer, BURST) > 0) {
                continue;
            }
            assertEquals(peer.next, peer.expected, "lost, seed " + seed);
        }
        assertTrue(peer.expected > 1000, "only " + peer.expected + " frames");
        assertConserved(a);
        assertConserved(b);
    }

    @Test
    void shouldRefuseClaimsAndRecoverWhenTxRingIsFull() {
        int claimed = 0;
        while (a.claim(MIN_LENGTH) != XskNic.REFUSED) {
            fill(a.txBuffer(), 0, MIN_LENGTH, 0);
            a.commit(MIN_LENGTH);
            claimed++;
        }
        assertEquals(RING, claimed);
        assertEquals(0, a.txFree());
        assertEquals(RING, a.flush());
        assertEquals(RING, a.txFree());
        assertConserved(a);
        assertEquals(1, statistics(a).claimsRefused);
    }

    @Test
    void shouldGetItsFramesBackWhenPeerDoesNotRead() {
        for (int burst = 0; burst < 40; burst++) {
            for (int i = 0; i < BURST; i++) {
                final int offset = a.claim(MIN_LENGTH);
                fill(a.txBuffer(), offset, MIN_LENGTH, i);
                a.commit(MIN_LENGTH);
            }
            a.flush();
        }
        assertConserved(a);
        final XskStatistics atB = statistics(b);
        assertTrue(atB.rxRingFull + atB.rxFillRingEmpty + atB.rxDropped > 0, "nothing was dropped");
        int received = 0;
        int count;
        do {
            count = b.receive((buffer, offset, length) -> {}, BURST);
            received += count;
        } while (count > 0);
        assertEquals(RING, received);
        assertEquals(RING, statistics(b).received);
        assertConserved(b);
    }

    @Test
    void shouldSendLaterWhenLinkWasDown() {
        lab.ip(lab.a(), "link", "set", VethLab.INTERFACE, "down");
        fill(a.txBuffer(), a.claim(MIN_LENGTH), MIN_LENGTH, 7);
        a.commit(MIN_LENGTH);
        assertEquals(0, a.flush());
        assertEquals(1, a.underWay());
        assertEquals(1, statistics(a).kickFailures);
        assertEquals(Errno.ENETDOWN, statistics(a).lastKickErrno);
        lab.ip(lab.a(), "link", "set", VethLab.INTERFACE, "up");
        assertEquals(1, a.flush());
        assertConserved(a);
    }

    @Test
    void shouldCountAndCloseWhenInterfaceHasGone() {
        lab.ip(lab.a(), "link", "delete", VethLab.INTERFACE);
        fill(a.txBuffer(), a.claim(MIN_LENGTH), MIN_LENGTH, 7);
        a.commit(MIN_LENGTH);
        a.flush();
        assertEquals(0, a.receive((buffer, offset, length) -> {}, BURST));
        assertTrue(statistics(a).kickFailures > 0);
        a.close();
        b.close();
    }

    @Test
    void shouldGiveFramesBackWhenHandlerThrows() {
        for (int i = 0; i < 3; i++) {
            fill(a.txBuffer(), a.claim(MIN_LENGTH), MIN_LENGTH, i);
            a.commit(MIN_LENGTH);
        }
        a.flush();
        final FrameHandler broken = (buffer, offset, length) -> {
            throw new IllegalStateException("on purpose");
        };
        assertThrows(IllegalStateException.class, () -> b.receive(broken, BURST));
        assertEquals(2, b.receive((buffer, offset, length) -> {}, BURST));
        assertConserved(b);
    }

    @Test
    void shouldBuildNoDescriptorWhenCommittedLengthIsWrong() {
        for (final int length : new int[] {0, -1, 13, MIN_LENGTH + 1, Integer.MAX_VALUE}) {
            a.claim(MIN_LENGTH);
            assertThrows(AssertionError.class, () -> a.commit(length));
        }
        assertThrows(AssertionError.class, () -> a.commit(MIN_LENGTH));
        assertThrows(AssertionError.class, () -> a.claim(Sizes.maxFrameLength(1500) + 1));
        assertEquals(0, a.flush());
        assertConserved(a);
    }

    @Test
    void shouldAllocateNothingWhenWarm() {
        final long[] sums = new long[1];
        final FrameHandler count = (buffer, offset, length) -> sums[0] += length;
        final XskStatistics into = new XskStatistics();
        transfer(20_000, count, into);
        final com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        transfer(20_000, count, into);
        assertEquals(0, threads.getCurrentThreadAllocatedBytes() - before);
        assertEquals(40_000L * 8 * MIN_LENGTH, sums[0]);
    }

    private void transfer(int bursts, FrameHandler handler, XskStatistics into) {
        for (int burst = 0; burst < bursts; burst++) {
            for (int i = 0; i < 8; i++) {
                fill(a.txBuffer(), a.claim(MIN_LENGTH), MIN_LENGTH, i);
                a.commit(MIN_LENGTH);
            }
            a.flush();
            b.receive(handler, BURST);
            a.readStatistics(into);
        }
    }

    private static void fill(MutableDirectBuffer buffer, int offset, int length, long sequence) {
        Ethernet.put(buffer, offset, Ethernet.BROADCAST, Packets.PEER_MAC, EXPERIMENTAL);
        buffer.putLong(offset + SEQUENCE, sequence);
        for (int i = MIN_LENGTH; i < length; i += 97) {
            buffer.putByte(offset + i, (byte) (sequence + i));
        }
    }

    private static void assertConserved(XskNic nic) {
        assertEquals(0, nic.underWay());
        assertEquals(0, nic.ledger().count(Owner.TX));
        assertEquals(0, nic.ledger().count(Owner.ENGINE));
        assertEquals(0, nic.ledger().count(Owner.RECEIVING));
        assertEquals(RING, nic.ledger().count(Owner.FILL));
        assertEquals(FRAMES - RING, nic.ledger().count(Owner.FREE));
        final XskStatistics statistics = statistics(nic);
        assertEquals(0, statistics.txInvalidDescriptors);
        assertEquals(0, statistics.rxInvalidDescriptors);
        assertEquals(statistics.sent, statistics.completed);
        assertEquals(RING, statistics.framesFill);
        assertEquals(FRAMES - RING, statistics.framesFree);
        assertEquals(0, statistics.framesRx + statistics.framesTx + statistics.framesElsewhere);
        assertFalse(nic.isZeroCopy());
    }

    private static XskStatistics statistics(XskNic nic) {
        final XskStatistics statistics = new XskStatistics();
        nic.readStatistics(statistics);
        return statistics;
    }

    private static XskNic open(String namespace) {
        return XskNic.open(
                XskSpecification.parse(
                        "afxdp:sw0,filter=all,ring=" + RING + ",frames=" + FRAMES + ",netns=" + namespace),
                NONE);
    }
}
