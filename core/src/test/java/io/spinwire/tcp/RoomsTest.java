package io.spinwire.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of rooms in the package's documentation is complete: who looks for a line finds it by topic. */
class RoomsTest {
    private static final Path FOLDER = Path.of("src/main/java/io/spinwire/tcp");
    private static final Pattern ROOM = Pattern.compile("\\b[A-Z][a-z]+\\w*[A-Z]\\w*|\\b(?:Tcp|Segment|Recovery)\\b");

    private static Set<String> classes() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java") && !name.equals("package-info.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String table() throws IOException {
        final String text = Files.readString(FOLDER.resolve("package-info.java"));
        return text.substring(text.indexOf("<pre>"), text.indexOf("</pre>"));
    }

    @Test
    void shouldNameEveryClassWhenRoomsAreListed() throws IOException {
        final String table = table();
        final Set<String> unnamed = new TreeSet<>();
        for (final String name : classes()) {
            if (table.split("\\b" + name + "\\b", -1).length < 2) {
                unnamed.add(name);
            }
        }
        assertEquals(Set.of(), unnamed, "to be entered in the table of package-info.java");
    }

    @Test
    void shouldNameNoClassThatIsNotThereWhenRoomsAreListed() throws IOException {
        final Set<String> strangers = new TreeSet<>();
        final Matcher rooms = ROOM.matcher(table());
        while (rooms.find()) {
            strangers.add(rooms.group());
        }
        strangers.removeAll(classes());
        assertEquals(Set.of(), strangers, "no longer there: to leave the table of package-info.java");
    }
}
