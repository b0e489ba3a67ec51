package io.spinwire.daemon.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * One setting: its name in the file, what kind of value it takes, and where the value goes.
 *
 * @param path table and key, {@code tcp.min-rto}
 */
record Setting(String path, Kind kind, BiConsumer<DaemonConfig, Object> target) {

    /** Kinds of values, and the Java type that each becomes. */
    enum Kind {
        /** {@link Boolean}. */
        FLAG("true or false"),
        /** {@link Long}. */
        NUMBER("a whole number"),
        /** {@link Long}, in nanoseconds. */
        DURATION("a time in quotes, as \"40ms\""),
        /** {@link String}. */
        TEXT("a text in quotes"),
        /** {@link List} of {@link String}. */
        TEXTS("a list of texts, as [\"one\", \"two\"]");

        private final String allowed;

        Kind(String allowed) {
            this.allowed = allowed;
        }
    }

    /** The key as a Java name, {@code minRto}: how the engine's configuration calls it in its messages. */
    String javaName() {
        final StringBuilder name = new StringBuilder();
        final String key = path.substring(path.lastIndexOf('.') + 1);
        for (int i = 0; i < key.length(); i++) {
            final boolean isStart = i > 0 && key.charAt(i - 1) == '-';
            if (key.charAt(i) != '-') {
                name.append(isStart ? Character.toUpperCase(key.charAt(i)) : key.charAt(i));
            }
        }
        return kind == Kind.DURATION ? name + "Ns" : name.toString();
    }

    /**
     * The value as it stands in a file.
     *
     * @throws IllegalArgumentException saying what is allowed
     */
    Object value(JsonNode node) {
        final boolean isRight = switch (kind) {
            case FLAG -> node.isBoolean();
            case NUMBER -> node.canConvertToLong() && node.isIntegralNumber();
            case DURATION, TEXT -> node.isTextual();
            case TEXTS -> node.isArray();
        };
        if (!isRight) {
            throw new IllegalArgumentException(node + " is refused: it takes " + kind.allowed);
        }
        return switch (kind) {
            case FLAG -> node.booleanValue();
            case NUMBER -> node.longValue();
            case DURATION -> Durations.parse(node.textValue());
            case TEXT -> node.textValue();
            case TEXTS -> texts(node);
        };
    }

    private List<String> texts(JsonNode array) {
        final List<String> texts = new ArrayList<>();
        for (final JsonNode item : array) {
            if (!item.isTextual()) {
                throw new IllegalArgumentException(item + " is refused: it takes " + kind.allowed);
            }
            texts.add(item.textValue());
        }
        return texts;
    }

    /** The value as it is given in a flag; lists are separated by commas. */
    Object value(String text) {
        return switch (kind) {
            case FLAG -> flag(text);
            case NUMBER -> number(text);
            case DURATION -> Durations.parse(text);
            case TEXT -> text;
            case TEXTS -> text.isBlank() ? List.of() : List.of(text.split("\\s*,\\s*"));
        };
    }

    private Object flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("\"" + text + "\" is refused: it takes " + kind.allowed);
        }
        return text.equals("true");
    }

    private Object number(String text) {
        try {
            return Long.parseLong(text.replace("_", ""));
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is refused: it takes " + kind.allowed);
        }
    }
}
