package io.spinwire.bench.rig;

import io.spinwire.bench.record.BenchException;
import io.spinwire.bench.record.Programs;
import io.spinwire.bench.record.RunFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * lwIP, where its source is: two of them joined in memory by a program of ours ({@code src/main/c/lwip}), compiled when
 * a run begins and measured in turns with ours ({@link StackTurns}).
 */
final class LwIp implements AutoCloseable {
    private static final Path USUAL_PLACE = Path.of("/usr/src/lwip");
    private static final List<String> OURS = List.of("stack.c", "stack.h", "pair.c", "lwipopts.h", "arch/cc.h");
    private static final List<String> THEIRS = List.of(
            "core/def.c",
            "core/inet_chksum.c",
            "core/init.c",
            "core/ip.c",
            "core/mem.c",
            "core/memp.c",
            "core/netif.c",
            "core/pbuf.c",
            "core/tcp.c",
            "core/tcp_in.c",
            "core/tcp_out.c",
            "core/timeouts.c",
            "core/ipv4/etharp.c",
            "core/ipv4/icmp.c",
            "core/ipv4/ip4.c",
            "core/ipv4/ip4_addr.c",
            "netif/ethernet.c");
    private static final List<String> FLAGS = List.of("gcc", "-O3", "-march=native", "-Wall", "-Wextra");

    /** What compiling it takes. */
    static final double BUILD_S = 4;

    private final RunFolder folder;
    private final Path source;
    private Path work;
    private String missing;

    /** @param source a folder with lwIP's source; null for where it usually is */
    LwIp(RunFolder folder, Path source) {
        this.folder = folder;
        this.source = source != null ? source : place(System.getenv("LWIP_HOME"));
    }

    private static Path place(String home) {
        return home == null || home.isBlank() ? USUAL_PLACE : Path.of(home);
    }

    /** Compiles it, and makes sure that its exchange is what it says. */
    void prepare() {
        missing = missing(source);
        if (missing == null) {
            try {
                work = Files.createTempDirectory("spinwire-lwip");
                extract();
                build();
                LwIpWords.check(Programs.output(command("check", 0, 0)));
            } catch (final IOException | BenchException e) {
                missing = "lwIP in " + source + " could not be built or run: " + e.getMessage();
            }
        }
        folder.environment(
                "lwip",
                missing != null
                        ? "not run: " + missing
                        : source + "; "
                                + Programs.output(List.of("gcc", "--version"))
                                        .lines()
                                        .findFirst()
                                        .orElse("") + "; frames with a wrong bit are dropped");
    }

    /** Why it cannot be run, or null where it can. */
    static String missing(Path source) {
        final Path first = source.resolve("src").resolve(THEIRS.getFirst());
        if (!Files.isReadable(first)) {
            return "there is no " + first
                    + ": give lwIP's source with --lwip DIR, LWIP_HOME or in " + USUAL_PLACE
                    + " (Debian: apt-get source lwip)";
        }
        final String gcc = Programs.output(List.of("gcc", "--version"));
        return gcc.startsWith("(") ? "gcc is not installed: " + gcc : null;
    }

    private void extract() throws IOException {
        Files.createDirectories(work.resolve("arch"));
        for (final String name : OURS) {
            try (InputStream in = LwIp.class.getResourceAsStream("/lwip/" + name)) {
                if (in == null) {
                    throw new IOException("lwip/" + name + " is not in this jar");
                }
                Files.copy(in, work.resolve(name));
            }
        }
    }

    private void build() throws IOException {
        final List<String> stack = new ArrayList<>(FLAGS);
        stack.addAll(List.of("-flto=auto", "-fPIC", "-shared", "-fvisibility=hidden", "-I", work.toString()));
        stack.addAll(List.of("-isystem", source.resolve("src/include").toString(), file("stack.c")));
        THEIRS.forEach(name -> stack.add(source.resolve("src").resolve(name).toString()));
        stack.addAll(List.of("-o", file("a.so")));
        final List<String> pair = new ArrayList<>(FLAGS);
        pair.addAll(List.of(file("pair.c"), "-o", file("pair"), "-ldl"));
        for (final List<String> command : List.of(stack, pair)) {
            final String words = Programs.output(command);
            if (words.startsWith("(")) {
                throw new BenchException(words);
            }
        }
        Files.copy(work.resolve("a.so"), work.resolve("b.so"));
        folder.param("lwip.build", String.join(" ", stack));
        folder.param("lwip.command", String.join(" ", command(LwIpWords.ROUND_TRIP, 1, StackTurns.SLICE_MS)));
    }

    private String file(String name) {
        return work.resolve(name).toString();
    }

    /** As many iterations of {@code ms} that count as that do not. */
    private List<String> command(String mode, int iterations, int ms) {
        return Stream.of(file("pair"), file("a.so"), file("b.so"), cpu(), mode, iterations, iterations, ms)
                .map(Object::toString)
                .toList();
    }

    /** Where both stacks run: the CPU of clients, where there is a choice. */
    static int cpu() {
        return Math.min(Ends.CLIENT_CPU, Runtime.getRuntime().availableProcessors() - 1);
    }

    /** One slice, after as long a one that does not count: nanoseconds or Gbit/s; NaN where it cannot be run. */
    double slice(String mode) {
        if (missing != null) {
            return Double.NaN;
        }
        try {
            return LwIpWords.figure(mode, Programs.output(command(mode, 1, StackTurns.SLICE_MS)));
        } catch (final BenchException e) {
            missing = e.getMessage();
            folder.environment("lwip failed", missing);
            return Double.NaN;
        }
    }

    /** Removes what was built. */
    @Override
    public void close() {
        if (work == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(work)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (final IOException e) {
            folder.environment("left over", work + ": " + e.getMessage());
        }
    }
}
