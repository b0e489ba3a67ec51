package io.spinwire.ip;

import static io.spinwire.ip.IpRig.OWN;
import static io.spinwire.ip.IpRig.PEER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.link.LinkRig;
import io.spinwire.nic.Frame;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Icmp4;
import io.spinwire.wire.Ipv4;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** No bytes on the wire make anything from the link's door to TCP's throw, and each frame has exactly one fate. */
class MalformedFrameTest {
    private static final int FRAMES = 300_000;
    private static final int ROOM = 128;

    private final IpRig rig = new IpRig();
    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[ROOM]);
    private long delivered;
    private long errors;

    @Test
    void shouldAccountForEveryFrameWhenBytesAreMutatedAtRandom() {
        final long seed = Long.getLong("spinwire.seed", System.nanoTime());
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[][] originals = originals();
        watch();
        final long before = rig.link.count(Counter.ArpInRequests);
        for (int i = 0; i < FRAMES; i++) {
            final byte[] original = originals[random.nextInt(originals.length)];
            memory.putBytes(0, original);
            final int length = random.nextInt(4) == 0 ? random.nextInt(original.length + 1) : original.length;
            mutate(random, length);
            final long fatesBefore = fates();
            try {
                rig.receive(memory, length);
            } catch (final RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", frame " + i, e);
            }
            assertTrue(fates() - fatesBefore <= 1, "two fates: seed " + seed + ", frame " + i);
            rig.link.nic.sent.clear();
            rig.link.nic.free = 64;
            if (i % 1000 == 0) {
                rig.link.advance(LinkRig.SECOND / 3);
            }
        }
        assertEquals(FRAMES, rig.link.count(Counter.LinkInFrames));
        assertTrue(rig.link.count(Counter.ArpInRequests) > before && delivered > 0 && errors > 0);
        assertTrue(rig.link.counters.totalDrops() > FRAMES / 2);
    }

    private void watch() {
        final TransportErrors errorCount = (pair, local, remote, seq, typeAndCode, mtu) -> errors++;
        final Icmp icmp =
                new Icmp(rig.link.local, rig.output, errorCount, 1_000_000, rig.link.drops, rig.link.counters);
        rig.link.connect(
                new IpInput(rig.link.local, this::onSegment, icmp, rig.link.drops, rig.link.counters, rig.link.hooks));
    }

    private void onSegment(Frame frame, long pair) {
        assertEquals(OWN, AddressPair.local(pair));
        assertTrue(frame.transportOffset >= frame.networkOffset + 20 && frame.limit >= frame.transportOffset);
        assertTrue(frame.limit <= ROOM);
        delivered++;
    }

    /**
     * Drops of received frames (not those of our own packets that wait for ARP), and what was delivered or answered.
     */
    private long fates() {
        return rig.link.counters.totalDrops()
                - rig.link.count(DropReason.NEIGH_QUEUEFULL)
                - rig.link.count(DropReason.NEIGH_FAILED)
                - rig.link.count(DropReason.NEIGH_TABLEFULL)
                + delivered
                + errors
                + rig.link.count(Counter.ArpOutReplies)
                + rig.link.count(Counter.IcmpOutEchoReps);
    }

    private void mutate(SplittableRandom random, int length) {
        for (int n = random.nextInt(4); n > 0 && length > 0; n--) {
            memory.putByte(random.nextInt(length), (byte) random.nextInt(256));
        }
        if (random.nextBoolean() && length >= 34) {
            final int headerLength = (memory.getByte(14) & 0xF) << 2;
            if (14 + headerLength <= length) {
                IpRig.reseal(memory);
            }
        }
        if (random.nextBoolean() && length >= 42 && memory.getByte(23) == 1) {
            Icmp4.seal(memory, 34, Math.max(0, Math.min(length, 14 + Ipv4.totalLength(memory, 14)) - 34));
        }
    }

    private static byte[][] originals() {
        return new byte[][] {
            LinkRig.request(LinkRig.PEER_MAC, PEER, OWN),
            LinkRig.reply(LinkRig.PEER_MAC, PEER),
            LinkRig.tagged(LinkRig.OWN_MAC, 0, 0x0800, 60),
            IpRig.segment(PEER, OWN).byteArray(),
            IpRig.echo(PEER, OWN, 20).byteArray(),
            IpRig.error(Icmp4.DESTINATION_UNREACHABLE, Icmp4.FRAGMENTATION_NEEDED, 1400)
                    .byteArray(),
            IpRig.datagram(PEER, OWN, 6, 80).byteArray(),
        };
    }
}
