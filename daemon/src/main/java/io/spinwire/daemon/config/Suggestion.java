package io.spinwire.daemon.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What to say about a name that no setting has: the nearest one that exists, and the names of its table. */
final class Suggestion {
    /** Further apart than this, names have nothing to do with each other. */
    private static final int MAX_EDITS = 4;

    private Suggestion() {}

    static boolean isTable(Settings settings, String path) {
        return settings.all().stream().anyMatch(setting -> setting.path().startsWith(path + "."));
    }

    static String unknown(Settings settings, String path) {
        final Optional<String> nearest = names(settings)
                .min(Comparator.comparingInt(candidate -> distance(path, candidate)))
                .filter(candidate -> distance(path, candidate) <= Math.min(MAX_EDITS, (path.length() + 1) / 2));
        return "unknown setting " + path
                + nearest.map(name -> ": did you mean " + name + "?").orElse(".") + " Allowed here: "
                + String.join(", ", siblings(settings, path));
    }

    /** All names there are, those of tables first. */
    private static Stream<String> names(Settings settings) {
        final List<String> paths = settings.all().stream().map(Setting::path).toList();
        final Stream<String> tables = paths.stream()
                .filter(path -> path.contains("."))
                .map(path -> path.substring(0, path.indexOf('.')))
                .distinct();
        return Stream.concat(tables, paths.stream());
    }

    private static List<String> siblings(Settings settings, String path) {
        final String table = path.substring(0, path.lastIndexOf('.') + 1);
        final List<String> found = settings.all().stream()
                .map(Setting::path)
                .filter(name -> name.startsWith(table))
                .map(name -> name.substring(table.length()))
                .map(name -> name.contains(".") ? "[" + name.substring(0, name.indexOf('.')) + "]" : name)
                .distinct()
                .toList();
        return found.isEmpty() ? siblings(settings, "") : found;
    }

    /**
     * Edits of one character that lead from one name to the other (Levenshtein), from key to key where tables differ.
     */
    private static int distance(String a, String b) {
        final int whole = edits(a, b);
        final boolean isSameKey = a.substring(a.lastIndexOf('.') + 1).equals(b.substring(b.lastIndexOf('.') + 1));
        return isSameKey ? Math.min(whole, 1) : whole;
    }

    private static int edits(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            final int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                final int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
