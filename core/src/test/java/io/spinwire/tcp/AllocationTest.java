package io.spinwire.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The data path allocates nothing, in both API styles; also where the JIT may not make objects disappear. */
@Timeout(60)
class AllocationTest {
    private final AllocationProbe probe = new AllocationProbe();

    @Test
    void shouldAllocateNothingWhenHandlersEchoInline() {
        assertEquals(0, probe.inline());
    }

    @Test
    void shouldAllocateNothingWhenSocketsArePolledOnOneThread() {
        assertEquals(0, probe.queued());
    }

    @Test
    void shouldAllocateNothingWhenSocketsArePolledOnAnotherThread() throws InterruptedException {
        assertEquals(0, probe.twoThreads());
    }

    @Test
    void shouldAllocateNothingWhenEscapeAnalysisIsOff() throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(List.of(System.getProperty("spinwire.jvm.access").split(" ")));
        command.addAll(List.of("-XX:-DoEscapeAnalysis", "-XX:+UseSerialGC", "-Xmx1g", "-cp"));
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(AllocationProbe.class.getName());
        final Process child =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), output);
    }
}
