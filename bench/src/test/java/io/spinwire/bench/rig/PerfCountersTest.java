package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class PerfCountersTest {
    @Test
    void shouldCountCyclesWhenPerfDoes() {
        assertNull(
                PerfCounters.missing("1234567,,cycles,812345,100.00,,\n2345678,,instructions,812345,100.00,1.9,insn"));
    }

    @Test
    void shouldSayWhyWhenTheMachineHasNoCounters() {
        final String why = PerfCounters.missing("<not supported>,,cycles,0,100.00,,\n<not supported>,,instructions,0");
        assertTrue(why.contains("virtual machines") && why.contains("<not supported>,,cycles"), why);
    }

    @Test
    void shouldSayHowToInstallItWhenPerfIsMissing() {
        final String why = PerfCounters.missing("(perf: Cannot run program \"perf\": No such file or directory)");
        assertTrue(why.contains("apt install linux-perf") && why.contains("No such file"), why);
    }
}
