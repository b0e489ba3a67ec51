package io.spinwire.api;

/**
 * A port on which connections are accepted for another thread; the thread that polls it owns it and what it accepts.
 */
public interface TcpListener extends AutoCloseable {

    /** The next connection whose handshake is complete, or null when there is none now. Never blocks. */
    TcpSocket accept();

    int localPort();

    /** Stops listening; connections not accepted yet are reset. Idempotent. */
    @Override
    void close();
}
