package io.spinwire.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README claims: its program compiles, and the tests that it names exist. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern PROGRAM = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS_NAME = Pattern.compile("public final class (\\w+)");
    private static final Pattern TEST_NAME = Pattern.compile("`(\\w+(?:Test|Stress))`");

    private final String readme = read();

    private static String read() {
        try {
            return Files.readString(ROOT.resolve("README.md"));
        } catch (final IOException e) {
            throw new AssertionError("the README is read from the folder above the module", e);
        }
    }

    @Test
    void shouldCompileTheProgramThatShowsHowToEmbed(@TempDir Path folder) throws IOException {
        final Matcher program = PROGRAM.matcher(readme);
        assertTrue(program.find(), "no program in the README");
        final Matcher name = CLASS_NAME.matcher(program.group(1));
        assertTrue(name.find(), "the program has no public class");
        final Path source = folder.resolve(name.group(1) + ".java");
        Files.writeString(source, program.group(1));
        final StringWriter messages = new StringWriter();
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            final List<String> options =
                    List.of("-Xlint:all", "-Werror", "-proc:none", "-d", folder.toString(), "-cp", classPath());
            final boolean isCompiled = compiler.getTask(
                            messages, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertTrue(isCompiled, messages.toString());
        }
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    @Test
    void shouldNameOnlyTestsThatExist() throws IOException {
        final TreeSet<String> missing = new TreeSet<>();
        final Matcher names = TEST_NAME.matcher(readme);
        int count = 0;
        while (names.find()) {
            count++;
            if (!exists(names.group(1))) {
                missing.add(names.group(1));
            }
        }
        assertTrue(count > 20, "the README names only " + count + " tests");
        assertEquals(new TreeSet<>(), missing);
    }

    private static boolean exists(String testName) throws IOException {
        for (final String module : List.of("core", "nic-afxdp", "daemon", "bench")) {
            final Path tests = ROOT.resolve(module).resolve("src/test/java");
            if (Files.isDirectory(tests)) {
                try (Stream<Path> files = Files.walk(tests)) {
                    if (files.anyMatch(file -> file.getFileName().toString().equals(testName + ".java"))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
