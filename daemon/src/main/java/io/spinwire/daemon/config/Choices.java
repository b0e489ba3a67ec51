package io.spinwire.daemon.config;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values of an enum as they stand in a file: {@code when-full} for {@code WHEN_FULL}. */
final class Choices {
    private Choices() {}

    /**
     * The constant with this name.
     *
     * @throws IllegalArgumentException naming those that there are
     */
    static <E extends Enum<E>> E of(Class<E> type, String text) {
        return Stream.of(type.getEnumConstants())
                .filter(constant -> name(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is not known: allowed are "
                        + Stream.of(type.getEnumConstants()).map(Choices::name).collect(Collectors.joining(", "))));
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
