package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.FIN;
import static io.spinwire.wire.TcpHeader.PSH;
import static io.spinwire.wire.TcpHeader.RST;
import static io.spinwire.wire.TcpHeader.SYN;
import static io.spinwire.wire.TcpHeader.URG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import io.spinwire.wire.TcpHeader;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * More than a million frames that nobody should send, from a seed that a failure prints ({@code -Dspinwire.seed=n}
 * replays it): none causes an exception, each that is wrong in itself has exactly one fate, and a connection in the
 * midst of it goes on undisturbed, attacked with its own addresses and ports.
 */
class MalformedSegmentTest extends TcpScript {
    private static final int FRAMES = 1_000_000; // and as many without header prediction
    private static final int IP = Ethernet.HEADER_LENGTH;
    private static final int TCP = IP + Ipv4.HEADER_LENGTH;
    private static final int VICTIM_PORT = 10_000;
    private static final int VICTIMS = 64;
    private static final int FIRST_CONNECTED = 48; // victims from here on are connected to
    private static final int[] BAD_SOURCES = {0, -1, 0xE000_0001, 0x7F00_0001, 0x0A00_00FF, STACK};
    private static final int[] BAD_FLAGS = {0, FIN, FIN | PSH | URG, PSH, URG, SYN | FIN, SYN | FIN | RST | PSH | ACK};

