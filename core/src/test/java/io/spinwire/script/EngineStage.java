package io.spinwire.script;

import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.EngineConfigBuilder;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketOptionsBuilder;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/** An engine in virtual time under a script. */
public final class EngineStage implements Stage {
    private static final long MAC = 0x0200_0000_0002L;
    private static final long PEER_MAC = 0x0200_0000_0001L;
    private static final int MAX_TURNS = 1_000; // within which the engine must come to rest
    private static final String SOCKET = "socket.";
    private static final String QUEUED = "engine.queued"; // a script for sockets of another thread
    private static final String LINUX = "linux."; // settings that no engine has

    private final CachedNanoClock clock = new CachedNanoClock();
    private final ArrayDeque<Datagram> emitted = new ArrayDeque<>();
    private final StageNic nic;
    private final Engine engine;
    private final EngineSockets sockets;

    /** Which ways through the engine are taken. The segments must be the same. */
    public enum Mode {
        /** Header prediction, and callbacks on the engine thread. */
        INLINE,
        /** No header prediction. */
        SLOW_PATH,
        /** Sockets of another thread. */
        QUEUED
    }

    EngineStage(Map<String, String> settings, Mode mode) {
        final TcpConfigBuilder tcp = TcpConfig.builder();
        final SocketOptionsBuilder options = SocketOptions.builder();
        final EngineConfigBuilder engineConfig = EngineConfig.builder();
        int mtu = 1500;
        for (final Map.Entry<String, String> setting : settings.entrySet()) {
            final String name = setting.getKey();
            if (name.equals("mtu")) {
                mtu = SegmentSyntax.number(setting.getValue());
                continue;
            } else if (name.equals("port")) {
                final int port = SegmentSyntax.number(setting.getValue());
                engineConfig.firstPort(port).lastPort(port);
                continue;
            } else if (name.startsWith(LINUX) || name.equals(QUEUED)) {
                continue;
            }
            final boolean isOption = name.startsWith(SOCKET);
            final String bare = isOption ? name.substring(SOCKET.length()) : name;
            final boolean isKnown = new Value(setting.getValue()).set(isOption ? options : tcp, bare);
            SegmentSyntax.check(isKnown, "the engine has no setting called " + name);
        }
        clock.update(1_000_000_000_000L);
        nic = new StageNic(MAC, mtu, this::onFrame);
        engineConfig
                .address("10.0.0.2/24")
                .neighbour("10.0.0.1", PEER_MAC)
                .clock(clock)
                .maxSockets(64)
                .seed(1)
                .tcp(tcp.build())
                .fastPath(mode != Mode.SLOW_PATH);
        engine = Engine.create(engineConfig.build(), nic);
        sockets = new EngineSockets(engine, options, mode == Mode.QUEUED, this::run);
        run();
        emitted.clear(); // it announced its address
    }

    /** Plays a script on an engine of its own. */
    public static Walk play(Script script) {
        return play(script, Mode.INLINE, Script.Only.ENGINE);
    }

    static Walk play(Script script, Mode mode, Script.Only lines) {
        final boolean isQueued = script.settings().getOrDefault(QUEUED, "off").equals("on");
        try (EngineStage stage = new EngineStage(script.settings(), isQueued ? Mode.QUEUED : mode)) {
            return Play.on(script, stage, lines);
        }
    }

    private void onFrame(byte[] frame) {
        final UnsafeBuffer buffer = new UnsafeBuffer(frame);
        if (Ethernet.type(buffer, 0) == Ethernet.TYPE_IPV4) {
            final int end = Ethernet.HEADER_LENGTH + Ipv4.totalLength(buffer, Ethernet.HEADER_LENGTH);
            emitted.add(new Datagram(clock.nanoTime(), Arrays.copyOfRange(frame, Ethernet.HEADER_LENGTH, end)));
        }
    }

    @Override
    public long nowNs() {
        return clock.nanoTime();
    }

    @Override
    public long deliver(byte[] datagram) {
        final byte[] frame = new byte[Math.max(60, Ethernet.HEADER_LENGTH + datagram.length)];
        final UnsafeBuffer buffer = new UnsafeBuffer(frame);
        Ethernet.put(buffer, 0, MAC, PEER_MAC, Ethernet.TYPE_IPV4);
        buffer.putBytes(Ethernet.HEADER_LENGTH, datagram);
        nic.incoming.add(frame);
        run();
        return clock.nanoTime();
    }

    @Override
    public Datagram await(long untilNs) {
        while (emitted.isEmpty() && engine.nextDeadlineNs() <= untilNs) {
            clock.update(Math.max(clock.nanoTime(), engine.nextDeadlineNs()));
            run();
        }
        if (emitted.isEmpty()) {
            clock.update(Math.max(clock.nanoTime(), untilNs));
            run();
        }
        return emitted.poll();
    }

    /** Lets the engine work until nothing is left to do now. */
    private void run() {
        int turns = 0;
        while (engine.doWork() > 0) {
            SegmentSyntax.check(++turns < MAX_TURNS, "the engine does not come to rest");
        }
    }

    @Override
    public Sockets sockets() {
        return sockets;
    }

    @Override
    public void close() {
        engine.close();
    }
}
