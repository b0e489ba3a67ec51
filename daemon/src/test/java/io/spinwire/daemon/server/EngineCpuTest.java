package io.spinwire.daemon.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.daemon.config.ConfigReader;
import io.spinwire.daemon.config.DaemonConfig;
import io.spinwire.daemon.config.DaemonConfig.Idle;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EngineCpuTest {
    private static DaemonConfig config(String... pathsAndValues) {
        final ConfigReader reader = new ConfigReader().set("addresses", "10.0.0.2/24", "--address");
        for (int i = 0; i < pathsAndValues.length; i += 2) {
            reader.set(pathsAndValues[i], pathsAndValues[i + 1], "--set");
        }
        return reader.build();
    }

    @Test
    void shouldSpinOnTheLastCpuWhenAsShipped() {
        final EngineCpu cpu = EngineCpu.of(config(), List.of(0, 1, 2, 3), List.of());
        assertEquals(new EngineCpu(3, Idle.BUSY_SPIN, "spins on cpu 3, its own"), cpu);
    }

    @Test
    void shouldLeaveTheCpuOfAnotherDaemonWhenOneOfItsOwnIsWanted() {
        assertEquals(2, EngineCpu.of(config(), List.of(0, 1, 2, 3), List.of(3)).cpu());
        assertEquals(1, EngineCpu.of(config(), List.of(0, 1), List.of(3)).cpu());
    }

    @Test
    void shouldBackOffAndSayWhyWhenThereIsOneCpuOnly() {
        final EngineCpu cpu = EngineCpu.of(config(), List.of(0), List.of());
        assertEquals(-1, cpu.cpu());
        assertEquals(Idle.BACKOFF, cpu.idle());
        assertTrue(cpu.words().contains("may use one cpu only"), cpu.words());
        assertTrue(cpu.words().contains("--cpu 0 makes it spin"), cpu.words());
    }

    @Test
    void shouldBackOffAndSayWhyWhenAllCpusButTheFirstAreTaken() {
        final EngineCpu cpu = EngineCpu.of(config(), List.of(0, 1), List.of(1));
        assertEquals(-1, cpu.cpu());
        assertEquals(Idle.BACKOFF, cpu.idle());
        assertTrue(cpu.words().contains("another daemon's"), cpu.words());
    }

    @Test
    void shouldObeyWhenACpuIsNamed() {
        final EngineCpu quiet = EngineCpu.of(config("run.cpu", "0"), List.of(0, 1), List.of());
        assertEquals(new EngineCpu(0, Idle.BUSY_SPIN, ""), quiet);
        final EngineCpu shared = EngineCpu.of(config("run.cpu", "1"), List.of(0, 1), List.of(1));
        assertEquals(Idle.BUSY_SPIN, shared.idle());
        assertTrue(shared.words().startsWith("WARNING: cpu 1 is another daemon's"), shared.words());
        final EngineCpu only = EngineCpu.of(config("run.cpu", "0"), List.of(0), List.of());
        assertEquals(Idle.BUSY_SPIN, only.idle());
        assertTrue(only.words().startsWith("WARNING: it spins on the only cpu"), only.words());
    }

    @Test
    void shouldStayOnNoneWhenNoneIsWanted() {
        assertEquals(
                new EngineCpu(-1, Idle.BACKOFF, ""), EngineCpu.of(config("profile", "none"), List.of(0, 1), List.of()));
        assertEquals(
                new EngineCpu(1, Idle.BACKOFF, "stays on cpu 1, its own"),
                EngineCpu.of(config("run.idle", "backoff"), List.of(0, 1), List.of()));
    }
}