    private final long seed = Long.getLong("spinwire.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Peer[] victims = new Peer[VICTIMS];
    private final Moody moody = new Moody();
    private Peer live;
    private int liveSeq = 1;
    private int liveEchoed = 1;
    private long frames;

    @Test
    void shouldSurviveWhenFramesAreMalformed() {
        try {
            open();
            while (frames < FRAMES) {
                step();
            }
            accountAndClose();
        } catch (final Throwable failure) {
            throw new AssertionError("replay with -Dspinwire.seed=" + seed + " (frame " + frames + ")", failure);
        }
    }

    private void open() {
        start(
                config().maxSockets(256).icmpPerSecond(1 << 20),
                TcpConfig.builder().maxRequests(256).build());
        engine.listen(PORT, options().noDelay(true).build(), moody);
        for (int i = 0; i < VICTIMS; i++) {
            victims[i] = newPeer(VICTIM_PORT + i, i < FIRST_CONNECTED ? PORT : 20_000 + i);
            if ((i & 1) == 0) {
                victims[i].withTimestamps().withWindowScale(7);
            }
        }
        live = newPeer(PEER_PORT + 1, PORT).withTimestamps().withWindowScale(7);
        live.sends(syn());
        live.sends(ack(1, 1));
    }

    private void step() {
        if ((frames & 255) == 0) {
            exchange();
            clock.update(clock.nanoTime() + random.nextLong((frames & 0x3FFF) == 0 ? s(3) : ms(20)));
            run();
        }
        switch (random.nextInt(4)) {
            case 0 -> wrongInItself();
            case 1 -> blindAttack();
            default -> mutatedTraffic();
        }
    }

    /** One round of the connection that must live: it sends, and gets the same bytes back. */
    private void exchange() {
        final int length = 1 + random.nextInt(500);
        live.sends(data(liveSeq, liveEchoed, length));
        liveSeq += length;
        assertEquals(liveSeq, liveEchoed, "next byte of the echo");
        live.sends(ack(liveSeq, liveEchoed));
    }

    private void accountAndClose() {
        exchange();
        live.sends(fin(liveSeq, liveEchoed));
        final long dropped = sum(DropReason.FRAME_TOO_SHORT, DropReason.IP_BROADCAST)
                - sum(DropReason.NEIGH_QUEUEFULL, DropReason.NEIGH_TABLEFULL); // those were our own
        final long arp = count(Counter.ArpInRequests) + count(Counter.ArpInReplies) + count(Counter.ArpGratuitous);
        final long delivered = count(Counter.TcpInSegs) + count(Counter.IcmpInMsgs) + count(DropReason.ICMP_INVALID);
        assertEquals(count(Counter.LinkInFrames), dropped + arp + delivered, "fates of all frames");
        assertEquals(0, count(DropReason.TCP_MEMORY));
        engine.beginShutdown();
        after(s(1500));
        assertTrue(engine.isDrained(), this::connectionsLeft);
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
        assertEquals(0, count(Counter.EngineRequestsInUse));
        assertEquals(0, count(Counter.EngineTimeWaitInUse));
        assertEquals(0, count(Counter.EngineTimersInUse));
    }

    private String connectionsLeft() {
        final StringBuilder left = new StringBuilder("connections left:");
        engine.forEachConnection((pair, local, remote, info) -> left.append(' ')
                .append(info.state)
                .append(' ')
                .append(local)
                .append("<-")
                .append(remote)
                .append(" retransmits ")
                .append(info.retransmits)
                .append(" probes ")
                .append(info.probes)
                .append(" unacked ")
                .append(info.unacked)
                .append(" unsent ")
                .append(info.notsentBytes)
                .append(" window ")
                .append(info.sndWnd));
        return left.toString();
    }

    private long sum(DropReason first, DropReason last) {
        long sum = 0;
        for (int i = first.ordinal(); i <= last.ordinal(); i++) {
            sum += count(DropReason.values()[i]);
        }
        return sum;
    }

    /** Every frame that the engine sends has right checksums; those of known peers are read. */
    @Override
    void onFrame(byte[] frame) {
        final UnsafeBuffer buffer = new UnsafeBuffer(frame);
        if (Ethernet.type(buffer, 0) != Ethernet.TYPE_IPV4 || Ipv4.protocol(buffer, IP) != Ipv4.PROTOCOL_TCP) {
            return;
        }
        assertChecksums(buffer);
        final Peer to = peers.get(TcpHeader.destinationPort(buffer, TCP));
        if (to == null || Ipv4.destination(buffer, IP) != PEER) {
            return;
        }
        to.isContentChecked = to == live;
        final Packet packet = to.read(frame);
        if (to == live) {
            liveEchoed = Math.max(liveEchoed, packet.seq + packet.length);
        } else if (packet.is(RST)) {
            to.isOpen = false;
        } else if (packet.is(ACK)) {
            to.isOpen = true;
            to.sndNxt = packet.ackSeq;
            to.stackNxt = packet.seq + packet.span();
        }
    }

    private void receive(byte[] frame) {
        frames++;
        nic.incoming.add(frame);
        run();
    }

    // ---- Wrong in itself: dropped once, and never answered ----

    private void wrongInItself() {
        final Peer from = random.nextBoolean() ? live : victims[random.nextInt(VICTIMS)];
        final Packet packet = data(random.nextInt(100_000), random.nextInt(100_000), 8 + random.nextInt(64));
        final byte[] frame = from.frame(packet.noTimestamps());
        final UnsafeBuffer buffer = new UnsafeBuffer(frame);
        final int total = Ipv4.totalLength(buffer, IP);
        final byte[] wrong = switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(frame, random.nextInt(IP + total));
            case 1 -> wrongForIp(buffer, total);
            case 2 -> wrongForTcp(buffer, total);
            default -> wrongForState();
        };
        final long drops = engine.counters().totalDrops();
        final long sent = nic.committed;
        receive(wrong);
        assertEquals(drops + 1, engine.counters().totalDrops(), () -> "drops, for " + Arrays.toString(wrong));
        assertEquals(sent, nic.committed, () -> "answers, to " + Arrays.toString(wrong));
    }

    private byte[] wrongForIp(UnsafeBuffer buffer, int total) {
        switch (random.nextInt(11)) {
            case 0 -> putShort(buffer, IP + 2, total + 1 + random.nextInt(0xFFFF - total));
            case 1 -> putShort(buffer, IP + 2, random.nextInt(Ipv4.HEADER_LENGTH));
            case 2 -> buffer.putByte(IP, (byte) (0x40 | random.nextInt(5)));
            case 3 -> buffer.putByte(IP, (byte) (random.nextInt(5, 16) << 4 | 5));
            case 4 -> putInt(buffer, IP + 12, BAD_SOURCES[random.nextInt(BAD_SOURCES.length)]);
            case 5 -> putShort(buffer, IP + 6, 0x2000 | random.nextInt(0x2000));
            case 6 -> buffer.putByte(IP + 9, (byte) random.nextInt(7, 256));
            case 7 -> putInt(buffer, IP + 16, random.nextBoolean() ? 0x0A00_0063 : 0x0A00_00FF);
            case 8 -> Ethernet.putMac(buffer, 0, STACK_MAC + 1 + random.nextInt(100));
            case 9 -> putShort(buffer, 12, random.nextBoolean() ? 0x86DD : random.nextInt(0x600));
            default -> {
                flip(buffer, IP + random.nextInt(Ipv4.HEADER_LENGTH));
                return buffer.byteArray();
            }
        }
        sealIp(buffer);
        return buffer.byteArray();
    }

