package io.spinwire.bench.end;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel's own TCP counts in the namespace of this process, under the engine's names. */
final class KernelFigures {
    private static final Path SNMP = Path.of("/proc/self/net/snmp");
    private static final List<String> SHOWN = List.of("RetransSegs", "OutSegs", "InSegs");

    private KernelFigures() {}

    /** {@code KernelTcpRetransSegs=0 ...}. */
    static String words() throws IOException {
        return words(Files.readAllLines(SNMP));
    }

    /** Two lines begin with {@code Tcp:}: names, and their values. */
    static String words(List<String> lines) {
        final List<String[]> tcp = lines.stream()
                .filter(line -> line.startsWith("Tcp:"))
                .map(line -> line.split(" "))
                .toList();
        final StringBuilder text = new StringBuilder();
        for (int i = 1; tcp.size() == 2 && i < tcp.getFirst().length; i++) {
            if (SHOWN.contains(tcp.getFirst()[i])) {
                text.append("KernelTcp")
                        .append(tcp.getFirst()[i])
                        .append('=')
                        .append(tcp.getLast()[i])
                        .append(' ');
            }
        }
        return text.toString().strip();
    }
}
