package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.EngineConfigBuilder;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketOptionsBuilder;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Checksum;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import io.spinwire.wire.TcpHeader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A test of TCP as a script with two verbs: {@code peer.sends(...)}, and {@code stack.emits(...)} or
 * {@code stack.emitsNothing()}, on a clock that only the script moves. The stack is a whole engine at 10.0.0.2, the
 * peer is at 10.0.0.1. Every script runs twice, with header prediction and without: the segments must be the same. What
 * the stack emits and the script does not expect is a failure, at the latest at the script's end.
 */
@ParameterizedClass(name = "fastPath={0}")
@ValueSource(booleans = {true, false})
abstract class TcpScript {
    static final int STACK = 0x0A00_0002;
    static final int PEER = 0x0A00_0001;
    static final long STACK_MAC = 0x0200_0000_0002L;
    static final long PEER_MAC = 0x0200_0000_0001L;
    static final int PORT = 80;
    static final int PEER_PORT = 4000;
    private static final int MAX_TURNS = 1_000; // within which the engine must come to rest
    private static final long TICK_NS = 5_000; // of the timer wheel

    @Parameter
    boolean fastPath;

    final CachedNanoClock clock = new CachedNanoClock();
    final ScriptNic nic = new ScriptNic(STACK_MAC, this::onFrame);
    final Stack stack = new Stack();
    final App app = new App(this);
    final Map<Integer, Peer> peers = new HashMap<>();
    final ArrayDeque<Packet> emitted = new ArrayDeque<>();

    /** The peer of the first connection. */
    Peer peer = newPeer(PEER_PORT, PORT);

    Engine engine;

    /** ARP requests are swallowed; else one is a failure, for the peer's address is known. */
    boolean silentArp;

    /** Segments must be without don't-fragment; else they must have it. */
    boolean mayFragment;

    TcpScript() {
        clock.update(s(1000));
    }

    // ---- The stage ----

    /** Begins with an engine as configured; called by the first use, or by the script before. */
    void start(EngineConfigBuilder config, TcpConfig tcp) {
        engine = Engine.create(config.tcp(tcp).fastPath(fastPath).build(), nic);
    }

    void start(TcpConfigBuilder tcp) {
        start(config(), tcp.build());
    }

    void start() {
        start(config(), TcpConfig.DEFAULTS);
    }

    EngineConfigBuilder config() {
        return EngineConfig.builder()
                .address("10.0.0.2/24")
                .neighbour("10.0.0.1", PEER_MAC)
                .clock(clock)
                .maxSockets(64)
                .seed(1);
    }

    Peer newPeer(int port, int stackPort) {
        final Peer made = new Peer(this, port, stackPort);
        peers.put(port, made);
        return made;
    }

    /** The app listens, for all peers. */
    void listens(SocketOptions options) {
        if (engine == null) {
            start();
        }
        engine.listen(PORT, options, app);
    }

    void listens() {
        listens(SocketOptions.DEFAULTS);
    }

    /** A connection that the peer opened is established; the last segment was its ACK. */
    void accepted(SocketOptions options) {
        listens(options);
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        stack.emitsNothing();
        assertTrue(app.events.remove("connected"));
    }

    void accepted() {
        accepted(SocketOptions.DEFAULTS);
    }

    /** The app begins to connect to the peer; its SYN is to be expected. */
    void connects(SocketOptions options) {
        if (engine == null) {
            start();
        }
        app.socket = engine.connect(inet(PEER), peer.port, options, app);
        if (app.socket != null) {
            peer.stackPort = app.socket.localPort();
        }
        run();
    }

    /** A connection that the app opened is established, and the stack's ACK is out. */
    void connected(SocketOptions options) {
        connects(options);
        stack.emits(syn());
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        assertTrue(app.events.remove("connected"));
    }

    void connected() {
        connected(SocketOptions.DEFAULTS);
    }

    static SocketOptionsBuilder options() {
        return SocketOptions.builder();
    }

