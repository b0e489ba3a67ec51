package io.spinwire.daemon.demo;

import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import io.spinwire.daemon.service.EchoService;
import io.spinwire.daemon.service.HttpPage;
import io.spinwire.daemon.service.HttpService;
import io.spinwire.daemon.service.PingClient;
import io.spinwire.nic.Nic;
import io.spinwire.nic.Pipe;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The demo without a network card: two engines joined by a pipe in memory, both driven by this one thread, turn by
 * turn. The same frames, the same TCP and the same services as on AF_XDP; only the way between is missing.
 */
public final class PipeDemo {
    private static final String SERVER = "10.0.0.2";
    private static final int ECHO_PORT = 7;
    private static final int HTTP_PORT = 80;
    private static final long ECHO_BYTES = 8 << 20;
    private static final int PING_BYTES = 64;
    private static final int ROUNDS = 3;
    private static final long STEP_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    private final PrintStream out;
    private final int roundMs;
    private final Pipe pipe = new Pipe();
    private final Engine server = engine(SERVER + "/24", pipe.a());
    private final Engine client = engine("10.0.0.1/24", pipe.b());
    private final InetAddress address;

    /** A demo that measures in rounds of {@code roundMs}. */
    public PipeDemo(PrintStream out, int roundMs) {
        this.out = out;
        this.roundMs = roundMs;
        try {
            address = InetAddress.getByName(SERVER);
        } catch (final UnknownHostException e) {
            throw new IllegalStateException(e); // an address in digits needs no look-up
        }
    }

    private static Engine engine(String address, Nic nic) {
        return Engine.create(EngineConfig.builder().address(address).build(), nic);
    }

    /**
     * Runs it.
     *
     * @throws DemoException when a step goes wrong
     */
    public void run() {
        out.println("Spinwire: two TCP engines in Java, joined in memory and driven by one thread.");
        out.println();
        try {
            server.listen(ECHO_PORT, SocketOptions.builder().noDelay(true).build(), new EchoService());
            server.listen(HTTP_PORT, SocketOptions.DEFAULTS, new HttpService(List.of(counterPage())));
            page();
            echo();
            measure();
        } finally {
            client.close();
            server.close();
            pipe.close();
        }
    }

    private HttpPage counterPage() {
        final Counters counters = server.counters();
        return new HttpPage("/", "text/plain", to -> {
            for (final Counter counter : Counter.values()) {
                to.text(counter.name()).text(" ").number(counters.get(counter)).text("\n");
            }
        });
    }

    private void page() {
        step("page", "GET http://" + SERVER + "/");
        final InlineFetch fetch = new InlineFetch("/");
        connect(HTTP_PORT, fetch);
        drive("the page", fetch::isDone);
        if (!fetch.response().startsWith("HTTP/1.1 200 OK")) {
            throw new DemoException("the page did not come: " + fetch.reason() + " " + fetch.response());
        }
        detail("200 OK, " + fetch.response().length() + " bytes");
    }

    private void echo() {
        step("echo", (ECHO_BYTES >> 20) + " MiB of random bytes there and back");
        final InlineEcho echo = new InlineEcho(ECHO_BYTES, 1);
        final long startNs = System.nanoTime();
        connect(ECHO_PORT, echo);
        drive("the echo", echo::isDone);
        if (!echo.isRight()) {
            throw new DemoException("the echo was " + echo.failure());
        }
        final double seconds = (System.nanoTime() - startNs) / 1e9;
        detail(String.format(
                Locale.ROOT,
                "every byte is the same; %.2f s, %.0f MiB/s each way",
                seconds,
                (ECHO_BYTES >> 20) / seconds));
    }

    private void measure() {
        step("measure", "round trips of " + PING_BYTES + " bytes over TCP");
        final PingClient ping =
                new PingClient(handler -> connect(ECHO_PORT, handler), SystemNanoClock.INSTANCE, PING_BYTES);
        final Histogram times = ping.roundTripsNs();
        round("warming up", ping);
        final Histogram all = new Histogram(times);
        all.reset();
        for (int i = 1; i <= ROUNDS; i++) {
            times.reset();
            round("round " + i + " of " + ROUNDS, ping);
            all.add(times);
        }
        ping.stop();
        if (ping.mismatches() > 0) {
            throw new DemoException(ping.mismatches() + " messages came back with other content");
        }
        out.println();
        out.print(ResultTable.render(new ResultTable.Row(
                "engine to engine",
                all.getTotalCount(),
                all.getValueAtPercentile(50),
                all.getValueAtPercentile(99),
                all.getValueAtPercentile(99.9))));
        out.println();
        detail("Two engines, four traversals of Ethernet, IP and TCP with checksums a round trip, on one thread.");
        detail("A quick look, not a benchmark: those are in perf-results.");
        out.println();
    }

    private void round(String name, PingClient ping) {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(roundMs);
        while (System.nanoTime() - endNs < 0) {
            turn();
            ping.doWork();
        }
        detail(String.format(
                Locale.ROOT,
                "%-13s p50 %9s",
                name,
                ResultTable.micros(ping.roundTripsNs().getValueAtPercentile(50))));
    }

    private TcpSocket connect(int port, TcpHandler handler) {
        return client.connect(address, port, SocketOptions.DEFAULTS, handler);
    }

    private void drive(String what, BooleanSupplier isDone) {
        final long deadlineNs = System.nanoTime() + STEP_TIMEOUT_NS;
        while (!isDone.getAsBoolean()) {
            turn();
            if (System.nanoTime() - deadlineNs > 0) {
                throw new DemoException(what + " did not end in 20 s");
            }
        }
    }

    private void turn() {
        client.doWork();
        server.doWork();
    }

    private void step(String name, String text) {
        out.printf("%-8s %s%n", name, text);
    }

    private void detail(String text) {
        out.println("         " + text);
    }
}
