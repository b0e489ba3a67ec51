package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JvmLogTest {
    @TempDir
    private Path folder;

    @Test
    void shouldCountByCauseWhatWasLoggedInTheWindow() throws Exception {
        final Path file = Files.writeString(folder.resolve("jvm.log"), """
                [1000ms][gc] Using Serial
                [1999ms][safepoint] Safepoint "ThreadDump", Time since last: 7 ns, Reaching safepoint: 2 ns, Total: 3 ns
                [2000ms][gc            ] GC(0) Pause Full (System.gc()) 37M->3M(365M) 21.614ms
                [2001ms][safepoint      ] Safepoint "SerialGCCollect", Time since last: 5 ns, Reaching safepoint: 2 ns
                [2002ms][deoptimization ] cid=1304     level=4 a.B.c()La/D; trap_bci=4 unstable_if reinterpret pc=0x1 x
                [2002ms][handshake      ] Handshake "Deoptimize", Targeted threads: 10, Executed by requesting thread: 9
                [2003ms][handshake      ] Handshake "Deoptimize", Targeted threads: 10, Executed by requesting thread: 9
                [3001ms][safepoint      ] Safepoint "Cleanup", Time since last: 5 ns, Reaching safepoint: 2 ns
                """);
        final JvmLog log = JvmLog.read(file, 2000, 3000);
        assertEquals(
                Map.of(
                        "collection: Full (System.gc())", 1,
                        "safepoint: SerialGCCollect", 1,
                        "deoptimisation: unstable_if", 1,
                        "handshake: Deoptimize", 2),
                log.counts());
        assertEquals(1, log.count(JvmLog.SAFEPOINT));
        assertEquals(2, log.count(JvmLog.HANDSHAKE));
        assertEquals(5, log.lines().size());
    }

    @Test
    void shouldReadWhatAJvmWritesWhenItIsGivenTheOption() throws Exception {
        final Path file = folder.resolve("jvm.log");
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        JvmLog.option(file),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Collecting.class.getName())
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
        final JvmLog log = JvmLog.read(file, 0, Long.MAX_VALUE);
        assertEquals(
                1, log.counts().get("safepoint: SerialGCCollect"), log.counts().toString());
        assertEquals(1, log.count(JvmLog.COLLECTION), log.counts().toString());
    }

    /** Stops once. */
    static final class Collecting {
        private Collecting() {}

        public static void main(String[] args) {
            System.gc();
        }
    }
}
