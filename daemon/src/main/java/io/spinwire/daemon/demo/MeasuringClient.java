package io.spinwire.daemon.demo;

import io.spinwire.nic.afxdp.Affinity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * A client with ordinary kernel sockets, run in the lab's namespace b as a process of its own. It does what its
 * standard input says, and answers each line with one that begins with {@code ok} or {@code failed}: {@code page URL},
 * {@code echo HOST PORT BYTES}, {@code rtt LABEL HOST PORT MILLISECONDS}, {@code quantiles LABEL}, {@code histogram
 * LABEL}, {@code reset}, {@code pin CPU}.
 */
public final class MeasuringClient {
    /** Length of the messages whose round trips are measured. */
    static final int MESSAGE_BYTES = 64;

    private static final long MAX_TRACKED_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final long STALL_NS = TimeUnit.SECONDS.toNanos(10);

    private final BufferedReader in;
    private final PrintStream out;
    private final Map<String, Histogram> roundTrips = new HashMap<>();

    /** A client that reads commands from {@code in}. */
    public MeasuringClient(InputStream in, PrintStream out) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.out = out;
    }

    /** Works until the commands end. */
    public void run() throws IOException, InterruptedException {
        out.println("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            try {
                out.println("ok " + command(line.split(" ")));
            } catch (final IOException | RuntimeException e) {
                out.println("failed " + line + ": " + e);
            }
            out.flush();
        }
    }

    private String command(String[] words) throws IOException, InterruptedException {
        return switch (words[0]) {
            case "page" -> page(words[1]);
            case "echo" -> echo(new InetSocketAddress(words[1], Integer.parseInt(words[2])), Long.parseLong(words[3]));
            case "rtt" ->
                roundTrips(
                        words[1],
                        new InetSocketAddress(words[2], Integer.parseInt(words[3])),
                        TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[4])));
            case "quantiles" -> quantiles(words[1]);
            case "histogram" -> histogram(words[1]);
            case "reset" -> {
                roundTrips.clear();
                yield "";
            }
            case "pin" -> {
                Affinity.pin(Integer.parseInt(words[1]));
                yield "";
            }
            default -> throw new IllegalArgumentException("unknown command");
        };
    }

    private static String page(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .build()) {
            final HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
            final HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            return response.body().length() + " "
                    + response.headers().firstValue("Content-Type").orElse("");
        }
    }

    /** Sends random bytes and compares what comes back, reading while writing as both directions fill up. */
    private static String echo(InetSocketAddress server, long length) throws IOException {
        final long startNs = System.nanoTime();
        final SplittableRandom sentBytes = new SplittableRandom(length);
        final SplittableRandom expectedBytes = new SplittableRandom(length);
        final ByteBuffer writeBuffer = ByteBuffer.allocate(CHUNK_BYTES).limit(0);
        final ByteBuffer readBuffer = ByteBuffer.allocate(CHUNK_BYTES);
        final byte[] expected = new byte[CHUNK_BYTES];
        long sent = 0;
        long compared = 0;
        long movedNs = startNs;
        try (SocketChannel channel = SocketChannel.open(server)) {
            channel.configureBlocking(false);
            while (compared < length) {
                if (!writeBuffer.hasRemaining() && sent < length) {
                    sentBytes.nextBytes(writeBuffer.array());
                    writeBuffer.clear().limit((int) Math.min(CHUNK_BYTES, length - sent));
                    sent += writeBuffer.limit();
                }
                final int written = channel.write(writeBuffer);
                final int read = channel.read(readBuffer);
                if (written > 0 || read > 0) {
                    movedNs = System.nanoTime();
                } else if (System.nanoTime() - movedNs > STALL_NS) {
                    throw new IOException("nothing moved for 10 s after " + compared + " bytes");
                }
                if (read < 0) {
                    throw new IOException("closed by the peer after " + compared + " bytes");
                }
                final int whole = (int) Math.min(CHUNK_BYTES, length - compared);
                if (readBuffer.position() >= whole) {
                    expectedBytes.nextBytes(expected);
                    compare(readBuffer, expected, whole, compared);
                    compared += whole;
                }
            }
        }
        return length + " " + (System.nanoTime() - startNs);
    }

    private static void compare(ByteBuffer read, byte[] expected, int length, long before) throws IOException {
        final int mismatch = Arrays.mismatch(read.array(), 0, length, expected, 0, length);
        if (mismatch >= 0) {
            throw new IOException("other bytes came back, from byte " + (before + mismatch));
        }
        read.flip().position(length);
        read.compact();
    }

    /** Sends a message, spins until it is back, sends the next. */
    private String roundTrips(String label, InetSocketAddress server, long durationNs) throws IOException {
        final Histogram histogram = roundTrips.computeIfAbsent(label, any -> new Histogram(MAX_TRACKED_NS, 3));
        final Histogram round = new Histogram(MAX_TRACKED_NS, 3);
        final ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        try (SocketChannel channel = SocketChannel.open(server)) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            final long endNs = System.nanoTime() + durationNs;
            long startNs = System.nanoTime();
            while (startNs - endNs < 0) {
                exchange(channel, buffer, startNs);
                final long nowNs = System.nanoTime();
                round.recordValue(Math.min(nowNs - startNs, MAX_TRACKED_NS));
                startNs = nowNs;
            }
        }
        histogram.add(round);
        return round.getTotalCount() + " " + round.getValueAtPercentile(50);
    }

    private static void exchange(SocketChannel channel, ByteBuffer buffer, long startNs) throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
        long spins = 0;
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("closed by the peer");
            }
            if ((++spins & 0xFFFF) == 0 && System.nanoTime() - startNs > STALL_NS) {
                throw new IOException("no answer in 10 s");
            }
        }
    }

    private String quantiles(String label) {
        final Histogram histogram = roundTrips.get(label);
        return histogram.getTotalCount() + " " + histogram.getValueAtPercentile(50) + " "
                + histogram.getValueAtPercentile(99) + " " + histogram.getValueAtPercentile(99.9);
    }

    /** All that was measured, as HdrHistogram's compressed encoding in base 64. */
    private String histogram(String label) {
        final Histogram histogram = roundTrips.get(label);
        final ByteBuffer encoded = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        final int length = histogram.encodeIntoCompressedByteBuffer(encoded);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(encoded.array(), length));
    }
}
