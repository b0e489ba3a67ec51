package io.spinwire.daemon.config;

/**
 * A setting that was refused. The message names the place (file and line, or flag), the setting and what is allowed.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A refusal; {@code message} is all that the user sees. */
    public ConfigException(String message) {
        super(message);
    }
}
