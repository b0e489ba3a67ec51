package io.spinwire.nic.afxdp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What this process holds of the kernel's, to see that a NIC leaves nothing behind. */
record ProcessState(List<String> descriptors, long ringMappings) {

    /** Descriptors that only the driver makes: sockets of AF_XDP, BPF objects; and mappings of its rings. */
    static ProcessState now() {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"));
                Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            final List<String> descriptors = links.map(ProcessState::target)
                    .filter(target -> target.contains("bpf") || target.contains("socket") || target.contains("net:"))
                    .sorted()
                    .toList();
            return new ProcessState(
                    descriptors, maps.filter(line -> line.contains("socket:")).count());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (final IOException gone) {
            return "";
        }
    }
}
