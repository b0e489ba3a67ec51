package io.spinwire.nic.afxdp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The part of {@link Doctor} that looks at the machine and the process: kernel, capabilities, limits, memory. */
final class MachineCheck {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path MEMORY = Path.of("/proc/meminfo");

    /** Bits of /proc/self/status CapEff, linux/capability.h. */
    private enum Capability {
        NET_ADMIN(12),
        NET_RAW(13),
        IPC_LOCK(14),
        BPF(39);

        private static final int SYS_ADMIN = 21; // stands in for BPF

        private final int bit;

        Capability(int bit) {
            this.bit = bit;
        }

        boolean isIn(long set) {
            return (set >>> bit & 1) != 0 || this == BPF && (set >>> SYS_ADMIN & 1) != 0;
        }
    }

    private MachineCheck() {}

    static List<Finding> examine() {
        final List<Finding> findings = new ArrayList<>();
        findings.add(kernel(System.getProperty("os.version")));
        final long capabilities = Long.parseUnsignedLong(word(STATUS, "CapEff:", 1, "0"), 16);
        findings.add(capabilities(capabilities));
        findings.add(lockedMemory(word(LIMITS, "Max locked memory", 3, "unlimited"), capabilities));
        findings.add(hugePages(Integer.parseInt(word(MEMORY, "HugePages_Free:", 1, "0"))));
        final String missing = AfXdpSupport.missing();
        findings.add(missing.isEmpty() ? Finding.ok("AF_XDP sockets, maps and programs can be made") : failed(missing));
        return findings;
    }

    private static Finding failed(String missing) {
        final int colon = missing.indexOf(": ");
        return colon < 0
                ? Finding.fail(missing, "")
                : Finding.fail(missing.substring(0, colon), missing.substring(colon + 2));
    }

    static Finding kernel(String release) {
        final int version = version(release);
        if (version < version("5.9")) {
            return Finding.fail("Linux " + release + " has no XDP links", "Linux 5.9 or newer is needed");
        }
        if (version < version("5.11")) {
            return Finding.warn(
                    "Linux " + release + " counts BPF maps as locked memory, and cannot busy-poll AF_XDP",
                    "raise the limit (ulimit -l unlimited), or use Linux 5.11 or newer");
        }
        if (version < version("6.17")) {
            return Finding.warn(
                    "Linux " + release + " sends at most 32 frames a system call in copy mode",
                    "Linux 6.17 or newer sends a whole ring");
        }
        return Finding.ok("Linux " + release);
    }

    /** Major and minor as one number that grows with them. */
    private static int version(String release) {
        final String[] parts = release.split("[^0-9]+");
        return Integer.parseInt(parts[0]) * 1000 + (parts.length > 1 ? Integer.parseInt(parts[1]) : 0);
    }

    static Finding capabilities(long set) {
        final List<String> missing = new ArrayList<>();
        for (final Capability capability : Capability.values()) {
            if (!capability.isIn(set) && capability != Capability.IPC_LOCK) {
                missing.add("CAP_" + capability);
            }
        }
        return missing.isEmpty()
                ? Finding.ok("capabilities CAP_NET_ADMIN, CAP_NET_RAW, CAP_BPF")
                : Finding.fail("no " + String.join(", ", missing), Advice.BE_ROOT);
    }

    static Finding lockedMemory(String limit, long capabilities) {
        if (Capability.IPC_LOCK.isIn(capabilities)) {
            return Finding.ok("locked memory: no limit (CAP_IPC_LOCK)");
        }
        if (limit.equals("unlimited")) {
            return Finding.ok("locked memory: unlimited");
        }
        final long needed = 2L * Sizes.DEFAULT_RING * 2048;
        return Long.parseLong(limit) >= needed
                ? Finding.ok("locked memory: up to " + limit + " bytes")
                : Finding.fail(
                        "locked memory: at most " + limit + " bytes, " + needed + " needed",
                        "ulimit -l unlimited (systemd: LimitMEMLOCK=infinity), or CAP_IPC_LOCK");
    }

    static Finding hugePages(int free) {
        return free > 0
                ? Finding.ok("huge pages: " + free + " free")
                : Finding.ok(
                        "huge pages: none reserved, transparent ones serve (sysctl vm.nr_hugepages=8 reserves some)");
    }

    /** The n-th word, counting the words of the key too, of the line that starts with the key. */
    private static String word(Path file, String key, int n, String absent) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.trim().split("\\s+"))
                    .filter(words -> words.length > n)
                    .map(words -> words[n])
                    .findFirst()
                    .orElse(absent);
        } catch (final IOException e) {
            return absent;
        }
    }
}
