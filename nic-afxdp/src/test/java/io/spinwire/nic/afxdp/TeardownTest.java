package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TeardownTest {
    private final List<String> undone = new ArrayList<>();
    private final Teardown teardown = new Teardown();

    @Test
    void shouldUndoLastFirstAndOnceWhenRunTwice() {
        teardown.add(() -> undone.add("first"));
        teardown.add(() -> undone.add("second"));
        teardown.run();
        teardown.run();
        assertEquals(List.of("second", "first"), undone);
    }

    @Test
    void shouldUndoTheRestWhenOneFails() {
        teardown.add(() -> undone.add("first"));
        teardown.add(() -> {
            throw new IllegalStateException("early");
        });
        teardown.add(() -> {
            throw new IllegalStateException("late");
        });
        final IllegalStateException e = assertThrows(IllegalStateException.class, teardown::run);
        assertEquals("late", e.getMessage());
        assertEquals("early", e.getSuppressed()[0].getMessage());
        assertEquals(List.of("first"), undone);
    }
}
