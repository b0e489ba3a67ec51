package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.NicException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class AffinityTest {

    @Test
    void shouldKeepThreadOnOneCpuWhenPinned() throws Exception {
        final int cpu = allowed("self");
        final AtomicReference<String> after = new AtomicReference<>();
        final Thread thread = Thread.ofPlatform().start(() -> {
            Affinity.pin(cpu);
            after.set(list("thread-self"));
        });
        thread.join();
        assertEquals(Integer.toString(cpu), after.get());
    }

    @Test
    void shouldSayWhatToDoWhenCpuDoesNotExist() {
        assertTrue(assertThrows(NicException.class, () -> Affinity.pin(1000))
                .getMessage()
                .startsWith("cannot stay on cpu 1000: EINVAL"));
        assertThrows(NicException.class, () -> Affinity.pin(1024));
    }

    /** The last CPU that this process may run on. */
    private static int allowed(String task) {
        final String[] ranges = list(task).split("[,-]");
        return Integer.parseInt(ranges[ranges.length - 1]);
    }

    private static String list(String task) {
        try {
            return Files.readAllLines(Path.of("/proc", task, "status")).stream()
                    .filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseThrow();
        } catch (final java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
