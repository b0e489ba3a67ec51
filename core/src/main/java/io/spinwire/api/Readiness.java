package io.spinwire.api;

/**
 * What a socket is ready for, as bits with Linux's numbers: the answer of {@link TcpSocket#readiness()}, and what a
 * {@link SocketPoller} is asked to report. Linux: {@code poll()}, {@code tcp_poll()}.
 */
public final class Readiness {
    /** Bytes to read, or their end; a connection to accept. EPOLLIN. */
    public static final int IN = 0x1;

    /** The byte that the peer has marked as urgent waits to be read. EPOLLPRI. */
    public static final int PRI = 0x2;

    /** Room to write, or writing is over and fails at once. EPOLLOUT. */
    public static final int OUT = 0x4;

    /** An error is pending: see {@link TcpSocket#takeError()}. EPOLLERR. */
    public static final int ERR = 0x8;

    /** Both directions are over, or never began. EPOLLHUP. */
    public static final int HUP = 0x10;

    /** The peer has ended its stream, or this side reads no more. EPOLLRDHUP. */
    public static final int RDHUP = 0x2000;

    /** All of them. */
    public static final int ALL = IN | PRI | OUT | ERR | HUP | RDHUP;

    private static final int[] BITS = {IN, PRI, OUT, ERR, HUP, RDHUP};
    private static final String[] NAMES = {"IN", "PRI", "OUT", "ERR", "HUP", "RDHUP"};

    private Readiness() {}

    /** The names of the bits, as {@code "IN|OUT"}; {@code "-"} for none. */
    public static String format(int bits) {
        final StringBuilder names = new StringBuilder();
        for (int i = 0; i < BITS.length; i++) {
            if ((bits & BITS[i]) != 0) {
                names.append(names.isEmpty() ? "" : "|").append(NAMES[i]);
            }
        }
        return names.isEmpty() ? "-" : names.toString();
    }
}