    private byte[] wrongForTcp(UnsafeBuffer buffer, int total) {
        final int length = total - Ipv4.HEADER_LENGTH;
        switch (random.nextInt(4)) {
            case 0 -> {
                flip(buffer, TCP + random.nextInt(length));
                return buffer.byteArray();
            }
            case 1 -> buffer.putByte(TCP + 12, (byte) (random.nextInt(5) << 4));
            case 2 -> {
                putShort(buffer, IP + 2, Ipv4.HEADER_LENGTH + 28); // an offset of 32 or more overruns it
                sealIp(buffer);
                buffer.putByte(TCP + 12, (byte) (random.nextInt(8, 16) << 4));
            }
            default -> putShort(buffer, TCP + 2 * random.nextInt(2), 0);
        }
        sealTcp(buffer);
        return buffer.byteArray();
    }

    /** Sound but for where it goes: nonsense to a listener, options that overrun to a connection. */
    private byte[] wrongForState() {
        if (random.nextBoolean()) {
            final Packet overrun = data(liveSeq, liveEchoed, random.nextInt(30));
            return live.frame(
                    random.nextBoolean()
                            ? overrun.rawOptions(1, 1, 8, 40, 0, 0, 0, 0)
                            : overrun.rawOptions(8, random.nextInt(2), 1, 1));
        }
        final Peer stranger = new Peer(this, 30_000 + random.nextInt(30_000), PORT);
        stranger.address = 0x0B63_584D; // far from what a mutation can make
        return stranger.frame(Packet.of(BAD_FLAGS[random.nextInt(BAD_FLAGS.length)])
                .seq(random.nextInt())
                .length(random.nextInt(20)));
    }

    // ---- Sound, with the addresses and ports of the live connection, but blind ----

    private void blindAttack() {
        final int flags = random.nextInt(256);
        final int length = random.nextInt(3) == 0 ? 0 : random.nextInt(100);
        final Packet packet = Packet.of(flags).length(length).ack(liveEchoed).noTimestamps();
        switch (random.nextInt(5)) {
            case 0 -> packet.seq(liveSeq + 70_000 + random.nextInt(1 << 30)).ack(random.nextInt());
            case 1 -> packet.seq(liveSeq - length - 4 - random.nextInt(1 << 30)).ack(random.nextInt());
            case 2 -> packet.flags = SYN | flags & ~RST;
            case 3 -> packet.flags = RST | flags;
            default -> packet.flags = ACK | flags & ~(SYN | RST);
        }
        if (packet.seq == Packet.ANY) {
            packet.seq(liveSeq + 1 + random.nextInt(60_000)); // in the window, but not exact
        }
        if (packet.flags == (ACK | flags & ~(SYN | RST)) && packet.seq > liveSeq && packet.seq < liveSeq + 70_000) {
            packet.seq(liveSeq).ack(liveEchoed + 1 + random.nextInt(1 << 30)); // of what was never sent
        }
        final long drops = engine.counters().totalDrops();
        final long sent = nic.committed;
        receive(live.frame(packet));
        assertEquals(drops + 1, engine.counters().totalDrops(), () -> "drops, for " + packet);
        assertTrue(nic.committed <= sent + 1, () -> "answers, to " + packet);
    }

    // ---- Real traffic of connections in all states, with some bytes changed ----

