package io.spinwire.daemon.control;

/** The daemon could not be started, stopped or asked. The message says what failed and what to do. */
public final class DaemonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure; {@code message} is all that the user sees. */
    public DaemonException(String message) {
        super(message);
    }
}
