package io.spinwire.tcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What {@code make behaviour} runs: measures the table anew and says what has changed; writes it when asked to. */
public final class BehaviourMain {
    private static final Path FILE = Path.of("core/src/test/resources/behaviour/goodput.csv");

    private BehaviourMain() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && !arguments[0].equals("--write")) {
            System.err.println("unknown argument " + arguments[0] + ": known is --write");
            System.exit(2);
        }
        final Map<String, String> before = new LinkedHashMap<>();
        if (Files.exists(FILE)) {
            try (Stream<String> lines = Files.lines(FILE)) {
                before.putAll(BehaviourTable.parse(lines));
            }
        }
        final Map<String, String> now = new LinkedHashMap<>();
        final List<String> table = new ArrayList<>(List.of(BehaviourTable.HEADER));
        for (final BehaviourTable.Cell cell : BehaviourTable.cells()) {
            final String measured = cell.measure();
            now.put(cell.key(), measured);
            table.add(cell.key() + "," + measured);
        }
        final List<String> changes = BehaviourTable.differences(before, now);
        changes.forEach(System.out::println);
        System.out.println(changes.size() + " of " + now.size() + " lines have changed");
        if (arguments.length > 0) {
            Files.createDirectories(FILE.getParent());
            Files.write(FILE, table);
            System.out.println("written to " + FILE);
        } else if (!changes.isEmpty()) {
            System.out.println("if that is as wanted: make behaviour ARGS=--write");
            System.exit(1);
        }
    }
}
