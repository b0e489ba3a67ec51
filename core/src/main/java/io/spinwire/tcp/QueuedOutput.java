package io.spinwire.tcp;

import static io.spinwire.api.TcpSocket.BACK_PRESSURED;
import static io.spinwire.api.TcpSocket.CLOSED;
import static io.spinwire.api.TcpSocket.MORE;
import static io.spinwire.api.TcpSocket.NOT_CONNECTED;
import static io.spinwire.api.TcpSocket.URGENT;

import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpState;
import io.spinwire.api.WriteClaim;
import io.spinwire.queue.WriteQueue;
import org.agrona.DirectBuffer;

/** The writing half of a {@link QueuedSocket}, application thread. Linux: {@code tcp_sendmsg()}. */
final class QueuedOutput implements WriteClaim.Owner {
    private final WriteQueue writeQueue;
    private final QueuedWords words;
    private final EngineBell engineBell;
    private boolean isShut;
    private int notSentLowat = SendSpace.UNLIMITED;

    /** @param engineBell tells the engine that there is something new */
    QueuedOutput(WriteQueue writeQueue, QueuedWords words, EngineBell engineBell) {
        this.writeQueue = writeQueue;
        this.words = words;
        this.engineBell = engineBell;
    }

    /** No more is written while so many bytes are unsent. */
    void limitUnsent(int bytes) {
        notSentLowat = bytes;
    }

    int offer(DirectBuffer buffer, int offset, int length, int flags) {
        final int refusal = refusal();
        if (refusal != 0 || length == 0) {
            return refusal;
        }
        final boolean isPushed = (flags & MORE) == 0;
        if ((flags & URGENT) != 0) {
            return offerUrgent(buffer, offset, length);
        }
        int taken = offerSome(buffer, offset, length, isPushed);
        if (taken < length) {
            words.wishForRoom();
            taken += offerSome(buffer, offset + taken, length - taken, isPushed);
        }
        if (taken == 0) {
            return BACK_PRESSURED;
        }
        engineBell.ring();
        return taken;
    }

    private int offerSome(DirectBuffer buffer, int offset, int length, boolean isPushed) {
        final int fit = Math.min(length, belowLowat());
        return fit <= 0 ? 0 : writeQueue.offer(buffer, offset, fit, isPushed || fit < length);
    }

    /** Bytes that may be unsent yet. */
    private int belowLowat() {
        return notSentLowat == SendSpace.UNLIMITED ? notSentLowat : notSentLowat - writeQueue.unsentBytes();
    }

    /** The mark is set before the bytes can be seen, so that none leaves without. */
    private int offerUrgent(DirectBuffer buffer, int offset, int length) {
        int room = room();
        if (room < length) {
            words.wishForRoom();
            room = room();
        }
        if (room <= 0) {
            return BACK_PRESSURED;
        }
        final int taken = Math.min(room, length);
        writeQueue.markUrgent(taken);
        writeQueue.offer(buffer, offset, taken);
        engineBell.ring();
        return taken;
    }

    private int room() {
        return Math.min(writeQueue.freeBytes(), belowLowat());
    }

    /** 0 when writing is possible, else the code to return. */
    private int refusal() {
        if (isShut) {
            return CLOSED;
        }
        final TcpState state = words.state();
        return switch (state) {
            case ESTABLISHED, CLOSE_WAIT -> 0;
            case SYN_SENT, SYN_RECEIVED -> words.isWritableEarly() ? 0 : NOT_CONNECTED;
            default -> words.closeReason() == CloseReason.NONE && state == TcpState.CLOSED ? NOT_CONNECTED : CLOSED;
        };
    }

    int tryClaim(int length, WriteClaim claim) {
        final int refusal = refusal();
        if (refusal != 0 || length == 0) {
            return refusal;
        }
        int index = claim(length);
        if (index == WriteQueue.TOO_LONG) {
            throw new IllegalArgumentException(
                    "claim of " + length + " bytes > " + writeQueue.maxClaim() + ": claim less at a time");
        }
        if (index < 0) {
            words.wishForRoom();
            index = claim(length);
            if (index < 0) {
                return BACK_PRESSURED;
            }
        }
        claim.lend(this, writeQueue.claimBuffer(), index, length);
        return length;
    }

    private int claim(int length) {
        return belowLowat() > 0 ? writeQueue.tryClaim(length) : WriteQueue.FULL;
    }

    @Override
    public void endClaim(int length) {
        if (!words.hasRings() || !writeQueue.isClaimed()) {
            return; // disconnected under the claim
        }
        if (length == 0) {
            writeQueue.abortClaim();
        } else {
            writeQueue.commit(length);
            engineBell.ring();
        }
    }

    /** Another connection: writing is possible again. */
    void reopen() {
        isShut = false;
    }

    /** Nothing more is written. */
    void shut() {
        isShut = true;
    }

    /** Writing is over, by this side or with the connection. */
    boolean isEnded(TcpState state) {
        return isShut
                || switch (state) {
                    case SYN_SENT, SYN_RECEIVED, ESTABLISHED, CLOSE_WAIT -> false;
                    default -> true;
                };
    }

    int capacity() {
        return words.hasRings() ? writeQueue.capacity() : 0;
    }

    int writable() {
        return refusal() == 0 ? Math.max(room(), 0) : 0;
    }

    /** Whether a third of the send ring is free; if not, the engine tells when there is more room. */
    boolean isWriteable() {
        if (hasMuchRoom()) {
            return true;
        }
        words.wishForRoom();
        return hasMuchRoom();
    }

    /** Linux: {@code sk_stream_is_writeable()}. */
    private boolean hasMuchRoom() {
        return writeQueue.freeBytes() >= writeQueue.pendingBytes() >> 1
                && (notSentLowat == SendSpace.UNLIMITED || 2L * writeQueue.unsentBytes() < notSentLowat);
    }

    int unacknowledged() {
        final TcpState state = words.state();
        return isOpen(state) ? writeQueue.pendingBytes() + (isFinOutstanding(state) ? 1 : 0) : 0;
    }

    int unsent() {
        final TcpState state = words.state();
        final int bytes = isOpen(state) ? writeQueue.unsentBytes() : 0;
        return bytes > 0 && isFinOutstanding(state) ? bytes + 1 : bytes; // FIN goes with the last of them
    }

    private boolean isOpen(TcpState state) {
        return PollBits.isOpen(state) && state != TcpState.CLOSED && words.closeReason() == CloseReason.NONE;
    }

    private boolean isFinOutstanding(TcpState state) {
        return switch (state) {
            case FIN_WAIT_1, CLOSING, LAST_ACK -> true;
            case ESTABLISHED, CLOSE_WAIT -> isShut;
            default -> false;
        };
    }
}
