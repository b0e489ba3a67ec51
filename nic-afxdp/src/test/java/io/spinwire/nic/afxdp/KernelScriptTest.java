package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.script.Corpus;
import io.spinwire.script.EngineStage;
import io.spinwire.script.Script;
import io.spinwire.script.SideBySide;
import io.spinwire.script.Walk;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The kernel under every script of the corpus, many at once because they mostly wait; and what the scripts leave open,
 * the padding of options, compared with the engine's.
 */
@Tag("kernel")
@ExtendWith(TunRequirements.class)
class KernelScriptTest {
    private static final int AT_ONCE = 16;
    private static final int ATTEMPTS = 3;

    @TestFactory
    Stream<DynamicTest> shouldDoAsTheScriptSays() {
        final List<Script> scripts = Corpus.all();
        KernelStage.warmUp(scripts);
        final Map<Script, Future<Walk>> walks = new LinkedHashMap<>();
        final ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE);
        scripts.forEach(script -> walks.put(script, executor.submit(() -> play(script))));
        executor.shutdown();
        return walks.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey().name(),
                        () -> check(entry.getKey(), entry.getValue().get())));
    }

    /** In real time: a walk that another load of the machine has delayed is played again. */
    private static Walk play(Script script) {
        Walk walk = KernelStage.play(script);
        for (int again = 1; again < ATTEMPTS && !walk.isRight(); again++) {
            walk = KernelStage.play(script);
        }
        return walk;
    }

    private static void check(Script script, Walk kernel) {
        final Walk engine = EngineStage.play(script);
        assertTrue(
                kernel.isRight(),
                () -> script.name() + ".txt: " + kernel.firstProblem() + "\n"
                        + SideBySide.print(script, List.of(engine, kernel)));
        if (engine.isRight() && !Corpus.differences().containsKey(script.name())) {
            assertEquals("", SideBySide.layoutDifference(engine, kernel), script.name());
        }
    }
}
