package io.spinwire.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spinwire.Cidr;
import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpSocket;
import io.spinwire.daemon.service.EchoService;
import io.spinwire.daemon.service.HttpPage;
import io.spinwire.daemon.service.TextBuffer;
import io.spinwire.nic.Pipe;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatusTest {
    private final Pipe pipe = new Pipe();
    private final Engine engine =
            Engine.create(EngineConfig.builder().address("10.0.0.2/24").build(), pipe.a());
    private final Engine peer =
            Engine.create(EngineConfig.builder().address("10.0.0.1/24").build(), pipe.b());
    private final Identity identity = new Identity(
            "a<b>\"c\"",
            "1.0",
            77,
            "pipe:a",
            List.of(Cidr.parse("10.0.0.2/24")),
            List.of(new Identity.ServicePort("echo", 7)),
            1000);
    private final Status status = new Status(identity, engine, () -> 6000);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        peer.close();
        engine.close();
        pipe.close();
    }

    @Test
    void shouldBeJsonWithEverythingWhenRendered() throws Exception {
        connect();
        final JsonNode json = json();
        assertEquals("a<b>\"c\"", json.path("name").asText());
        assertEquals(5, json.path("uptimeSeconds").asLong());
        assertEquals("10.0.0.2/24", json.path("addresses").path(0).asText());
        assertEquals(7, json.path("services").path("echo").asInt());
        assertEquals(Counter.values().length, json.path("counters").size());
        assertEquals(DropReason.values().length, json.path("drops").size());
        assertEquals(1, json.path("counters").path("TcpPassiveOpens").asLong());
        assertEquals(1, json.path("counters").path("EngineSocketsInUse").asLong());
        assertEquals(1, json.path("connectionsTotal").asInt());
        final JsonNode connection = json.path("connections").path(0);
        assertEquals("10.0.0.1", connection.path("remote").asText());
        assertEquals(7, connection.path("localPort").asInt());
        assertEquals("ESTABLISHED", connection.path("state").asText());
    }

    @Test
    void shouldEscapeNamesWhenRenderedAsHtml() throws Exception {
        connect();
        for (final HttpPage page : status.pages()) {
            final TextBuffer out = new TextBuffer();
            page.renderer().render(out);
            if (page.contentType().startsWith("text/html")) {
                assertTrue(out.toString().contains("a&lt;b&gt;&quot;c&quot;"), page.path());
                assertFalse(out.toString().contains("a<b>"), page.path());
            }
        }
    }

    @Test
    void shouldListWhatIsNotZeroWhenRenderedForATerminal() throws Exception {
        connect();
        final String text = new StatusText(false).render(json(), null);
        assertTrue(text.contains("TcpPassiveOpens"), text);
        assertFalse(text.contains("TcpTimeouts"), text);
        assertTrue(text.contains("10.0.0.1:"), text);
        assertTrue(new StatusText(true).render(json(), json()).contains("TcpTimeouts"));
    }

    @Test
    void shouldAnswerOnTheControlSocketWhenTheEngineRuns() throws Exception {
        try (RunFolder run = RunFolder.create(folder, "one");
                ControlServer server = new ControlServer(run.controlSocket(), engine, status)) {
            assertNotNull(server);
            assertEquals(77, ask(ControlClient.STATUS).path("pid").asInt());
        }
    }

    @Test
    void shouldCountTheLongestTurnAnewWhenAsked() throws Exception {
        engine.counters().max(Counter.EngineLongestTurnNs, Long.MAX_VALUE);
        try (RunFolder run = RunFolder.create(folder, "one");
                ControlServer server = new ControlServer(run.controlSocket(), engine, status)) {
            assertNotNull(server);
            final String name = Counter.EngineLongestTurnNs.name();
            assertEquals(
                    Long.MAX_VALUE,
                    ask(ControlClient.STATUS).path("counters").path(name).asLong());
            ask(ControlClient.RESET_LONGEST_TURN);
            final long after =
                    ask(ControlClient.STATUS).path("counters").path(name).asLong();
            assertTrue(after < TimeUnit.MINUTES.toNanos(1), Long.toString(after));
        }
    }

    @Test
    void shouldListAndForgetPathsWhenAskedOnTheControlSocket() throws Exception {
        connectAndClose();
        try (RunFolder run = RunFolder.create(folder, "one");
                ControlServer server = new ControlServer(run.controlSocket(), engine, status)) {
            assertNotNull(server);
            final JsonNode paths = ask(ControlClient.PATHS);
            assertEquals(1, paths.path("pathsTotal").asInt());
            assertEquals("10.0.0.1", paths.path("paths").path(0).path("remote").asText());
            assertTrue(paths.path("paths").path(0).path("rttUs").asInt() > 0, paths.toString());
            assertTrue(PathsText.render(paths).contains("10.0.0.1"));
            assertEquals(1, ask(ControlClient.FLUSH_PATHS).path("forgotten").asInt());
            final JsonNode none = ask(ControlClient.PATHS);
            assertEquals(0, none.path("pathsTotal").asInt());
            assertEquals("nothing is known of any path\n", PathsText.render(none));
        }
    }

    @Test
    void shouldNameTheCommandsWhenAskedForAnotherOnTheControlSocket() throws Exception {
        try (RunFolder run = RunFolder.create(folder, "one");
                ControlServer server = new ControlServer(run.controlSocket(), engine, status)) {
            assertNotNull(server);
            assertEquals(
                    "unknown command; known are: longest-turn reset, paths, paths flush, status",
                    ask("nonsense").path("error").asText());
        }
    }

    private JsonNode ask(String command) throws Exception {
        final CompletableFuture<String> answer =
                CompletableFuture.supplyAsync(() -> ControlClient.ask(folder, "one", command));
        while (!answer.isDone()) {
            engine.doWork();
        }
        return new ObjectMapper().readTree(answer.get());
    }

    @Test
    void shouldSayThatTheEngineDoesNotAnswerWhenItHangs() throws Exception {
        assertNull(new TurnRequest(engine).ask(status::json, TimeUnit.MILLISECONDS.toNanos(20)));
    }

    private JsonNode json() throws Exception {
        final TextBuffer out = new TextBuffer();
        status.json(out);
        return new ObjectMapper().readTree(out.toString());
    }

    private void connect() throws Exception {
        engine.listen(7, SocketOptions.DEFAULTS, new EchoService());
        peer.connect(InetAddress.getByName("10.0.0.2"), 7, SocketOptions.DEFAULTS, new EchoService());
        turns();
    }

    /** Only a connection that ends in order leaves what it has learnt. */
    private void connectAndClose() throws Exception {
        engine.listen(7, SocketOptions.DEFAULTS, new EchoService());
        final TcpSocket socket =
                peer.connect(InetAddress.getByName("10.0.0.2"), 7, SocketOptions.DEFAULTS, new EchoService());
        turns();
        socket.close();
        turns();
    }

    private void turns() {
        for (int i = 0; i < 20; i++) {
            peer.doWork();
            engine.doWork();
        }
    }
}
