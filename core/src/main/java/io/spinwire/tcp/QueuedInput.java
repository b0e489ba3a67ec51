package io.spinwire.tcp;

import static io.spinwire.api.TcpSocket.CLOSED;
import static io.spinwire.api.TcpSocket.NOT_CONNECTED;

import io.spinwire.api.DataHandler;
import io.spinwire.queue.ReadHandler;
import io.spinwire.queue.ReceiveQueue;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** The reading half of a {@link QueuedSocket}, application thread. Linux: {@code tcp_recvmsg()}. */
final class QueuedInput implements ReadHandler {
    private final ReceiveQueue receiveQueue;
    private final QueuedWords words;
    private boolean isShut;
    private boolean isGivenUp;
    private int unreported;
    private DataHandler reader;

    QueuedInput(ReceiveQueue receiveQueue, QueuedWords words) {
        this.receiveQueue = receiveQueue;
        this.words = words;
    }

    /** Not to be called by a reader: those bytes are in its hands. */
    int poll(DataHandler handler, int limit) {
        if (!words.hasRings()) {
            return words.isApart() ? NOT_CONNECTED : 0;
        }
        final boolean isEnd = isEnded(); // asked before the ring is looked at
        if (receiveQueue.available() == 0) {
            return isEnd ? CLOSED : 0;
        }
        reader = handler;
        try {
            final int taken = receiveQueue.poll(this, limit);
            unreported += taken;
            return taken;
        } finally {
            reader = null;
        }
    }

    @Override
    public int onBytes(DirectBuffer buffer, int offset, int length) {
        return isGivenUp ? 0 : reader.onData(buffer, offset, length); // closed by the reader: no second piece
    }

    boolean isReading() {
        return reader != null;
    }

    /** The application has closed the socket, perhaps while it reads. */
    void giveUp() {
        isGivenUp = true;
    }

    boolean isGivenUp() {
        return isGivenUp;
    }

    /** What was read may be worth a wider window: true once for as many bytes as open one. */
    boolean isWorthTelling(int bytes) {
        if (unreported > 0 && (available() == 0 || unreported >= bytes)) {
            unreported = 0;
            return true;
        }
        return false;
    }

    int peek(MutableDirectBuffer buffer, int offset, int length) {
        if (!words.hasRings()) {
            return words.isApart() ? NOT_CONNECTED : 0;
        }
        final boolean isEnd = isEnded();
        final int copied = receiveQueue.peek(buffer, offset, length);
        return copied == 0 && isEnd && length > 0 ? CLOSED : copied;
    }

    /** Reads no more than what waits. */
    void shut() {
        isShut = true;
    }

    /** No more will come, or nobody wants it. */
    boolean isEnded() {
        return isShut || words.isEnd();
    }

    int available() {
        return words.hasRings() ? receiveQueue.available() : 0;
    }

    int bytesToMark() {
        return words.hasRings() ? receiveQueue.bytesToMark() : -1;
    }

    /** Another connection: reading is possible again. */
    void reopen() {
        isShut = false;
        unreported = 0;
    }

    boolean isReadable(int lowWater) {
        final int waiting = receiveQueue.available();
        return waiting >= lowWater || waiting > 0 && (words.isNarrow() || words.isEnd());
    }
}
