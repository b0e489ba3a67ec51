package io.spinwire.daemon.peer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A program of ordinary blocking sockets of the kernel, run in the lab's namespace b: {@code crowd HOST PORT},
 * {@code reachable HOST}, {@code idle HOST PORT}. Prints one line that begins with {@code ok} or {@code failed}.
 */
final class KernelClients {
    static final int CLIENTS = 500;

    private static final int BYTES = 1 << 20;
    private static final int CONTENT_STEP = 1009;
    private static final int MAX_WRITE = 40_000;
    private static final int TIMEOUT_MS = 60_000;

    /** What a client does besides echoing: the first hundred half-close, and so on. */
    private enum Manner {
        HALF_CLOSING,
        ABORTING,
        READING_SLOWLY,
        PLAIN;

        static Manner of(int client) {
            if (client % 5 == 0) {
                return HALF_CLOSING;
            }
            if (client % 10 == 1) {
                return ABORTING;
            }
            return client % 10 == 2 ? READING_SLOWLY : PLAIN;
        }
    }

    /** Random bytes, of which each client sends a stretch of its own. */
    private static final byte[] CONTENT = new byte[BYTES + CLIENTS * CONTENT_STEP];

    private KernelClients() {}

    public static void main(String[] args) throws Exception {
        final String result = switch (args[0]) {
            case "crowd" -> crowd(new InetSocketAddress(args[1], Integer.parseInt(args[2])));
            case "reachable" -> InetAddress.getByName(args[1]).isReachable(3000) ? "ok" : "failed: no echo reply";
            case "idle" -> idle(new InetSocketAddress(args[1], Integer.parseInt(args[2])));
            default -> "failed: unknown command";
        };
        System.out.println(result);
        System.exit(0);
    }

    /** All at once; each is a virtual thread that reads and one that writes. */
    private static String crowd(InetSocketAddress server) throws InterruptedException {
        new SplittableRandom(1).nextBytes(CONTENT);
        final List<String> failures = new ArrayList<>();
        final int[] counts = new int[Manner.values().length];
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            final List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                final int client = i;
                clients.add(executor.submit(() -> {
                    one(server, client, executor);
                    return null;
                }));
            }
            for (int i = 0; i < CLIENTS; i++) {
                try {
                    clients.get(i).get();
                    counts[Manner.of(i).ordinal()]++;
                } catch (final ExecutionException e) {
                    failures.add(i + " (" + Manner.of(i) + "): " + e.getCause());
                }
            }
        }
        return failures.isEmpty()
                ? "ok " + Arrays.toString(counts)
                : "failed: " + failures.size() + " of " + CLIENTS + ": "
                        + String.join("; ", failures.subList(0, Math.min(5, failures.size())));
    }

    private static void one(InetSocketAddress server, int client, ExecutorService executor) throws Exception {
        final Manner manner = Manner.of(client);
        final int contentOffset = client * CONTENT_STEP;
        try (Socket socket = new Socket()) {
            socket.connect(server, TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            final Future<?> writer = executor.submit(() -> {
                write(socket, contentOffset, client, manner);
                return null;
            });
            if (manner == Manner.ABORTING) {
                read(socket.getInputStream(), contentOffset, BYTES / 4, false);
                socket.setSoLinger(true, 0); // its close is a reset, at which the writer fails
                return;
            }
            read(socket.getInputStream(), contentOffset, BYTES, manner == Manner.READING_SLOWLY);
            writer.get();
            if (manner == Manner.HALF_CLOSING && socket.getInputStream().read() != -1) {
                throw new IOException("more came back than was sent");
            }
        }
    }

    private static void write(Socket socket, int contentOffset, int client, Manner manner) throws IOException {
        final SplittableRandom sizes = new SplittableRandom(~client);
        final OutputStream out = socket.getOutputStream();
        int written = 0;
        while (written < BYTES) {
            final int size = Math.min(BYTES - written, 1 + sizes.nextInt(MAX_WRITE));
            out.write(CONTENT, contentOffset + written, size);
            written += size;
        }
        if (manner == Manner.HALF_CLOSING) {
            socket.shutdownOutput();
        }
    }

    private static void read(InputStream in, int contentOffset, int length, boolean isSlow)
            throws IOException, InterruptedException {
        final byte[] buffer = new byte[16 * 1024];
        int total = 0;
        while (total < length) {
            final int read = in.read(buffer, 0, Math.min(buffer.length, length - total));
            if (read < 0) {
                throw new EOFException("closed after " + total + " bytes");
            }
            final int expected = contentOffset + total;
            final int mismatch = Arrays.mismatch(buffer, 0, read, CONTENT, expected, expected + read);
            if (mismatch >= 0) {
                throw new IOException("other bytes came back, from byte " + (total + mismatch));
            }
            total += read;
            if (isSlow) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /** Connects, exchanges a byte, and says how the connection ends when the server goes. */
    private static String idle(InetSocketAddress server) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, TIMEOUT_MS);
            socket.getOutputStream().write('x');
            if (socket.getInputStream().read() != 'x') {
                return "failed: no echo";
            }
            System.out.println("connected");
            return socket.getInputStream().read() == -1 ? "ok closed in order" : "failed: something came";
        } catch (final SocketException e) {
            return "failed: " + e.getMessage();
        }
    }
}
