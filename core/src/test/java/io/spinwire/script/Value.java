package io.spinwire.script;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/** The value of a setting in a script: on or off, a number, a time with its unit, or a word. */
record Value(String text) {
    long number() {
        return switch (text) {
            case "on" -> 1;
            case "off" -> 0;
            default -> Long.parseLong(text);
        };
    }

    long ns() {
        return text.equals("0") || text.equals("-1") ? Long.parseLong(text) : ScriptParser.duration(text);
    }

    private boolean isOn() {
        SegmentSyntax.check(text.equals("on") || text.equals("off"), "\"" + text + "\" is neither on nor off");
        return text.equals("on");
    }

    /** Calls the method of a builder that has the setting's name, or that name and Ns; false when there is none. */
    boolean set(Object builder, String name) {
        final Method method = Arrays.stream(builder.getClass().getMethods())
                .filter(m -> m.getParameterCount() == 1
                        && (m.getName().equals(name) || m.getName().equals(name + "Ns")))
                .findFirst()
                .orElse(null);
        if (method == null) {
            return false;
        }
        try {
            method.invoke(
                    builder, of(method.getParameterTypes()[0], method.getName().endsWith("Ns")));
        } catch (final IllegalAccessException | InvocationTargetException e) {
            throw new ScriptException(name + " = " + text + ": " + e.getCause());
        }
        return true;
    }

    private Object of(Class<?> type, boolean isTime) {
        if (type == boolean.class) {
            return isOn();
        } else if (type == int.class) {
            return (int) number();
        } else if (type == long.class) {
            return isTime ? ns() : number();
        } else if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> constant.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() ->
                            new ScriptException(text + " is none of " + Arrays.toString(type.getEnumConstants())));
        }
        return text;
    }
}
