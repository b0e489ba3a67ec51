package io.spinwire.script;

import java.util.List;
import java.util.Map;

/**
 * One scenario: settings, and what happens line by line.
 *
 * @param name {@code topic/name}
 * @param settings names as in TcpConfig and SocketOptions, in the order of the file
 * @param lines without comments
 */
public record Script(String name, Map<String, String> settings, List<Line> lines) {

    /** For which of the two stacks a line holds. */
    enum Only {
        BOTH,
        ENGINE,
        KERNEL
    }

    /**
     * A line.
     *
     * @param number in the file
     * @param afterNs time since the event of the line before
     * @param lateNs how much later it may be besides the usual tolerance
     * @param connection 1 for the first; the names of the actors carry the number of others
     */
    record Line(int number, String text, Only only, long afterNs, long lateNs, int connection, Act act) {
        boolean holdsFor(Only stack) {
            return only == Only.BOTH || only == stack;
        }
    }

    /** What happens in a line. */
    sealed interface Act {}

    record PeerSends(Segment segment) implements Act {}

    /** The peer, or a router, answers with ICMP to a segment of the stack's that began at {@code seq}. */
    record PeerComplains(String kind, int mtu, int seq) implements Act {}

    /** The peer begins anew on the same port, with an initial sequence number so much further. */
    record PeerRestarts(int issStep) implements Act {}

    /** The stack emits this; null is anything, in drafts that are to be recorded. */
    record StackEmits(Segment segment) implements Act {}

    /** Nothing is emitted for the time of the line. */
    record Silence() implements Act {}

    /** A call of the application's and its answer. */
    record AppCalls(Call call, String answer) implements Act {}

    /**
     * A socket call.
     *
     * @param verb listen, accept, connect, connected, send, recv, close, shutdown, abort, set, error, state, info
     */
    record Call(String verb, List<String> arguments) {
        int number(int index) {
            return SegmentSyntax.number(arguments.get(index));
        }

        boolean has(String argument) {
            return arguments.contains(argument);
        }

        @Override
        public String toString() {
            return arguments.isEmpty() ? verb : verb + " " + String.join(" ", arguments);
        }
    }

    boolean hasDifferences() {
        return lines.stream().anyMatch(line -> line.only() != Only.BOTH);
    }
}
