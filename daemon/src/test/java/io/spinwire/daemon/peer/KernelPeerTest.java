package io.spinwire.daemon.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spinwire.daemon.control.ControlClient;
import io.spinwire.daemon.lab.Child;
import io.spinwire.daemon.lab.Lab;
import io.spinwire.daemon.lab.TestLab;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon on AF_XDP in one namespace, sockets of the Linux kernel in the other, each in a process of its own. */
@Tag("kernel")
@Timeout(180)
final class KernelPeerTest {
    private static final String NAME = "tested";
    private static final String MAIN = "io.spinwire.daemon.Main";
    private static final long SETTLE_NS = TimeUnit.SECONDS.toNanos(30);
    /**
     * The crowd overruns the ring: a reset that is lost leaves a connection that only keepalive finds dead. It must be
     * patient: on a machine with other work the engine is seconds behind, and then the answers to what it asks of its
     * own accord find the ring refilled by those whose turn it is, again and again, until the crowd is smaller.
     */
    private static final String[] KEEP_ALIVE = {
        "--set=tcp.keep-alive-idle=5s", "--set=tcp.keep-alive-interval=1s", "--set=tcp.keep-alive-count=10"
    };

    private static final List<String> IN_USE =
            List.of("EngineSocketsInUse", "EngineRequestsInUse", "EngineTimersInUse", "EngineSlabBytesInUse");

    private static final String NIC = "nicFigures";
    private static final List<String> FRAMES =
            List.of("frames_free", "frames_fill", "frames_rx", "frames_tx", "frames_elsewhere");

    private final Lab lab = TestLab.create();

    @TempDir
    private Path folder;

    private Child daemon;

    @BeforeEach
    void start() throws InterruptedException {
        lab.down();
        lab.up();
        daemon = startDaemon();
    }

    @AfterEach
    void stop() {
        daemon.close();
        lab.down();
    }

    @Test
    void shouldServeAllAndHoldNothingBackWhenFiveHundredKernelClientsEcho() throws Exception {
        daemon.close();
        daemon = startDaemon(KEEP_ALIVE);
        assertEquals("ok", client("reachable", Lab.ENGINE_ADDRESS));
        final JsonNode before = settled();
        final String said = client("crowd", Lab.ENGINE_ADDRESS, "7");
        final JsonNode after = settled();
        assertEquals("ok [100, 50, 50, 300]", said, after::toString);
        for (final String counter : IN_USE) {
            assertEquals(number(before, "counters", counter), number(after, "counters", counter), counter);
        }
        for (final String figure : FRAMES) {
            assertEquals(number(before, NIC, figure), number(after, NIC, figure), figure);
        }
        assertTrue(number(after, NIC, "frames_free") > 0 && number(after, NIC, "frames_fill") > 0);
        assertEquals(0, number(after, NIC, "rx_invalid_descs") + number(after, NIC, "tx_invalid_descs"));
        assertEquals(KernelClients.CLIENTS, number(after, "counters", "TcpPassiveOpens"));
        assertEquals(0, number(after, "counters", "TcpHandlerErrors"));
    }

