package io.spinwire.nic;

/** A NIC could not be set up. The message names the step, the interface, the cause and what to do about it. */
public final class NicException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NicException(String message) {
        super(message);
    }

    public NicException(String message, Throwable cause) {
        super(message, cause);
    }
}
