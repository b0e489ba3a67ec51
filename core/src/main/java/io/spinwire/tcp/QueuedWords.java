package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.Readiness;
import io.spinwire.api.SocketError;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What the engine and an application on another thread tell each other of a socket besides its bytes: state, close
 * reason and errors one way, requests and a wish for room the other. Each word has one writer, but for those that are
 * taken: the other side sets them back. Nothing can be lost, for a word holds the newest, and requests are bits.
 */
final class QueuedWords {
    private static final int REASON_SHIFT = 8;
    private static final int BYTE = 0xFF;
    private static final int PEER_CLOSED = 1 << 16;
    private static final int NARROW = 1 << 17;
    private static final int EPOCH_SHIFT = 20;
    private static final int MAX_EPOCH = (1 << 12) - 1;
    private static final int REQUESTS_EPOCH_SHIFT = 16;
    private static final int REQUEST_BITS = 0xFFFF;
    private static final int CONNECTING = TcpState.SYN_SENT.ordinal();
    private static final int NEITHER = TcpState.CLOSED.ordinal();
    private static final int WRITABLE_EARLY = 1 << 18;
    private static final VarHandle WORD;
    private static final VarHandle ERROR;
    private static final VarHandle SOFT_ERROR;
    private static final VarHandle REQUESTS;
    private static final VarHandle WAITING;
    private static final VarHandle INFO_SNAPSHOT;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            WORD = lookup.findVarHandle(QueuedWords.class, "word", int.class);
            ERROR = lookup.findVarHandle(QueuedWords.class, "error", int.class);
            SOFT_ERROR = lookup.findVarHandle(QueuedWords.class, "softError", int.class);
            REQUESTS = lookup.findVarHandle(QueuedWords.class, "requests", int.class);
            WAITING = lookup.findVarHandle(QueuedWords.class, "isWaitingForRoom", boolean.class);
            INFO_SNAPSHOT = lookup.findVarHandle(QueuedWords.class, "infoSnapshot", TcpInfo.class);
        } catch (final ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    // Written by the engine; errors are set back by the application.
    private int word;
    private int early; // bits for the next word
    private long addressPair;
    private int ports;
    private int error;
    private int softError;
    private TcpInfo infoSnapshot = new TcpInfo();

    /** Engine: the connection that it publishes, counted round and round. */
    private int epochPublished;

    // Written by the application, for itself: the connection that it means, and whether it has none.
    private int epoch;
    private boolean isApart;

    // Written by the application; set back by the engine.
    private int requests;
    private boolean isWaitingForRoom;

    // ---- Application thread ----

    /** What the engine says of this connection; of the one before, it may still speak for a while. */
    private int word() {
        if (isApart) {
            return NEITHER;
        }
        final int seen = (int) WORD.getAcquire(this);
        return seen >>> EPOCH_SHIFT == epoch ? seen : CONNECTING;
    }

    /** Whether the rings are those of this connection; else they are the engine's. */
    boolean hasRings() {
        return !isApart && (int) WORD.getAcquire(this) >>> EPOCH_SHIFT == epoch;
    }

    /** The application has disconnected. */
    boolean isApart() {
        return isApart;
    }

    void setApart() {
        isApart = true;
    }

    /** Number of the connection after this. */
    int nextEpoch() {
        return epoch + 1 & MAX_EPOCH;
    }

    /** The application means the next connection from now on, and takes back what it asked for the one before. */
    void beginNext() {
        epoch = nextEpoch();
        REQUESTS.getAndSet(this, 0);
        isApart = false;
    }

    TcpState state() {
        return TcpState.of(word() & BYTE);
    }

    CloseReason closeReason() {
        return CloseReason.of(word() >>> REASON_SHIFT & BYTE);
    }

    boolean isPeerClosed() {
        return (word() & PEER_CLOSED) != 0;
    }

    /** No more bytes will come than those that this thread sees in the ring after the call. */
    boolean isEnd() {
        final int seen = word();
        return (seen & PEER_CLOSED) != 0 || (seen >>> REASON_SHIFT & BYTE) != CloseReason.NONE.ordinal();
    }

    /** Bytes may be written although the handshake is not complete, because of Fast Open. */
    boolean isWritableEarly() {
        return (word() & WRITABLE_EARLY) != 0;
    }

    /** The peer can send no more than a segment: what waits is all that there is to read, however little. */
    boolean isNarrow() {
        return (word() & NARROW) != 0;
    }

    /** Local and remote address, as IP packs them. */
    long addressPair() {
        word(); // acquire: it was written before
        return addressPair;
    }

    /** Local port in the high half, remote port in the low half. */
    int ports() {
        word();
        return ports;
    }

    boolean hasError() {
        return hasRings() && (int) ERROR.getAcquire(this) != SocketError.NONE.ordinal();
    }

    /** The pending error, no longer pending. */
    SocketError takeError() {
        return hasRings() ? SocketError.of((int) ERROR.getAndSet(this, SocketError.NONE.ordinal())) : SocketError.NONE;
    }

    /** What was last heard of the path, no longer pending. */
    SocketError takeSoftError() {
        return hasRings()
                ? SocketError.of((int) SOFT_ERROR.getAndSet(this, SocketError.NONE.ordinal()))
                : SocketError.NONE;
    }

    /** Adds requests; the doorbell is the caller's to ring. */
    void request(int bits) {
        REQUESTS.getAndBitwiseOr(this, bits | epoch << REQUESTS_EPOCH_SHIFT);
    }

    /** After this, either this thread sees the room that the engine frees, or the engine sees the wish. */
    void wishForRoom() {
        WAITING.setOpaque(this, true);
        VarHandle.fullFence();
    }

    TcpInfo info() {
        return (TcpInfo) INFO_SNAPSHOT.getAcquire(this);
    }

    // ---- Engine thread ----

    /** To be called before the state that they belong to is published. */
    void publishAddresses(long newAddressPair, int newPorts) {
        addressPair = newAddressPair;
        ports = newPorts;
    }

    /** Says with the state that is published next whether bytes may be written in the middle of the handshake. */
    void setWritableEarly(boolean isWritable) {
        early = isWritable ? WRITABLE_EARLY : 0;
    }

    /**
     * Publishes state, and takes back the wish for room: who still has it says so again.
     *
     * @return what is new, as bits of {@link Readiness}
     */
    int publish(TcpState state, CloseReason reason, boolean hasPeerClosed, boolean isNarrow) {
        final int ends = (hasPeerClosed ? PEER_CLOSED : 0) | (isNarrow ? NARROW : 0) | early;
        final int newWord = state.ordinal() | reason.ordinal() << REASON_SHIFT | ends | epochPublished << EPOCH_SHIFT;
        final int room = isWaitingForRoom ? Readiness.OUT : 0;
        final int change = newWord == word ? 0 : Readiness.ALL;
        WAITING.setOpaque(this, false);
        WORD.setRelease(this, newWord);
        return room | change;
    }

    /** To be called before the state that the error led to is published. */
    void publishError(SocketError newError) {
        ERROR.setRelease(this, newError.ordinal());
    }

    void publishSoftError(SocketError newError) {
        SOFT_ERROR.setRelease(this, newError.ordinal());
    }

    /** Another connection begins: what was published of the one before is void. */
    void beginAgain(int newEpoch) {
        epochPublished = newEpoch;
        ERROR.setOpaque(this, SocketError.NONE.ordinal());
        SOFT_ERROR.setOpaque(this, SocketError.NONE.ordinal());
    }

    /** The requests since the last call; those made for another connection are left alone. */
    int takeRequests() {
        if ((int) REQUESTS.getOpaque(this) >>> REQUESTS_EPOCH_SHIFT != epochPublished) {
            return 0;
        }
        return (int) REQUESTS.getAndSet(this, 0) & REQUEST_BITS;
    }

    /** Whether the application waits for room; the engine has just freed some. */
    boolean isWaitingForRoom() {
        VarHandle.fullFence(); // after the release of room: see wishForRoom()
        return (boolean) WAITING.getOpaque(this);
    }

    void publishInfo(TcpInfo info) {
        INFO_SNAPSHOT.setRelease(this, info);
    }
}
