package io.spinwire.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All scripts, and what is known about them: deliberate differences, and what the engine cannot do yet. */
public final class Corpus {
    private static final Path SCRIPTS = Path.of("core/src/test/resources/scripts");

    private Corpus() {}

    /** The folder of the scripts, seen from the root of the project or from one of its modules. */
    static Path directory() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(SCRIPTS))) {
                return folder.resolve(SCRIPTS);
            }
        }
        throw new ScriptException("there is no " + SCRIPTS + " here or above");
    }

    public static List<Script> all() {
        final Path directory = directory();
        try (Stream<Path> files = Files.find(directory, 3, (path, attributes) -> isScript(directory, path))) {
            return files.sorted()
                    .map(file -> ScriptParser.read(directory, file))
                    .toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isScript(Path directory, Path path) {
        return path.toString().endsWith(".txt") && !path.getParent().equals(directory);
    }

    /** Scripts in which engine and kernel differ on purpose, with the reason. */
    public static Map<String, String> differences() {
        return reasons("differences.txt");
    }

    /** Scripts of features that the engine does not have yet, with what is missing. */
    public static Map<String, String> pending() {
        return reasons("pending.txt");
    }

    private static Map<String, String> reasons(String file) {
        final Map<String, String> reasons = new LinkedHashMap<>();
        try {
            for (final String line : Files.readAllLines(directory().resolve(file))) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    final String[] parts = line.strip().split("\\s+", 2);
                    SegmentSyntax.check(parts.length == 2, file + ": " + line + " has no reason");
                    reasons.put(parts[0], parts[1]);
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return reasons;
    }
}
