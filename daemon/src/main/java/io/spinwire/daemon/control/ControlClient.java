package io.spinwire.daemon.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a running daemon through its control socket. */
public final class ControlClient {
    private static final long ANSWER_TIMEOUT_S = 4;

    // What a daemon is asked.
    public static final String STATUS = "status";
    public static final String RESET_LONGEST_TURN = "longest-turn reset";
    public static final String PATHS = "paths";
    public static final String FLUSH_PATHS = "paths flush";

    private ControlClient() {}

    /**
     * What the daemon of this name answers, as JSON; an object with an {@code error} when it hangs.
     *
     * @throws DaemonException when there is none, with the names of those that are running
     */
    public static String ask(Path parent, String name, String command) {
        final Path folder = parent.resolve(name);
        if (!Files.isDirectory(folder) || !RunFolder.isLive(folder)) {
            throw new DaemonException("no daemon called " + name + " is running" + others(parent));
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(RunFolder.controlSocket(folder)))) {
            final CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> ask(channel, command));
            return answer.get(ANSWER_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (final IOException | ExecutionException e) {
            throw new DaemonException("the daemon called " + name + " (process " + RunFolder.pid(folder)
                    + ") does not answer on " + RunFolder.controlSocket(folder) + ": " + e.getMessage()
                    + "; it may belong to another user");
        } catch (final TimeoutException e) {
            return "{\"error\":\"process " + RunFolder.pid(folder) + " does not answer\"}";
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DaemonException("interrupted");
        }
    }

    private static String ask(SocketChannel channel, String command) {
        try {
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The counters file of the daemon of this name, which can be read also when the daemon does not answer. */
    public static Path countersFile(Path parent, String name) {
        return RunFolder.countersFile(parent.resolve(name));
    }

    private static String others(Path parent) {
        final List<String> names = RunFolder.all(parent).stream()
                .filter(RunFolder::isLive)
                .map(folder -> folder.getFileName().toString())
                .toList();
        return names.isEmpty() ? ": \"spinwire run\" starts one" : "; running are " + String.join(", ", names);
    }
}
