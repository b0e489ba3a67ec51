package io.spinwire.bench.end;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** A command line: a verb, and {@code name=value} words. */
final class Words {
    private final String verb;
    private final Map<String, String> values = new HashMap<>();

    Words(String line) {
        final String[] words = line.strip().split("\\s+");
        verb = words[0];
        for (int i = 1; i < words.length; i++) {
            final int equals = words[i].indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("\"" + words[i] + "\" is not name=value");
            }
            values.put(words[i].substring(0, equals), words[i].substring(equals + 1));
        }
    }

    String verb() {
        return verb;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String text(String name) {
        final String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(verb + " needs " + name + "=");
        }
        return value;
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    long number(String name) {
        return Long.parseLong(text(name));
    }

    long number(String name, long otherwise) {
        return has(name) ? number(name) : otherwise;
    }

    long millisNs(String name) {
        return number(name) * 1_000_000L;
    }

    /** {@code to=10.0.0.1:7}. */
    InetSocketAddress address(String name) {
        final String[] parts = text(name).split(":");
        return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
    }
}
