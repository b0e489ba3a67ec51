package io.spinwire.daemon.control;

import io.spinwire.Engine;
import io.spinwire.daemon.service.TextBuffer;
import io.spinwire.stats.Counter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Answers on the daemon's control socket, a Unix domain socket: one line in ({@code status}), one answer out, then
 * closed. Has a thread of its own and a virtual one for each client; the engine thread only renders.
 */
public final class ControlServer implements AutoCloseable {
    private static final long ANSWER_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int MAX_LINE = 100;

    private final ServerSocketChannel server;
    private final TurnRequest request;
    private final Map<String, Consumer<TextBuffer>> commands = new TreeMap<>();

    /** Begins to listen on {@code path}, which must not exist. */
    public ControlServer(Path path, Engine engine, Status status) {
        request = new TurnRequest(engine);
        final Paths paths = new Paths(engine);
        commands.put(ControlClient.STATUS, status::json);
        commands.put(ControlClient.RESET_LONGEST_TURN, out -> {
            engine.counters().set(Counter.EngineLongestTurnNs, 0); // it is then the longest since now
            out.text("{}\n");
        });
        commands.put(ControlClient.PATHS, paths::json);
        commands.put(ControlClient.FLUSH_PATHS, paths::flush);
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
        } catch (final IOException e) {
            throw new DaemonException("cannot listen on the control socket " + path + ": " + e.getMessage());
        }
        Thread.ofPlatform().daemon().name("spinwire-control").start(this::serve);
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                final SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> answer(client)); // a client that says nothing holds up no other
            } catch (final ClosedChannelException e) {
                return;
            } catch (final IOException e) {
                System.err.println("spinwire: control socket: " + e);
                return;
            }
        }
    }

    private void answer(SocketChannel accepted) {
        try (SocketChannel client = accepted) {
            send(client, answer(line(client)));
        } catch (final IOException e) {
            // that client has gone, and with it the need for an answer
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String answer(String line) throws InterruptedException {
        final Consumer<TextBuffer> command = commands.get(line);
        if (command == null) {
            return error("unknown command; known are: " + String.join(", ", commands.keySet()));
        }
        final String answer = request.ask(command, ANSWER_TIMEOUT_NS);
        return answer == null ? error("the engine thread does not answer") : answer;
    }

    private static void send(SocketChannel client, String text) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    private static String line(SocketChannel client) throws IOException {
        final BufferedReader reader =
                new BufferedReader(new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8));
        final char[] line = new char[MAX_LINE];
        int length = 0;
        int next = reader.read();
        while (next >= 0 && next != '\n' && length < MAX_LINE) {
            line[length++] = (char) next;
            next = reader.read();
        }
        return new String(line, 0, length).strip();
    }

    private static String error(String text) {
        return "{\"error\":\"" + text + "\"}\n";
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (final IOException e) {
            System.err.println("spinwire: closing the control socket: " + e);
        }
    }
}
