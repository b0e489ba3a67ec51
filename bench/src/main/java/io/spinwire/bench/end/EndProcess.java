package io.spinwire.bench.end;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.daemon.service.EchoService;
import io.spinwire.nic.Nic;
import io.spinwire.nic.afxdp.Affinity;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Does what its standard input says, a line each, and answers each line with one that begins with {@code ok} or
 * {@code failed}. A service answers when it serves, and ends with the next line; what it saw is that line's business
 * ({@code figures}). Verbs: {@code pin}, {@code open}, {@code shut}, {@code serve}, {@code rtt}, {@code source},
 * {@code sink}, {@code connects}, {@code requests}, {@code flows}, {@code flow-sink}, {@code cost}, {@code stack},
 * {@code stack-end} (fails when the stack did something else than was meant), {@code compiled} (milliseconds that its
 * JIT has worked), {@code spin}, {@code watch}, {@code watched}, {@code figures}, {@code quit}.
 */
public final class EndProcess {
    private static final SocketOptions OPTIONS =
            SocketOptions.builder().noDelay(true).build();

    private static final int FLOOD_BURST = 64;
    private static final int FLOW_CHUNK_BYTES = 64 * 1024;

    private final Commands commands;
    private final PrintStream out;
    private final Set<Integer> listening = new HashSet<>();
    private final Gaps gaps = new Gaps();
    private Stack stack;
    private NettyEcho netty;
    private final StackLoops loops = new StackLoops();
    private Watch watch;

    /** An end that obeys {@code in}. */
    public EndProcess(InputStream in, PrintStream out) {
        commands = new Commands(in);
        this.out = out;
    }

    /** Works until it is told to quit, or nobody tells it anything any more. */
    public void run() throws InterruptedException {
        out.println("ready");
        for (String line = commands.take(); !line.equals(Commands.QUIT); line = commands.take()) {
            try {
                final String answer = obey(new Words(line));
                if (answer != null) {
                    out.println(("ok " + answer).strip());
                }
            } catch (final IOException | RuntimeException e) {
                out.println("failed " + line + ": " + e);
            }
            out.flush();
        }
        shut();
    }

