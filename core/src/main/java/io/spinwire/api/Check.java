package io.spinwire.api;

import java.util.List;

/** Range checks of settings, with one wording: the name, the value and what is allowed. Control plane only. */
final class Check {
    private Check() {}

    static void range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " " + value + " is out of range: allowed are " + min + " to " + max);
        }
    }

    static void oneOf(String name, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw new IllegalArgumentException(
                    name + " \"" + value + "\" is not known: allowed are " + String.join(", ", allowed));
        }
    }

    static void ordered(String smallName, long small, String largeName, long large) {
        if (small > large) {
            throw new IllegalArgumentException(smallName + " " + small + " exceeds " + largeName + " " + large);
        }
    }
}