    private void mutatedTraffic() {
        final Peer victim = victims[random.nextInt(VICTIMS)];
        final byte[] frame = victim.frame(nextOf(victim));
        if (random.nextInt(2) == 0) {
            final UnsafeBuffer buffer = new UnsafeBuffer(frame);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                buffer.putByte(random.nextInt(frame.length), (byte) random.nextInt(256));
            }
            if (random.nextInt(4) > 0) {
                sealTcp(buffer);
                sealIp(buffer);
            }
        }
        receive(frame);
    }

    private Packet nextOf(Peer victim) {
        final int seq = victim.sndNxt;
        final int ackSeq = victim.stackNxt;
        return switch (random.nextInt(20)) {
            case 0, 1, 2 -> begin(victim);
            case 3, 4, 5, 6, 7 -> ack(seq, ackSeq);
            case 8, 9, 10, 11 -> data(seq, ackSeq, 1 + random.nextInt(1000));
            case 12, 13 -> data(seq + random.nextInt(3000), ackSeq, 1 + random.nextInt(500));
            case 14 -> data(seq - random.nextInt(1000), ackSeq - random.nextInt(100), random.nextInt(1400));
            case 15, 16 -> fin(seq, ackSeq).length(random.nextInt(50));
            case 17 -> ack(seq, ackSeq).window(random.nextInt(3));
            case 18 -> ack(seq, ackSeq - random.nextInt(1000)).window(random.nextInt(65536));
            default ->
                random.nextInt(4) == 0
                        ? rst(seq)
                        : Packet.of(random.nextInt(256)).seq(seq).ack(ackSeq);
        };
    }

    private Packet begin(Peer victim) {
        if (victim.isOpen && random.nextInt(20) > 0) {
            return ack(victim.sndNxt, victim.stackNxt);
        }
        if (victim.stackPort == PORT) {
            victim.iss = random.nextInt();
            return syn();
        }
        if (random.nextInt(3) == 0) {
            victim.iss = random.nextInt();
            engine.connect(
                    inet(PEER),
                    victim.port,
                    options().localPort(victim.stackPort).build(),
                    moody);
        }
        return random.nextInt(4) == 0 ? syn() : synAck();
    }

    /** Echoes for the live connection; for all others does what comes to mind. */
    private final class Moody implements TcpHandler {
        @Override
        public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
            if (socket.remotePort() != live.port) {
                switch (random.nextInt(40)) {
                    case 0 -> socket.close();
                    case 1 -> socket.abort();
                    case 2 -> socket.shutdownOutput();
                    case 3 -> throw new IllegalStateException("a mood");
                    case 4, 5, 6, 7 -> {
                        return random.nextInt(length + 1);
                    }
                    default -> {}
                }
            }
            socket.offer(buffer, offset, length);
            return length;
        }

        @Override
        public void onPeerClosed(TcpSocket socket) {
            if (random.nextInt(4) > 0) {
                socket.close();
            }
        }
    }

    // ---- Bytes ----

    private void flip(UnsafeBuffer buffer, int offset) {
        buffer.putByte(offset, (byte) (buffer.getByte(offset) ^ 1 + random.nextInt(255)));
    }

    private static void putShort(UnsafeBuffer buffer, int offset, int value) {
        buffer.putShort(offset, Short.reverseBytes((short) value));
    }

    private static void putInt(UnsafeBuffer buffer, int offset, int value) {
        buffer.putInt(offset, Integer.reverseBytes(value));
    }

    private static void sealIp(UnsafeBuffer buffer) {
        Ipv4.seal(buffer, IP, Ipv4.source(buffer, IP), Ipv4.destination(buffer, IP));
    }

    private static void sealTcp(UnsafeBuffer buffer) {
        final int length = Math.min(Ipv4.totalLength(buffer, IP), buffer.capacity() - IP) - Ipv4.HEADER_LENGTH;
        if (length < TcpHeader.LENGTH) {
            return;
        }
        final long sum = Ipv4.pseudoHeaderSum(
                Ipv4.source(buffer, IP), Ipv4.destination(buffer, IP), Ipv4.protocol(buffer, IP), length);
        buffer.putShort(TCP + 16, (short) 0);
        TcpHeader.seal(buffer, TCP, sum, length);
    }
}
