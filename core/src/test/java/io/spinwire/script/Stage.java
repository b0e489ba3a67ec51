package io.spinwire.script;

/**
 * A stack under a script: the engine in virtual time, or a kernel in real time. It has the address 10.0.0.2, the peer
 * 10.0.0.1. Public, because the kernel's stage is made beside the driver, where native calls are allowed.
 */
public interface Stage extends AutoCloseable {
    int STACK_ADDRESS = 0x0A00_0002;
    int PEER_ADDRESS = 0x0A00_0001;

    /** Where the stack listens. */
    int PORT = 80;

    /** Of the peer of connection 1; the next has the next. */
    int FIRST_PEER_PORT = 4000;

    /** An IPv4 datagram and when it passed, in nanoseconds of the stage's clock. */
    record Datagram(long timeNs, byte[] bytes) {}

    /** What the application of one connection may do; all calls return at once. */
    interface Sockets {
        /**
         * Makes a call.
         *
         * @return {@code ok}, a count of bytes, {@code eof}, the name of an error as {@code EAGAIN}, or what was asked
         */
        String call(int connection, String verb, String... arguments);
    }

    long nowNs();

    /**
     * Gives a datagram to the stack.
     *
     * @return when
     */
    long deliver(byte[] datagram);

    /**
     * Lets time pass until the stack emits, or until {@code untilNs}.
     *
     * @return the datagram, or null
     */
    Datagram await(long untilNs);

    Sockets sockets();

    /** How much later than asked for a timer of so long may fire, for reasons of the clock and not of TCP's. */
    default long timerGrainNs(long delayNs) {
        return 0;
    }

    @Override
    void close();

    /** The byte of a stream that has this relative number. */
    static byte pattern(int seq) {
        return (byte) (seq ^ seq >> 8 ^ seq >> 16);
    }
}
