package io.spinwire.api;

import java.util.List;

/** Range checks of settings, with one wording: the name, the value and what is allowed. Control plane only. */
public final class Check {
    private Check() {}

    /** Refuses a value outside of its bounds, which are allowed themselves. */
    public static void range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " " + value + " is out of range: allowed are " + min + " to " + max);
        }
    }

    /** Refuses a name that is not in the list. */
    public static void oneOf(String name, String value, List<String> allowed) {
        if (!allowed.contains(value)) {
            throw new IllegalArgumentException(
                    name + " \"" + value + "\" is not known: allowed are " + String.join(", ", allowed));
        }
    }

    /** Refuses two values in the wrong order. */
    public static void ordered(String smallName, long small, String largeName, long large) {
        if (small > large) {
            throw new IllegalArgumentException(smallName + " " + small + " exceeds " + largeName + " " + large);
        }
    }

    /** Refuses null. */
    public static void present(String name, Object value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is null: give one of its values");
        }
    }
}
