package io.spinwire.daemon.demo;

/** A step of the demo went wrong; the message says which and what was seen. */
public final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure; {@code message} is all that the user sees. */
    public DemoException(String message) {
        super(message);
    }
}
