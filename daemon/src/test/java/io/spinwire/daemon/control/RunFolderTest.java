package io.spinwire.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFolderTest {
    private static final long NO_PROCESS = 4_194_305; // above the kernel's largest pid_max

    @TempDir
    private Path parent;

    @Test
    void shouldBelongToThisProcessAloneWhenCreated() throws Exception {
        try (RunFolder folder = RunFolder.create(parent, "one")) {
            assertTrue(RunFolder.isLive(parent.resolve("one")));
            assertEquals(Long.toString(ProcessHandle.current().pid()), RunFolder.pid(parent.resolve("one")));
            assertEquals(
                    "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(parent.resolve("one"))));
            assertEquals(parent.resolve("one/counters"), folder.countersFile());
        }
        assertFalse(Files.exists(parent.resolve("one")));
    }

    @Test
    void shouldRefuseWhenOneOfTheNameIsRunning() {
        try (RunFolder folder = RunFolder.create(parent, "one")) {
            final DaemonException refusal = assertThrows(DaemonException.class, () -> RunFolder.create(parent, "one"));
            assertTrue(refusal.getMessage().contains("running already, process "), refusal.getMessage());
            assertTrue(Files.exists(folder.countersFile().getParent()));
        }
    }

    @Test
    void shouldRemoveWhatDeadDaemonsLeftWhenAnotherStarts() throws Exception {
        leave("dead", NO_PROCESS + " 77");
        leave("reused", ProcessHandle.current().pid() + " 1"); // our number, but another's start
        leave("unfinished", "");
        try (RunFolder folder = RunFolder.create(parent, "one");
                RunFolder second = RunFolder.create(parent, "two")) {
            assertFalse(Files.exists(parent.resolve("dead")));
            assertFalse(Files.exists(parent.resolve("reused")));
            assertFalse(Files.exists(parent.resolve("unfinished")));
            assertEquals(2, RunFolder.all(parent).size());
            assertFalse(folder.controlSocket().equals(second.controlSocket()));
        }
    }

    @Test
    void shouldNameThoseThatRunWhenAskedForAnother() {
        try (RunFolder folder = RunFolder.create(parent, "one")) {
            final DaemonException refusal =
                    assertThrows(DaemonException.class, () -> ControlClient.ask(parent, "other", ControlClient.STATUS));
            assertTrue(refusal.getMessage().endsWith("running are one"), refusal.getMessage());
            assertTrue(RunFolder.isLive(folder.countersFile().getParent()));
        }
    }

    @Test
    void shouldTellTheCpusOfOthersThatRunWhenTheyNotedThem() throws Exception {
        try (RunFolder one = RunFolder.create(parent, "one");
                RunFolder two = RunFolder.create(parent, "two");
                RunFolder three = RunFolder.create(parent, "three")) {
            one.noteCpu(3);
            two.noteCpu(5);
            leave("dead", NO_PROCESS + " 77");
            Files.writeString(parent.resolve("dead").resolve("cpu"), "7");
            assertEquals(Set.of(5), one.cpusOfOthers());
            assertEquals(Set.of(3, 5), three.cpusOfOthers());
        }
    }

    private void leave(String name, String note) throws Exception {
        Files.createDirectory(parent.resolve(name));
        Files.writeString(parent.resolve(name).resolve("pid"), note);
        Files.writeString(parent.resolve(name).resolve("counters"), "x");
    }
}
