package io.spinwire.daemon.lab;

/** The lab could not be made or used. The message says which command failed, why, and what to do. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure; {@code message} is all that the user sees. */
    public LabException(String message) {
        super(message);
    }
}
