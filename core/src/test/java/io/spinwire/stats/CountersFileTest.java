package io.spinwire.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountersFileTest {
    /** No process has it: above Linux's largest pid. */
    private static final long DEAD_PID = 1L << 40;

    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void namePath() {
        path = folder.resolve("counters");
    }

    @Test
    void shouldShowWhatTheOwnerCountsWhenMapped() {
        try (CountersFile file = CountersFile.create(path)) {
            final MappedCounters mapped = CountersFile.map(path);
            assertEquals(0, mapped.get(Counter.TcpInSegs));
            file.counters().add(Counter.TcpInSegs, 12);
            file.counters().drop(DropReason.TCP_CSUM);

            assertEquals(12, mapped.get(Counter.TcpInSegs));
            assertEquals(1, mapped.get(DropReason.TCP_CSUM));
            assertEquals(0, mapped.get(DropReason.IP_CSUM));
            assertEquals(ProcessHandle.current().pid(), mapped.pid());
            assertTrue(mapped.isOwnerAlive());
            assertTrue(Math.abs(System.currentTimeMillis() - mapped.createdMs()) < 60_000);
            assertEquals(path, file.path());
        }
    }

    @Test
    void shouldDeleteTheFileButKeepItsMemoryWhenClosed() {
        final CountersFile file = CountersFile.create(path);
        final MappedCounters mapped = CountersFile.map(path);
        file.close();
        file.close();

        assertFalse(Files.exists(path));
        file.counters().increment(Counter.TcpInSegs);
        assertEquals(1, mapped.get(Counter.TcpInSegs));
    }

    @Test
    void shouldBeReadableByAnotherProcessWhenMapped() throws Exception {
        try (CountersFile file = CountersFile.create(path)) {
            file.counters().add(Counter.TcpInSegs, 4711);
            final Process process =
                    new ProcessBuilder(command()).redirectErrorStream(true).start();
            final String output = new String(process.getInputStream().readAllBytes());
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            assertEquals("4711 true", output.strip());
        }
    }

    /** Run by the test above in a process of its own. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] arguments) {
            final MappedCounters mapped = CountersFile.map(Path.of(arguments[0]));
            System.out.println(mapped.get(Counter.TcpInSegs) + " " + mapped.isOwnerAlive());
        }
    }

    private List<String> command() {
        return List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Reader.class.getName(),
                path.toString());
    }

    @Test
    void shouldLeaveNothingElseBehindWhenMadeAfterAKilledStart() throws IOException {
        Files.write(folder.resolve("counters.new"), new byte[100]);
        try (CountersFile file = CountersFile.create(path)) {
            file.counters().increment(Counter.TcpInSegs);
            assertEquals(1, CountersFile.map(path).get(Counter.TcpInSegs));
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void shouldRefuseToTakeAFileWhenItsOwnerRuns() {
        try (CountersFile file = CountersFile.create(path)) {
            file.counters().increment(Counter.TcpInSegs);
            final IllegalStateException refused =
                    assertThrows(IllegalStateException.class, () -> CountersFile.create(path));
            assertTrue(refused.getMessage()
                    .contains("process " + ProcessHandle.current().pid()));
            assertEquals(1, CountersFile.map(path).get(Counter.TcpInSegs));
        }
    }

    @Test
    void shouldReplaceAFileWhenItsOwnerDied() throws IOException {
        final CountersFile dead = CountersFile.create(path);
        dead.counters().increment(Counter.TcpInSegs);
        putLong(CountersFile.PID_AT, DEAD_PID);
        assertFalse(CountersFile.map(path).isOwnerAlive());

        try (CountersFile file = CountersFile.create(path)) {
            assertEquals(0, CountersFile.map(path).get(Counter.TcpInSegs));
            assertEquals(1, dead.counters().get(Counter.TcpInSegs));
            assertEquals(0, file.counters().get(Counter.TcpInSegs));
        }
    }

    @Test
    void shouldNotTakeAnotherProcessForTheOwnerWhenThePidIsUsedAgain() throws IOException {
        try (CountersFile file = CountersFile.create(path)) {
            putLong(CountersFile.PROCESS_START_AT, 1_000);
            assertFalse(CountersFile.map(file.path()).isOwnerAlive());
        }
    }

    @Test
    void shouldSayBothVersionsWhenTheyDiffer() throws IOException {
        try (CountersFile file = CountersFile.create(path)) {
            putLong(CountersFile.VERSION_AT, (long) CountersFile.HEADER_LENGTH << 32 | 9);
            assertWrong("has version 9, this program reads version " + CountersFile.VERSION);
            assertEquals(path, file.path());
        }
    }

    @Test
    void shouldSayWhatIsWrongWhenTheFileIsNotOne() throws IOException {
        Files.write(path, new byte[10]);
        assertWrong("is not a counters file: 10 bytes");
        assertThrows(IllegalStateException.class, () -> CountersFile.create(path));
        Files.write(path, new byte[1_000]);
        assertWrong("is not a counters file");
        assertTrue(Files.exists(path));
    }

    @Test
    void shouldSayThatItIsCutOffWhenTooShort() throws IOException {
        try (CountersFile file = CountersFile.create(path)) {
            final Path copy = folder.resolve("copy");
            final byte[] bytes = Files.readAllBytes(file.path());
            Files.write(copy, java.util.Arrays.copyOf(bytes, 2_000));
            path = copy;
            assertWrong("is cut off: 2000 bytes");
        }
    }

    @Test
    void shouldNameThePathWhenItCannotBeMadeOrRead() {
        path = folder.resolve("nowhere").resolve("counters");
        assertTrue(assertThrows(UncheckedIOException.class, () -> CountersFile.create(path))
                .getMessage()
                .contains("nowhere"));
        assertTrue(assertThrows(UncheckedIOException.class, () -> CountersFile.map(path))
                .getMessage()
                .contains("nowhere"));
    }

    private void assertWrong(String part) {
        final String message = assertThrows(IllegalStateException.class, () -> CountersFile.map(path))
                .getMessage();
        assertTrue(message.contains(part) && message.contains(path.toString()), message);
    }

    private void putLong(int position, long value) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            final ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
            channel.write(bytes.putLong(0, value), position);
        }
    }
}
