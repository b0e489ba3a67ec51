package io.spinwire.bench.end;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void shouldReadVerbAndValues() {
        final Words words = new Words("rtt transport=engine to=10.0.0.1:7 ms=250");
        assertEquals("rtt", words.verb());
        assertEquals("engine", words.text("transport"));
        assertEquals(250_000_000L, words.millisNs("ms"));
        assertEquals(7, words.address("to").getPort());
        assertEquals(5, words.number("ports", 5));
        assertFalse(words.has("rate"));
    }

    @Test
    void shouldNameWordThatIsMissingOrNoPair() {
        assertEquals(
                "rtt needs bytes=",
                assertThrows(IllegalArgumentException.class, () -> new Words("rtt").number("bytes"))
                        .getMessage());
        assertEquals(
                "\"x\" is not name=value",
                assertThrows(IllegalArgumentException.class, () -> new Words("rtt x"))
                        .getMessage());
    }

    @Test
    void shouldSpreadConnectionsOverPorts() {
        final ConnectPlan plan =
                new ConnectPlan(new Words("connects to=10.0.0.1:8000").address("to"), 36, 32, 64, 1, 0);
        assertEquals(8_000, plan.port(0));
        assertEquals(8_035, plan.port(35));
        assertEquals(8_000, plan.port(36));
    }
}
