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
import java.util.Locale;
import java.util.stream.Stream;

/**
 * lwIP, where its source is: two of them joined in memory by a program of ours ({@code src/main/c/lwip}), compiled when
 * a run begins and measured in turns with JMH's forks. Where it cannot be run the ratios are to the figures of the
 * reference machine, and say so.
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
    private static final double BUILD_S = 4;
    private static final double MS_PER_S = 1_000;
    private static final int WARM_UP = 2;
    private static final int ITERATIONS = 7;
    private static final int TURNS = 3;
    private static final int QUICK_TURNS = 2;
    private static final int FULL_MS = 350;
    private static final int QUICK_MS = 100;

    private final RunFolder folder;
    private final Path source;
    private final boolean isQuick;
    private final List<LwIpWords.Figure> figures = new ArrayList<>();
    private Path work;
    private String missing;
    private int turns;

    /** @param source a folder with lwIP's source; null for where it usually is */
    LwIp(RunFolder folder, Path source, boolean isQuick) {
        this.folder = folder;
        this.source = source != null ? source : place(System.getenv("LWIP_HOME"));
        this.isQuick = isQuick;
    }

    private static Path place(String home) {
        return home == null || home.isBlank() ? USUAL_PLACE : Path.of(home);
    }

    /** What it takes. */
    static double seconds(boolean isQuick) {
        final int processes = isQuick ? QUICK_TURNS * 2 : TURNS * LwIpWords.MODES.size();
        return BUILD_S + processes * (WARM_UP + ITERATIONS) * (isQuick ? QUICK_MS : FULL_MS) / MS_PER_S;
    }

    /** Compiles it, and makes sure that its exchange is what it says. */
    void prepare() {
        missing = missing(source);
        if (missing == null) {
            try {
                work = Files.createTempDirectory("spinwire-lwip");
                extract();
                build();
                LwIpWords.check(Programs.output(command("check", 0, 0, 0)));
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
        folder.param("lwip.command", String.join(" ", command("roundTrip", WARM_UP, ITERATIONS, milliseconds())));
    }

    private String file(String name) {
        return work.resolve(name).toString();
    }

    private int milliseconds() {
        return isQuick ? QUICK_MS : FULL_MS;
    }

    /** Pinned, where there is a choice, to the CPU of clients. */
    private List<String> command(String mode, int warmUp, int iterations, int ms) {
        final int cpu = Math.min(Ends.CLIENT_CPU, Runtime.getRuntime().availableProcessors() - 1);
        return Stream.of(file("pair"), file("a.so"), file("b.so"), cpu, mode, warmUp, iterations, ms)
                .map(Object::toString)
                .toList();
    }

    /** One turn of each measurement, before or after JMH's. Nothing where it cannot be run. */
    void turn(Effort effort) {
        if (missing != null) {
            return;
        }
        turns++;
        for (final String mode : LwIpWords.MODES) {
            if (isQuick && mode.equals(LwIpWords.MANUAL)) {
                continue;
            }
            try {
                final List<LwIpWords.Figure> some =
                        LwIpWords.figures(mode, Programs.output(command(mode, WARM_UP, ITERATIONS, milliseconds())));
                some.forEach(figure -> folder.result(
                        figure.id(),
                        new RunFolder.Key("lwip", mode, turns + "." + figure.iteration()),
                        "score",
                        figure.value(),
                        figure.unit()));
                figures.addAll(some);
                effort.progress(String.format(
                        Locale.ROOT,
                        "lwip %s: %.1f %s",
                        mode,
                        LwIpWords.median(some, mode),
                        some.getFirst().unit()));
            } catch (final BenchException e) {
                missing = e.getMessage();
                folder.environment("lwip failed", missing);
                return;
            }
        }
    }

    /**
     * The engine's figure divided by lwIP's of this run, or else by that of the reference machine.
     *
     * @param what is measured, as it is to be called
     */
    void ratio(String id, String what, double score, String goal) {
        final LwIpWords.Reference reference = LwIpWords.reference(id);
        final boolean isHere = missing == null && LwIpWords.has(figures, reference.mode());
        final double other = isHere ? LwIpWords.median(figures, reference.mode()) : reference.value();
        folder.ratio(
                id,
                String.format(
                        Locale.ROOT,
                        "%s / lwIP's %.1f %s%s",
                        what,
                        other,
                        reference.unit(),
                        isHere ? "" : " on the reference machine"),
                score / other,
                goal);
    }

    /** Leaves medians over all turns in the results, and removes what was built. */
    @Override
    public void close() {
        for (final String mode : LwIpWords.MODES) {
            if (LwIpWords.has(figures, mode)) {
                final LwIpWords.Figure one = figures.stream()
                        .filter(f -> f.mode().equals(mode))
                        .findFirst()
                        .orElseThrow();
                folder.result(
                        one.id(),
                        new RunFolder.Key("lwip", mode, "median"),
                        "score",
                        LwIpWords.median(figures, mode),
                        one.unit());
            }
        }
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
