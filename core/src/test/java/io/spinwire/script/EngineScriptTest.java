package io.spinwire.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The engine under every script of the corpus, with header prediction and without; the kernel's turn is elsewhere. */
class EngineScriptTest {

    @TestFactory
    Stream<DynamicTest> shouldDoAsTheScriptSays() {
        return Corpus.all().stream().map(script -> DynamicTest.dynamicTest(script.name(), () -> check(script)));
    }

    private static void check(Script script) {
        for (final EngineStage.Mode mode : EngineStage.Mode.values()) {
            final Walk walk = EngineStage.play(script, mode, Script.Only.ENGINE);
            if (Corpus.pending().containsKey(script.name())) {
                assertFalse(
                        walk.isRight(), script.name() + " holds on the engine now: take it out of scripts/pending.txt");
                return;
            }
            assertTrue(
                    walk.isRight(),
                    () -> script.name() + ".txt, " + mode + ": " + walk.firstProblem() + "\n"
                            + SideBySide.print(script, List.of(walk)));
        }
    }

    /** Lines of the kernel's that the engine could play as well are no difference. */
    @Test
    void shouldListEveryDifferenceThatIsStillNeeded() {
        final Set<String> different = Corpus.all().stream()
                .filter(Script::hasDifferences)
                .map(Script::name)
                .collect(Collectors.toSet());
        assertEquals(
                different, Corpus.differences().keySet(), "scripts with [engine] or [kernel], and differences.txt");
        Corpus.all().stream().filter(Script::hasDifferences).forEach(script -> {
            final Walk walk = EngineStage.play(script, EngineStage.Mode.INLINE, Script.Only.KERNEL);
            assertFalse(
                    walk.isRight(), script.name() + ": the engine does as the kernel, the difference is not needed");
        });
    }

    @Test
    void shouldKnowEveryScriptThatIsPending() {
        final Set<String> names = Corpus.all().stream().map(Script::name).collect(Collectors.toSet());
        assertTrue(
                names.containsAll(Corpus.pending().keySet()),
                () -> Corpus.pending().keySet() + " in pending.txt");
    }
}
