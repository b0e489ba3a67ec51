package io.spinwire.nic.afxdp;

import io.spinwire.script.LinuxSettings;
import io.spinwire.script.Play;
import io.spinwire.script.Script;
import io.spinwire.script.ScriptException;
import io.spinwire.script.Stage;
import io.spinwire.script.Walk;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The kernel of this machine under a script, in a namespace of the calling thread's own and in real time. */
final class KernelStage implements Stage {
    private static final int ATTEMPTS = 3;
    private static final long PASSING_NS = 1_000_000_000;
    private static final String SOCKET = "socket.";

    /**
     * Delay up to which a timer has a grain, and the grain: the levels of Linux's timer wheel with HZ 250. A short
     * delay is rounded up to ticks of 4 ms, and its timer runs with the tick behind them.
     */
    private static final long[][] WHEEL_MS = {{240, 8}, {2_044, 32}, {16_380, 256}, {131_068, 2_048}};

    private final TunLab lab;
    private final KernelSockets sockets;
    private final ArrayDeque<Datagram> emitted = new ArrayDeque<>();

    private KernelStage(Map<String, String> settings) {
        settings.keySet().forEach(KernelStage::checkKnown);
        lab = new TunLab(
                LinuxSettings.sysctls(settings),
                Integer.parseInt(settings.getOrDefault("mtu", "1500")),
                settings.getOrDefault("linux.gso", "off").equals("on"));
        sockets = new KernelSockets(LinuxSettings.options(settings));
    }

    private static void checkKnown(String name) {
        if (!name.startsWith(SOCKET)
                && !List.of("mtu", "linux.gso", "engine.queued").contains(name)
                && !LinuxSettings.isKnown(name)) {
            throw new ScriptException("Linux has no setting like " + name);
        }
    }

    /** Plays one script for nothing, so that the first that counts does not wait for classes to be loaded. */
    static void warmUp(List<Script> scripts) {
        scripts.stream().limit(1).forEach(KernelStage::playOnce);
    }

    /**
     * Plays a script. A machine that is late for reasons of its own may spoil one in which time matters: what does not
     * hold is played again, three times in all.
     */
    static Walk play(Script script) {
        Walk walk = null;
        for (int attempt = 0; attempt < ATTEMPTS && (walk == null || !walk.isRight()); attempt++) {
            walk = playOnce(script);
        }
        return walk;
    }

    static Walk playOnce(Script script) {
        final Walk[] walk = new Walk[1];
        final Throwable[] failure = new Throwable[1];
        final Thread thread = Thread.ofPlatform()
                .name("kernel " + script.name())
                .start(() -> {
                    Posix.hurry(); // a peer that is late changes round trips
                    try (KernelStage stage = new KernelStage(script.settings())) {
                        walk[0] = Play.onKernel(script, stage);
                    } catch (final Throwable t) {
                        failure[0] = t;
                    }
                });
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (failure[0] != null) {
            throw new ScriptException(
                    script.name() + " on the kernel: " + failure[0] + Arrays.toString(failure[0].getStackTrace()));
        }
        return walk[0];
    }

    @Override
    public long nowNs() {
        final Instant now = Instant.now(); // the clock of the kernel's time stamps
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    @Override
    public long deliver(byte[] datagram) {
        lab.write(datagram);
        TunLab.Passed passed = lab.next(PASSING_NS);
        while (passed != null && passed.isOutgoing()) {
            emitted.add(new Datagram(passed.realtimeNs(), passed.bytes())); // the kernel was first
            passed = lab.next(PASSING_NS);
        }
        if (passed == null) {
            throw new ScriptException("a datagram written to the device did not pass");
        }
        return passed.realtimeNs();
    }

    @Override
    public Datagram await(long untilNs) {
        while (emitted.isEmpty()) {
            final TunLab.Passed passed = lab.next(Math.max(0, untilNs - nowNs()));
            if (passed == null) {
                return null;
            } else if (passed.isOutgoing()) {
                emitted.add(new Datagram(passed.realtimeNs(), passed.bytes()));
            }
        }
        return emitted.poll();
    }

    @Override
    public long timerGrainNs(long delayNs) {
        for (final long[] level : WHEEL_MS) {
            if (delayNs <= level[0] * 1_000_000) {
                return level[1] > 4 ? level[1] * 1_000_000 : 0; // the least is in the tolerance
            }
        }
        return WHEEL_MS[WHEEL_MS.length - 1][1] * 8 * 1_000_000;
    }

    @Override
    public Sockets sockets() {
        return sockets;
    }

    @Override
    public void close() {
        sockets.close();
        lab.close();
    }
}
