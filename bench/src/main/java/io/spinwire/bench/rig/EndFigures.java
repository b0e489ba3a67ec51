package io.spinwire.bench.rig;

import java.util.HashMap;
import java.util.Map;

/** What an end counts, as {@code name=value} words told it, and what of that came about between two moments. */
record EndFigures(Map<String, Long> values) {
    /** What it has counted so far; other words are none of ours. */
    static EndFigures of(End end) throws InterruptedException {
        return parse(end.ask("figures"));
    }

    static EndFigures parse(String words) {
        final Map<String, Long> values = new HashMap<>();
        for (final String word : words.split("\\s+")) {
            final int equals = word.indexOf('=');
            if (equals > 0 && word.substring(equals + 1).matches("-?\\d+")) {
                values.put(word.substring(0, equals), Long.parseLong(word.substring(equals + 1)));
            }
        }
        return new EndFigures(values);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** How much more it is than it was. */
    long since(EndFigures before, String name) {
        return values.getOrDefault(name, 0L) - before.values.getOrDefault(name, 0L);
    }
}
