package io.spinwire.nic.afxdp;

import io.spinwire.nic.NicException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * Runs code inside a named network namespace ({@code ip netns add NAME}): sockets made there, and NICs opened there,
 * stay in it for life and may then be used from any thread. Each call has a thread of its own, because a thread's
 * namespace is not given back. {@code /sys} still shows the namespace of the process. Control plane.
 */
public final class NetNamespace {
    private static final Path DIRECTORY = Path.of("/run/netns");
    private static final int CLONE_NEWNET = 0x4000_0000;

    private NetNamespace() {}

    /** Names of all namespaces that have one. */
    public static List<String> names() {
        if (!Files.isDirectory(DIRECTORY)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(DIRECTORY)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (final IOException e) {
            throw new NicException("cannot list " + DIRECTORY, e);
        }
    }

    public static boolean exists(String name) {
        return Files.exists(DIRECTORY.resolve(name));
    }

    /**
     * Calls {@code code} on a new thread inside the namespace and waits for it.
     *
     * @return what it returned
     * @throws NicException when there is no such namespace, or it may not be entered; what the code throws comes
     *     through, wrapped when it is a checked exception
     */
    public static <T> T call(String name, Callable<T> code) {
        checkExists(name);
        return callAt(path(name), code);
    }

    static Path path(String name) {
        return DIRECTORY.resolve(name);
    }

    static <T> T callAt(Path namespace, Callable<T> code) {
        final CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().name("netns-" + namespace.getFileName()).start(() -> {
            try {
                enter(namespace);
                result.complete(code.call());
            } catch (final Throwable t) {
                result.completeExceptionally(t);
            }
        });
        try {
            return result.join();
        } catch (final CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException runtime -> throw runtime;
                case Error error -> throw error;
                default ->
                    throw new NicException("in network namespace " + namespace + ": " + e.getCause(), e.getCause());
            }
        }
    }

    /** As {@link #call}, for code without a result. */
    public static void run(String name, Runnable code) {
        call(name, () -> {
            code.run();
            return null;
        });
    }

    /**
     * Moves the calling thread, for good, into the namespace. For threads that live in it: a server of the kernel's
     * sockets for example.
     */
    public static void enter(String name) {
        checkExists(name);
        enter(path(name));
    }

    private static void checkExists(String name) {
        if (!exists(name)) {
            throw new NicException("there is no network namespace " + name + ": there are "
                    + (names().isEmpty() ? "none" : String.join(", ", names())) + "; ip netns add " + name
                    + " makes it");
        }
    }

    private static void enter(Path namespace) {
        final int fd = Libc.open(namespace.toString());
        final int result = fd < 0 ? fd : Libc.setns(fd, CLONE_NEWNET);
        if (fd >= 0) {
            Libc.close(fd);
        }
        if (result < 0) {
            throw new NicException("cannot enter network namespace " + namespace + ": " + Errno.name(-result)
                    + (result == -Errno.EPERM ? ": " + Advice.BE_ROOT + ", and cap_sys_admin" : ""));
        }
    }
}
