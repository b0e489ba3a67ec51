package io.spinwire.daemon.server;

import io.spinwire.Cidr;
import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.api.SocketOptions;
import io.spinwire.daemon.config.DaemonConfig;
import io.spinwire.daemon.control.ControlServer;
import io.spinwire.daemon.control.Identity;
import io.spinwire.daemon.control.RunFolder;
import io.spinwire.daemon.control.Status;
import io.spinwire.daemon.service.ChargenService;
import io.spinwire.daemon.service.DiscardService;
import io.spinwire.daemon.service.EchoService;
import io.spinwire.daemon.service.HttpService;
import io.spinwire.daemon.service.PingClient;
import io.spinwire.nic.Nic;
import io.spinwire.nic.Nics;
import io.spinwire.nic.Pipe;
import io.spinwire.nic.afxdp.Affinity;
import io.spinwire.nic.afxdp.XskNic;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.CountersFile;
import io.spinwire.stats.DropReason;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * One daemon: a NIC, an engine on its thread, the services on it, and what lets others look in. Started by
 * {@link #start}, which leaves nothing behind when a step fails; ended by {@link #close}. Control plane, used by one
 * thread.
 */
public final class Daemon implements AutoCloseable {
    /** Beyond the time for closing connections: for the last turn and for detaching the NIC. */
    private static final long STOP_MARGIN_NS = TimeUnit.SECONDS.toNanos(3);

    // Backing off: some microseconds awake after the last work, then sleeps that double. The longest is what a first
    // frame after silence may have to wait; at this one an idle engine takes a few percent of a core.
    private static final long IDLE_SPINS = 200;
    private static final long IDLE_YIELDS = 20;
    private static final long MIN_PARK_NS = 1_000;
    private static final long MAX_PARK_NS = 200_000;

    /** What runs two engines in memory, without a driver. */
    public static final String PIPE = "pipe";

    private static final int PING_BYTES = 64;

    private final DaemonConfig config;
    private final PrintStream out;
    private final NanoClock clock = SystemNanoClock.INSTANCE;
    private final Teardown teardown = new Teardown();
    private Counters counters;
    private PipePeer pipePeer;
    private Capture capture;
    private DaemonAgent agent;
    private EngineThread thread;
    private Runnable everySecond = () -> {};
    private boolean hasWarnedOfPartialChecksums;

    private Daemon(DaemonConfig config, PrintStream out) {
        this.config = config;
        this.out = out;
    }

    /**
     * Starts a daemon and prints how the NIC was set up, then one line {@code ready ...}.
     *
     * @throws RuntimeException of the step that failed, with a message for the user
     */
    public static Daemon start(DaemonConfig config, String version, PrintStream out) {
        final Daemon daemon = new Daemon(config, out);
        try {
            daemon.open(version);
            return daemon;
        } catch (final RuntimeException e) {
            daemon.teardown.close();
            throw e;
        }
    }

    private void open(String version) {
        final RunFolder folder = teardown.add(RunFolder.create(config.folder(), config.name()));
        final EngineCpu cpu = cpu(folder);
        counters = teardown.add(CountersFile.create(folder.countersFile())).counters();
        final EngineConfig engineConfig = config.engine(counters);
        final Nic nic = capture(openNic(engineConfig, cpu));
        final Engine engine = teardown.add(Engine.create(engineConfig, nic));
        final List<Identity.ServicePort> services = services();
        final Identity identity = new Identity(
                config.name(),
                version,
                ProcessHandle.current().pid(),
                nic.name(),
                config.addresses(),
                services,
                System.currentTimeMillis());
        final Status status = new Status(identity, engine, SystemEpochClock.INSTANCE);
        listen(engine, status);
        agent = new DaemonAgent(engine, ping(engine), clock, cpu.cpu(), config.shutdownTimeoutNs());
        teardown.add(new ControlServer(folder.controlSocket(), engine, status));
        thread = new EngineThread(agent, idle(cpu));
        thread.start();
        if (pipePeer != null) {
            pipePeer.start();
        }
        out.println(ready(identity));
    }

    private EngineCpu cpu(RunFolder folder) {
        final EngineCpu cpu = EngineCpu.of(config, Affinity.allowed(), folder.cpusOfOthers());
        if (cpu.cpu() >= 0) {
            folder.noteCpu(cpu.cpu());
        }
        if (!cpu.words().isEmpty()) {
            out.println("engine: " + cpu.words());
        }
        return cpu;
    }

    private Nic openNic(EngineConfig engineConfig, EngineCpu cpu) {
        if (config.nic().equals(PIPE)) {
            final Pipe pipe = new Pipe();
            if (config.echoPort() != 0) {
                pipePeer = new PipePeer(pipe.b(), config, idle(cpu));
            }
            return teardown.add(pipe.a());
        }
        final Nic nic = teardown.add(Nics.open(config.nic(), engineConfig.filter(takenPorts()), clock));
        if (nic instanceof final XskNic xsk) {
            xsk.report().forEach(line -> out.println("nic: " + line));
        }
        return nic;
    }

    /** Without all ports, only those of the services are taken from the kernel. */
    private int[] takenPorts() {
        return config.allPorts()
                ? new int[0]
                : services().stream().mapToInt(Identity.ServicePort::port).toArray();
    }

    private Nic capture(Nic nic) {
        if (config.pcap() == null) {
            return nic;
        }
        capture = teardown.add(new Capture(nic, config.pcap(), clock));
        return capture.nic();
    }

    private List<Identity.ServicePort> services() {
        final List<Identity.ServicePort> services = new ArrayList<>();
        config.ports().forEach((service, port) -> services.add(new Identity.ServicePort(service, port)));
        return services;
    }

    private void listen(Engine engine, Status status) {
        // Clients that vanish without a word are found out, after tcp.keep-alive-idle.
        final SocketOptions bulk = SocketOptions.builder().keepAlive(true).build();
        final SocketOptions interactive =
                SocketOptions.builder().keepAlive(true).noDelay(true).build();
        if (config.echoPort() != 0) {
            engine.listen(config.echoPort(), interactive, new EchoService());
        }
        if (config.discardPort() != 0) {
            engine.listen(config.discardPort(), bulk, new DiscardService());
        }
        if (config.chargenPort() != 0) {
            engine.listen(config.chargenPort(), bulk, new ChargenService());
        }
        if (config.httpPort() != 0) {
            final HttpService http = new HttpService(status.pages());
            engine.listen(config.httpPort(), interactive, http);
            everySecond = () -> engine.execute(http::onSecond);
        }
    }

    private PingClient ping(Engine engine) {
        if (config.ping() == null) {
            return null;
        }
        return new PingClient(
                handler -> engine.connect(
                        config.ping().getAddress(), config.ping().getPort(), SocketOptions.DEFAULTS, handler),
                clock,
                PING_BYTES);
    }

    private static IdleStrategy idle(EngineCpu cpu) {
        return switch (cpu.idle()) {
            case BUSY_SPIN -> BusySpinIdleStrategy.INSTANCE;
            case BACKOFF -> new BackoffIdleStrategy(IDLE_SPINS, IDLE_YIELDS, MIN_PARK_NS, MAX_PARK_NS);
        };
    }

    private static String ready(Identity identity) {
        final StringBuilder line = new StringBuilder("ready name=").append(identity.name());
        line.append(" pid=").append(identity.pid()).append(" nic=").append(identity.nic());
        for (final Cidr own : identity.addresses()) {
            line.append(" address=").append(own);
        }
        for (final Identity.ServicePort service : identity.services()) {
            line.append(' ').append(service.service()).append('=').append(service.port());
        }
        return line.toString();
    }

    /** Looks after the daemon: to be called every second. Returns whether the engine is still running. */
    public boolean check() {
        final long partial = counters.get(DropReason.TCP_PARTIAL_CSUM);
        final boolean isNew = partial > 0 || counters.get(Counter.TcpPartialChecksums) > 0;
        if (isNew && !hasWarnedOfPartialChecksums) {
            hasWarnedOfPartialChecksums = true;
            out.println(
                    partial > 0
                            ? partialChecksumsDropped()
                            : "segments with unfinished checksums come in and are"
                                    + " taken, as configured (accept-partial-checksums)");
        }
        everySecond.run();
        return thread.isAlive();
    }

    private static String partialChecksumsDropped() {
        return "WARNING: segments with unfinished checksums come in and are dropped: the sender leaves them to a"
                + " hardware that the link does not have. Turn that off at the other end of the veth (ethtool -K IFACE"
                + " tx off), or start this daemon with --accept-partial-checksums";
    }

    /** What ended the engine before its time, or null. */
    public Throwable failure() {
        return thread.failure();
    }

    /** Closes connections in order, within the configured bound, then ends everything and removes all that was made. */
    @Override
    public void close() {
        try {
            if (pipePeer != null) {
                pipePeer.close();
                out.println(pipePeer.summary());
            }
            if (!thread.stop(config.shutdownTimeoutNs() + STOP_MARGIN_NS)) {
                out.println("stopped: the engine thread does not end; the kernel detaches its NIC with the process");
                return;
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        teardown.close();
        if (capture != null) {
            out.println(capture.summary());
        }
        if (thread.failure() == null) {
            out.println(
                    agent.isDrained()
                            ? "stopped: all connections were closed in order"
                            : "stopped: connections that were still open were reset");
        }
    }
}