    static InetAddress inet(int address) {
        try {
            return InetAddress.getByAddress(
                    ByteBuffer.allocate(4).putInt(address).array());
        } catch (final UnknownHostException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    // ---- Time ----

    static long ms(long count) {
        return count * 1_000_000;
    }

    static long s(long count) {
        return count * 1_000_000_000;
    }

    /** Lets the engine work until nothing is left to do now. */
    void run() {
        int turns = 0;
        while (engine.doWork() > 0) {
            assertTrue(++turns < MAX_TURNS, "the engine does not come to rest");
        }
        if (app.failure != null) {
            throw app.failure;
        }
    }

    /** Lets time pass, with turns whenever the engine wants one, and at the end. */
    void after(long ns) {
        final long end = clock.nanoTime() + ns;
        while (step(end)) {}
        clock.update(end);
        run();
    }

    /** One turn at the next deadline; false when there is none until {@code end}. */
    private boolean step(long end) {
        final long next = engine.nextDeadlineNs();
        if (next > end) {
            return false;
        }
        clock.update(Math.max(clock.nanoTime(), next));
        run();
        if (engine.nextDeadlineNs() == next && next != Long.MIN_VALUE) {
            assertTrue(clock.nanoTime() < next, "a turn at the deadline changed nothing");
        }
        return true;
    }

    // ---- The stack ----

    /** A frame that the engine has sent. */
    void onFrame(byte[] frame) {
        final UnsafeBuffer buffer = new UnsafeBuffer(frame);
        final int ip = Ethernet.HEADER_LENGTH;
        final int tcp = ip + Ipv4.HEADER_LENGTH;
        if (silentArp && Ethernet.type(buffer, 0) == Ethernet.TYPE_ARP) {
            return;
        }
        assertEquals(PEER_MAC, Ethernet.destination(buffer, 0));
        assertEquals(STACK_MAC, Ethernet.source(buffer, 0));
        assertEquals(Ethernet.TYPE_IPV4, Ethernet.type(buffer, 0));
        assertEquals(!mayFragment, Ipv4.isDontFragment(buffer, ip));
        if (Ipv4.protocol(buffer, ip) != Ipv4.PROTOCOL_TCP) {
            return; // ICMP
        }
        assertChecksums(buffer);
        final Peer receiver = peers.get(TcpHeader.destinationPort(buffer, tcp));
        assertTrue(receiver != null, "a segment to port " + TcpHeader.destinationPort(buffer, tcp));
        emitted.add(receiver.read(frame));
    }

    static void assertChecksums(UnsafeBuffer frame) {
        final int ip = Ethernet.HEADER_LENGTH;
        final int length = Ipv4.totalLength(frame, ip) - Ipv4.HEADER_LENGTH;
        final long sum = Ipv4.pseudoHeaderSum(Ipv4.source(frame, ip), Ipv4.destination(frame, ip), 6, length);
        assertTrue(Ipv4.isChecksumValid(frame, ip, Ipv4.HEADER_LENGTH), "IP checksum");
        assertEquals(0, Checksum.finish(Checksum.add(sum, frame, ip + Ipv4.HEADER_LENGTH, length)), "TCP checksum");
    }

    /** What the engine does, compared with what the script says. */
    final class Stack {
        /** The next segments emitted are these, in this order. */
        void emits(Packet... expected) {
            for (final Packet packet : expected) {
                final Packet actual = emitted.poll();
                assertTrue(actual != null, () -> "expected " + packet + ", and nothing was emitted");
                assertTrue(
                        packet.matches(actual),
                        () -> "expected " + packet + "\n but was " + actual + "\n then " + emitted);
            }
        }

        void emitsNothing() {
            assertTrue(emitted.isEmpty(), () -> "expected nothing, but was " + emitted);
        }

        /** Silence for {@code ns}, and then this. */
        void emitsAfter(long ns, Packet expected) {
            emitsNothing();
            final long start = clock.nanoTime();
            final long limit = start + ns + ns / 2 + TICK_NS;
            while (emitted.isEmpty() && step(limit)) {}
            assertTrue(!emitted.isEmpty(), () -> "expected " + expected + " after " + ns + " ns, and nothing came");
            final long passed = clock.nanoTime() - start;
            final Packet actual = emitted.peek();
            assertTrue(
                    passed >= ns && passed <= ns + ns / 50_000 + TICK_NS, // the first round trip counts 1 us
                    () -> "expected after " + ns + " ns, but came after " + passed + ": " + actual);
            emits(expected);
        }

        /** Takes the next segment as it is. */
        Packet next() {
            assertTrue(!emitted.isEmpty(), "nothing was emitted");
            return emitted.poll();
        }

        /** All that was emitted is of no interest. */
        void emitsWhatever() {
            emitted.clear();
        }
    }

    void isIn(TcpState state) {
        assertEquals(state, app.socket.state());
    }

    TcpInfo info() {
        final TcpInfo info = new TcpInfo();
        app.socket.info(info);
        return info;
    }

    long count(Counter counter) {
        engine.publishGauges();
        return engine.counters().get(counter);
    }

    long count(DropReason reason) {
        return engine.counters().get(reason);
    }

    /** The byte of a stream that has this relative number. */
    static byte pattern(int seq) {
        return (byte) (seq ^ seq >> 8 ^ seq >> 16);
    }

    TcpSocket socket() {
        return app.socket;
    }

    @AfterEach
    void stackHasNothingMoreToSay() {
        stack.emitsNothing();
        if (app.failure != null) {
            throw app.failure;
        }
        if (engine != null) {
            engine.close();
        }
    }
}
