package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private final Rounds<String> rounds = new Rounds<>();

    @Test
    void shouldGiveTheFigureInTheMiddleWhenRoundsComeInAnyOrder() {
        rounds.add("a", 9);
        rounds.add("b", 1);
        rounds.add("a", 2);
        rounds.add("a", 5);
        assertEquals(5, rounds.median("a"));
        assertEquals(1, rounds.median("b"));
        final List<String> seen = new ArrayList<>();
        rounds.forEachMedian((name, median) -> seen.add(name + median));
        assertEquals(List.of("a5.0", "b1.0"), seen);
    }

    @Test
    void shouldGiveTheMeanOfTheTwoInTheMiddleOfAnEvenNumber() {
        rounds.add("a", 1);
        rounds.add("a", 2);
        assertEquals(1.5, rounds.median("a"));
    }
}