    private String obey(Words words) throws IOException, InterruptedException {
        return switch (words.verb()) {
            case "pin" -> {
                Affinity.pin((int) words.number("cpu"));
                yield "";
            }
            case "open" -> {
                stack = words.has("address") ? Stack.engine(words, clock(words)) : Stack.raw(words);
                yield stack.nic().name() + " mtu=" + stack.nic().mtu();
            }
            case "shut" -> {
                final String figures = stack == null ? "" : stack.figures();
                shut();
                yield figures;
            }
            case "figures" -> stack == null ? KernelFigures.words() : stack.figures();
            case "serve" -> serve(words);
            case "rtt" -> roundTrips(words);
            case "source" -> source(words);
            case "sink" -> sink(words);
            case "connects" -> connects(words);
            case "requests" -> requests(words);
            case "flows" -> Long.toString(flows(words));
            case "flow-sink" -> flowSink(words);
            case "cost" -> cost(words);
            case "stack" -> stackAlone(words);
            case "compiled" ->
                Long.toString(ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
            case "spin" -> Histograms.encode(Hiccups.run(words.millisNs("ms")));
            case "watch" -> {
                watch = Watch.start(words.number("after"), words.number("ms"), gaps);
                yield "";
            }
            case "stack-end" -> {
                loops.close();
                yield "";
            }
            case "watched" -> watch.words() + " gaps=" + Histograms.encode(gaps.histogram());
            default -> throw new IllegalArgumentException("unknown verb");
        };
    }

    private NanoClock clock(Words words) {
        return words.has("watched") ? new GapClock(gaps) : SystemNanoClock.INSTANCE;
    }

    private void shut() {
        if (netty != null) {
            netty.close();
            netty = null;
        }
        if (stack != null) {
            stack.close();
            stack = null;
            listening.clear();
        }
    }

    // ---- Services: they answer when they serve, and return when the next line has come ----

    private String serve(Words words) throws IOException {
        final boolean isClosing = words.text("what", "echo").equals("answer");
        final int port = (int) words.number("port", 7);
        final int ports = (int) words.number("ports", 1);
        switch (words.text("transport")) {
            case "engine" -> serveOnEngine(port, ports, isClosing);
            case "raw" -> serveRaw(words);
            case "kernel" -> serveOnKernel(port, ports, isClosing);
            case "kernel-spin" -> echoOneByOne(port, false);
            case "kernel-blocking" -> echoOneByOne(port, true);
            case "netty" -> serveOnNetty(port);
            default -> throw new IllegalArgumentException("unknown transport");
        }
        return null;
    }

    private void serving() {
        out.println("ok serving");
        out.flush();
    }

    private void serveOnEngine(int firstPort, int ports, boolean isClosing) {
        final TcpHandler service = isClosing ? new EngineService() : new EchoService();
        for (int port = firstPort; port < firstPort + ports; port++) {
            if (listening.add(port)) { // a service that was stopped goes on
                stack.engine().listen(port, OPTIONS, service);
            }
        }
        serving();
        while (commands.isQuiet()) {
            stack.engine().doWork();
        }
        stack.rest();
    }

    private void serveRaw(Words words) {
        final Nic nic = stack.nic();
        final Runnable turn = switch (words.text("what", "echo")) {
            case "echo" -> new RawEcho(nic, false)::turn;
            case "swap" -> new RawEcho(nic, true)::turn;
            case "discard" -> new RawWire(nic, 0)::receive;
            case "flood" -> new RawFlood(nic, (int) words.number("bytes"), FLOOD_BURST)::turn;
            default -> throw new IllegalArgumentException("unknown service");
        };
        serving();
        while (commands.isQuiet()) {
            turn.run();
        }
    }

    private void serveOnKernel(int port, int ports, boolean isClosing) throws IOException {
        try (KernelService service = new KernelService(port, ports, isClosing)) {
            serving();
            service.run(commands::isQuiet);
        }
    }

    private void serveOnNetty(int port) {
        if (netty == null) {
            netty = new NettyEcho(port); // and then it goes on listening: its port may not be free again so soon
        }
        serving();
        netty.run(commands::isQuiet);
    }

    /** One connection at a time, without a selector: what a program that cares for latency does. */
    private void echoOneByOne(int port, boolean isBlocking) throws IOException {
        try (KernelEchoes echoes = new KernelEchoes(port, isBlocking)) {
            serving();
            echoes.run(commands::isQuiet);
        }
    }

    // ---- Loads ----

    private Wire connect(Words words) throws IOException {
        return switch (words.text("transport")) {
            case "engine" -> EngineWire.connect(stack.engine(), words.address("to"), OPTIONS);
            case "raw" -> new RawWire(stack.nic(), (int) words.number("bytes"));
            case "udp" -> new UdpWire(words.address("to"));
            case "kernel", "kernel-spin" -> KernelWire.connect(words.address("to"), false);
            case "kernel-blocking" -> KernelWire.connect(words.address("to"), true);
            default -> throw new IllegalArgumentException("unknown transport");
        };
    }

    /**
     * {@code rtt transport= to= bytes= warm= ms= rate=}, {@code warm} in round trips: answers {@code RATE HISTOGRAM}.
     */
    private String roundTrips(Words words) throws IOException {
        final String transport = words.text("transport");
        if (transport.equals("netty") && words.has("rate")) {
            NettyRoundTrips.run(words.address("to"), (int) words.number("bytes"), words.number("warm"), 0);
            return NettyOpenTrips.run(
                    words.address("to"), (int) words.number("bytes"), words.number("rate"), words.millisNs("ms"));
        }
        if (transport.equals("netty")) {
            return NettyRoundTrips.run(
                    words.address("to"), (int) words.number("bytes"), words.number("warm"), words.millisNs("ms"));
        }
        if (transport.equals("engine") && !words.has("rate")) {
            final EngineRoundTrips.Plan plan =
                    new EngineRoundTrips.Plan((int) words.number("bytes"), words.number("warm"), words.millisNs("ms"));
            final Histogram histogram = EngineRoundTrips.run(stack.engine(), words.address("to"), OPTIONS, plan);
            stack.rest();
            return "0 " + Histograms.encode(histogram);
        }
        final int bytes = (int) words.number("bytes");
        try (Wire wire = connect(words)) {
            new RoundTripLoad(wire, bytes).warm(words.number("warm"));
            final RoundTripLoad load = new RoundTripLoad(wire, bytes);
            double rate = 0;
            if (words.has("rate")) {
                rate = transport.equals("kernel-blocking")
                        ? load.openBlocking(words.number("rate"), words.millisNs("ms"))
                        : load.open(words.number("rate"), words.millisNs("ms"));
            } else {
                load.closed(words.millisNs("ms"));
            }
            return rate + " " + Histograms.encode(load.histogram());
        }
    }

    /** {@code source transport= to= bytes= ms= least=}: answers the bytes sent, {@code least} or more. */
    private String source(Words words) throws IOException {
        try (Wire wire = connect(words)) {
            final int chunkBytes = (int) words.number("chunk", 65536);
            return Long.toString(BulkLoad.send(wire, chunkBytes, words.millisNs("ms"), words.number("least", 0)));
        }
    }

    /** {@code sink transport= port= bytes=}: answers when it listens, and again with {@code BYTES NANOSECONDS}. */
    private String sink(Words words) throws IOException {
        final int port = (int) words.number("port", 7);
        try (Wire wire = accept(words, port)) {
            final BulkLoad.Arrived arrived = BulkLoad.receive(wire);
            return arrived.bytes() + " " + arrived.durationNs();
        }
    }

    private Wire accept(Words words, int port) throws IOException {
        return switch (words.text("transport")) {
            case "engine" -> EngineWire.accept(stack.engine(), port, OPTIONS, this::serving);
            case "raw" -> {
                serving();
                yield new RawWire(stack.nic(), (int) words.number("bytes"));
            }
            case "kernel", "kernel-spin" -> KernelWire.accept(port, false, this::serving);
            default -> throw new IllegalArgumentException("unknown transport");
        };
    }

    /** {@code connects transport= to= ports= at-once= bytes= ms= least=}: completed, failed, refused, nanoseconds. */
    private String connects(Words words) throws IOException {
        final ConnectPlan plan = new ConnectPlan(
                words.address("to"),
                (int) words.number("ports"),
                (int) words.number("at-once"),
                (int) words.number("bytes"),
                words.millisNs("ms"),
                words.number("least", 0));
        final ConnectPlan.Result result = words.text("transport").equals("engine")
                ? new EngineConnects(stack.engine(), plan).run()
                : new KernelConnects(plan).run();
        return result.completed() + " " + result.failed() + " " + result.refused() + " " + result.durationNs();
    }

    /** {@code requests transport= to= connections= bytes= warm= ms=}: answered, nanoseconds, histogram. */
    private String requests(Words words) throws IOException {
        final RequestPlan plan = new RequestPlan(
                words.address("to"),
                (int) words.number("connections"),
                (int) words.number("bytes"),
                words.number("warm"),
                words.millisNs("ms"));
        if (!words.text("transport").equals("engine")) {
            return new KernelRequests(plan).run().words();
        }
        final RequestPlan.Result result = new EngineRequests(stack.engine(), plan).run();
        stack.rest();
        return result.words();
    }

    /** {@code flows transport= to= flows= ms= least=}: answers the bytes sent, {@code least} or more. */
    private long flows(Words words) throws IOException {
        final FlowsPlan plan = new FlowsPlan(
                words.address("to"),
                (int) words.number("flows"),
                FLOW_CHUNK_BYTES,
                words.millisNs("ms"),
                words.number("least", 0));
        return words.text("transport").equals("engine")
                ? new EngineFlows(stack.engine(), plan).run()
                : new KernelFlows(plan).run();
    }

    /** {@code flow-sink transport= port= flows= settle=}: answers when it listens, and with the words of a tally. */
    private String flowSink(Words words) throws IOException {
        final FlowTally tally = new FlowTally((int) words.number("flows"), words.millisNs("settle"));
        final int port = (int) words.number("port");
        return words.text("transport").equals("engine")
                ? new EngineFlowSink(stack.engine(), tally).run(port, this::serving)
                : new KernelFlowSink(tally).run(port, this::serving);
    }

    /** {@code stack what= ms=}: answers nanoseconds, or Gbit/s. */
    private String stackAlone(Words words) {
        final double figure = switch (words.text("what")) {
            case "roundTrip" -> loops.roundTripNs(words.millisNs("ms"));
            case "bulk" -> loops.bulkGigabits(words.millisNs("ms"));
            default -> throw new IllegalArgumentException("unknown stack");
        };
        return Double.toString(figure);
    }

    /** {@code cost of=}: answers nanoseconds. */
    private String cost(Words words) throws InterruptedException {
        final double ns = switch (words.text("of")) {
            case "clock" -> Costs.clock();
            case "system-call" -> Costs.systemCall();
            case "idle-turn" -> Costs.idleTurn(stack.engine());
            case "frame" -> Costs.frame(stack.nic(), (int) words.number("bytes"), (int) words.number("per-kick"));
            case "crossing" -> Costs.crossing((int) words.number("to-cpu"));
            default -> throw new IllegalArgumentException("unknown cost");
        };
        return Double.toString(ns);
    }
}
