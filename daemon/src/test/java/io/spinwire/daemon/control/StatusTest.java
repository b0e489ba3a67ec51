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
                ControlServer server = new ControlServer(run.controlSocket(), new StatusRequest(engine, status))) {
            assertNotNull(server);
            final CompletableFuture<String> answer =
                    CompletableFuture.supplyAsync(() -> ControlClient.status(folder, "one"));
            while (!answer.isDone()) {
                engine.doWork();
            }
            assertEquals(
                    77, new ObjectMapper().readTree(answer.get()).path("pid").asInt());
        }
    }

    @Test
    void shouldSayThatTheEngineDoesNotAnswerWhenItHangs() throws Exception {
        assertNull(new StatusRequest(engine, status).ask(TimeUnit.MILLISECONDS.toNanos(20)));
    }

    private JsonNode json() throws Exception {
        final TextBuffer out = new TextBuffer();
        status.json(out);
        return new ObjectMapper().readTree(out.toString());
    }

    private void connect() throws Exception {
        engine.listen(7, SocketOptions.DEFAULTS, new EchoService());
        peer.connect(InetAddress.getByName("10.0.0.2"), 7, SocketOptions.DEFAULTS, new EchoService());
        for (int i = 0; i < 20; i++) {
            peer.doWork();
            engine.doWork();
        }
    }
}
