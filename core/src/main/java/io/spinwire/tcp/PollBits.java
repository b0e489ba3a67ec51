package io.spinwire.tcp;

import static io.spinwire.api.Readiness.ERR;
import static io.spinwire.api.Readiness.HUP;
import static io.spinwire.api.Readiness.IN;
import static io.spinwire.api.Readiness.OUT;
import static io.spinwire.api.Readiness.PRI;
import static io.spinwire.api.Readiness.RDHUP;

import io.spinwire.api.TcpState;

/** What a socket in a given condition is ready for, whichever thread asks. Linux: {@code tcp_poll()}. */
final class PollBits {
    private PollBits() {}

    /** Bits for what is shut: {@code isInputShut} also by the peer's FIN, both by the end of the connection. */
    static int shut(TcpState state, boolean isInputShut, boolean isOutputShut) {
        final int hup = isInputShut && isOutputShut || state == TcpState.CLOSED ? HUP : 0;
        return isInputShut ? hup | IN | RDHUP : hup;
    }

    /** Whether bytes may pass in this state: what waits and what fits is asked for only then. */
    static boolean isOpen(TcpState state) {
        return state != TcpState.SYN_SENT && state != TcpState.SYN_RECEIVED;
    }

    static int flow(boolean isReadable, boolean isWriteable) {
        return (isReadable ? IN : 0) | (isWriteable ? OUT : 0);
    }

    /** @param toMark bytes before the urgent one, or -1 */
    static int urgent(int toMark, int available) {
        return toMark >= 0 && toMark < available ? PRI : 0;
    }

    static int error(boolean isPending) {
        return isPending ? ERR : 0;
    }
}
