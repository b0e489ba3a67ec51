package io.spinwire.daemon.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** With a program that says again whatever it is told. */
@EnabledOnOs(OS.LINUX)
final class ChildTest {
    private static final String STOPPED = "T";

    private static Child start() {
        return Child.startProgram("cat", List.of("cat"));
    }

    @Test
    void shouldAnswerAfterItsPauseWhatItWasToldMeanwhile() throws Exception {
        try (Child child = start()) {
            child.pause();
            awaitStopped(child);
            child.tell("ok later");
            child.resume();
            assertEquals(List.of("later"), List.of(child.answer("ok later")));
            child.pause();
            child.resume();
            assertEquals(List.of("again"), List.of(child.ask("ok again")));
        }
    }

    @Test
    void shouldEndWhenItIsClosedWhilePaused() {
        final Child child = start();
        child.pause();
        child.close();
        assertFalse(child.process().isAlive());
    }

    /** A signal may reach a process a little after it was sent. */
    private static void awaitStopped(Child child) throws Exception {
        while (!state(child).equals(STOPPED)) {
            assertTrue(child.process().isAlive());
            Thread.sleep(1);
        }
    }

    /** The third word of /proc/PID/stat, after the name in brackets. */
    private static String state(Child child) throws IOException {
        final String stat =
                Files.readString(Path.of("/proc", "" + child.process().pid(), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[0];
    }
}