    @Test
    void shouldServePagesWhenAskedByTheJdkAndByCurl() throws Exception {
        try (Child client = child("client", "b", MAIN, "client", "measure")) {
            client.await("ready");
            final String[] page = client.ask("page http://" + Lab.ENGINE_ADDRESS + "/");
            assertTrue(Integer.parseInt(page[0]) > 2000);
            final String[] json = client.ask("page http://" + Lab.ENGINE_ADDRESS + "/status.json");
            assertEquals("application/json", json[1]);
        }
        Assumptions.assumeTrue(isInstalled("curl"), "curl is not installed");
        final String url = "http://" + Lab.ENGINE_ADDRESS;
        assertTrue(output("b", "curl", "-sS", "--max-time", "5", url + "/").contains("Counters"));
        assertEquals(
                "200 30000000 200 64",
                output(
                        "b",
                        "curl",
                        "-sS",
                        "--max-time",
                        "20",
                        "-o",
                        "/dev/null",
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_code} %{size_download} ",
                        url + "/bytes/30000000",
                        url + "/bytes/64"));
        assertEquals("404", output("b", "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", url + "/no"));
        assertTrue(output("b", "curl", "-sSI", "--http1.0", url + "/").startsWith("HTTP/1.1 200"));
    }

    @Test
    void shouldWorkWithOtherToolsWhenTheyAreInstalled() throws Exception {
        final List<String> tools = List.of("ping", "nc", "wrk", "curl");
        System.out.println("tools: tried "
                + tools.stream().filter(KernelPeerTest::isInstalled).toList()
                + ", not installed "
                + tools.stream().filter(tool -> !isInstalled(tool)).toList());
        if (isInstalled("ping")) {
            assertTrue(output("b", "ping", "-c", "3", "-i", "0.2", Lab.ENGINE_ADDRESS)
                    .contains(" 0% packet loss"));
        }
        if (isInstalled("nc")) {
            assertEquals("hello", output("b", "sh", "-c", "echo hello | nc -N -w 3 " + Lab.ENGINE_ADDRESS + " 7"));
        }
        if (isInstalled("wrk")) {
            final String load = output("b", "wrk", "-c", "20", "-d", "2", "http://" + Lab.ENGINE_ADDRESS + "/bytes/64");
            assertFalse(load.contains("Socket errors"), load);
            assertFalse(load.contains("Non-2xx"), load);
            assertTrue(load.contains("Requests/sec"), load);
        }
        if (isInstalled("curl")) {
            final String url = "http://" + Lab.ENGINE_ADDRESS + "/bytes/64";
            assertEquals("200", output("b", "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", url));
        }
    }

    @Test
    void shouldLeaveInterfaceWithoutXdpAndStartAgainWhenKilled() throws Exception {
        assertTrue(hasXdp());
        daemon.process().destroyForcibly().waitFor();
        final long deadlineNs = System.nanoTime() + SETTLE_NS;
        while (hasXdp() && System.nanoTime() - deadlineNs < 0) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertFalse(hasXdp());
        assertTrue(Files.exists(folder.resolve(NAME)));
        daemon.close();
        daemon = startDaemon();
        assertTrue(hasXdp());
        assertEquals("ok", client("reachable", Lab.ENGINE_ADDRESS));
    }

    @Test
    void shouldCloseConnectionsInOrderAndLeaveNothingWhenTerminated() throws Exception {
        try (Child client = child("client", "b", KernelClients.class.getName(), "idle", Lab.ENGINE_ADDRESS, "7")) {
            client.await("connected");
            final List<String> said = daemon.stop();
            assertTrue(said.contains("stopped: all connections were closed in order"), said.toString());
            assertEquals("ok closed in order", client.await("").getLast());
        }
        assertEquals(0, daemon.process().exitValue());
        assertFalse(hasXdp());
        assertFalse(Files.exists(folder.resolve(NAME)));
    }

    @Test
    void shouldSayWhatToDoWhenPeerLeavesChecksumsUndoneAndTakeThemWhenConfigured() throws Exception {
        daemon.close();
        TestLab.offloadChecksums(lab);
        daemon = startDaemon();
        final String[] idle = {KernelClients.class.getName(), "idle", Lab.ENGINE_ADDRESS, "7"};
        try (Child unheard = child("client", "b", idle)) {
            final String warning = daemon.await("WARNING").getLast();
            assertTrue(warning.contains("ethtool -K") && warning.contains("--accept-partial-checksums"), warning);
            unheard.process().destroyForcibly();
        }
        daemon.close();
        daemon = startDaemon("--accept-partial-checksums");
        try (Child client = child("client", "b", idle)) {
            client.await("connected");
        }
    }

    @Test
    void shouldRefuseToStartWhenOneOfTheNameIsRunning() throws Exception {
        try (Child second = child("second", "a", arguments())) {
            assertTrue(second.await("spinwire: ").getLast().contains("running already"));
            assertNotEquals(0, second.process().waitFor());
        }
    }

    @Test
    void shouldShowConnectionWhenAskedForStatus() throws Exception {
        try (Child client = child("client", "b", KernelClients.class.getName(), "idle", Lab.ENGINE_ADDRESS, "7")) {
            client.await("connected");
            final JsonNode status = status();
            assertEquals(1, status.path("connectionsTotal").asInt());
            assertEquals(
                    "ESTABLISHED",
                    status.path("connections").path(0).path("state").asText());
            assertEquals(
                    "10.77.0.1",
                    status.path("connections").path(0).path("remote").asText());
        }
    }

    @Test
    @Tag("soak")
    @Timeout(900)
    void shouldEchoTheSameWhenOneGibibyteIsSent() throws Exception {
        try (Child client = child("client", "b", MAIN, "client", "measure")) {
            client.await("ready");
            for (int i = 0; i < 16; i++) {
                client.ask("echo " + Lab.ENGINE_ADDRESS + " 7 " + (64 << 20));
            }
            assertEquals("" + (1L << 30), client.ask("echo " + Lab.ENGINE_ADDRESS + " 7 " + (1L << 30))[0]);
        }
    }

    private Child startDaemon(String... more) throws InterruptedException {
        final Child child = child("daemon", "a", arguments(more));
        child.await("ready");
        return child;
    }

    private String[] arguments(String... more) {
        final List<String> arguments = new ArrayList<>(List.of(MAIN, "run", "--with-parent"));
        arguments.addAll(List.of("--name=" + NAME, "--folder=" + folder, "--nic=afxdp:" + Lab.ENGINE_INTERFACE));
        arguments.addAll(List.of("--address=" + Lab.ENGINE_CIDR));
        arguments.addAll(List.of("--echo=7", "--discard=9", "--chargen=19", "--http=80"));
        arguments.addAll(List.of(more));
        return arguments.toArray(new String[0]);
    }

    private Child child(String name, String side, String... mainAndArguments) {
        return Child.start(name, command -> lab.command(side, command), mainAndArguments);
    }

    private String client(String... arguments) throws InterruptedException {
        final String[] command = new String[arguments.length + 1];
        command[0] = KernelClients.class.getName();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try (Child client = child("clients", "b", command)) {
            return client.await("").getLast();
        }
    }

    private JsonNode status() throws IOException {
        return new ObjectMapper().readTree(ControlClient.ask(folder, NAME, ControlClient.STATUS));
    }

    /** The status once no socket is in use and no frame under way any more, or after a while. */
    private JsonNode settled() throws Exception {
        final long deadlineNs = System.nanoTime() + SETTLE_NS;
        JsonNode status = status();
        while (isBusy(status) && System.nanoTime() - deadlineNs < 0) {
            TimeUnit.MILLISECONDS.sleep(50);
            status = status();
        }
        return status;
    }

    private static boolean isBusy(JsonNode status) {
        return number(status, "counters", "EngineSocketsInUse") > 0
                || number(status, NIC, "frames_tx") + number(status, NIC, "frames_rx") > 0
                || number(status, NIC, "frames_elsewhere") > 0;
    }

    private static long number(JsonNode status, String table, String name) {
        final JsonNode number = status.path(table).path(name);
        assertTrue(number.isIntegralNumber(), "no " + name + " in " + status);
        return number.asLong();
    }

    private boolean hasXdp() throws Exception {
        return output("a", "ip", "-d", "link", "show", "dev", Lab.ENGINE_INTERFACE)
                .contains("prog/xdp");
    }

    private String output(String side, String... command) throws Exception {
        final Process process = new ProcessBuilder(lab.command(side, List.of(command)))
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static boolean isInstalled(String program) {
        return List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin").stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
