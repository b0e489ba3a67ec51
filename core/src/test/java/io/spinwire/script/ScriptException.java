package io.spinwire.script;

/** A script that cannot be read, or cannot be played for a reason that is not the stack's. */
public final class ScriptException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ScriptException(String message) {
        super(message);
    }
}
