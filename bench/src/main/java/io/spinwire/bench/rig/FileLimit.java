package io.spinwire.bench.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How many files a process of ours may open: the hard limit, to which a JVM raises its own by itself. */
final class FileLimit {
    private static final String NAME = "Max open files";
    private static final int HARD = 1; // column after the name

    private FileLimit() {}

    /** Of this process, and so of its children. */
    static long most() {
        try {
            return most(Files.readAllLines(Path.of("/proc/self/limits")));
        } catch (final IOException e) {
            return Long.MAX_VALUE; // not told: whoever runs into it says so
        }
    }

    static long most(List<String> limits) {
        return limits.stream()
                .filter(line -> line.startsWith(NAME))
                .map(line -> line.substring(NAME.length()).strip().split("\\s+")[HARD])
                .mapToLong(limit -> limit.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(limit))
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }
}
