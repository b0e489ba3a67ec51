package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.DataHandler;
import io.spinwire.api.SocketError;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpState;
import io.spinwire.api.WriteClaim;
import io.spinwire.ip.AddressPair;
import io.spinwire.queue.Doorbell;
import io.spinwire.queue.DoorbellQueue;
import io.spinwire.queue.ReadHandler;
import io.spinwire.queue.ReceiveQueue;
import io.spinwire.queue.WriteQueue;
import java.net.InetAddress;
import org.agrona.DirectBuffer;

/**
 * A connection as an application on another thread holds it. Bytes pass through two lock-free rings, everything else
 * through {@link QueuedWords}; a doorbell tells the engine to look, so that nothing can be lost to a full queue. The
 * engine's side of it is marked so. One for each connection, never recycled.
 */
final class QueuedSocket extends SockFacade implements WriteClaim.Owner, ReadHandler {
    /** Requests of the application. */
    static final int SHUTDOWN = 1;

    static final int CLOSE = 1 << 1;
    static final int ABORT = 1 << 2;
    static final int INFO = 1 << 3;
    static final int SOFT_ERROR_TAKEN = 1 << 4;

    // Set before the other thread sees the socket.
    final WriteQueue writeQueue = new WriteQueue(true);
    final ReceiveQueue receiveQueue = new ReceiveQueue(true);
    final SocketOptions options;
    final Doorbell<QueuedSocket> engineBell = new Doorbell<>(this);
    private final DoorbellQueue<QueuedSocket> engineBells;
    private final long id;

    final QueuedWords words = new QueuedWords();

    // Written by the engine.
    private long addressPair;
    private int ports;
    int worthTelling; // bytes read: fewer never open a window

    /** Engine thread: the connection, null before it began and after it was freed. */
    TcpSock sock;

    /** Engine thread: the connection was, and is no more. */
    boolean isFreed;

    private SocketError errorPublished = SocketError.NONE;

    // Written by the application.
    private volatile ReadyPoller.Place place;
    private volatile boolean isNoDelay;
    private volatile boolean isCorked;
    private volatile boolean isQuickAck;
    private boolean isOutputShut;
    private int unreported;
    private int deferred; // requests made while reading
    private Object attachment;
    private DataHandler reader;

    QueuedSocket(long id, SocketOptions options, DoorbellQueue<QueuedSocket> engineBells) {
        this.id = id;
        this.options = options;
        this.engineBells = engineBells;
        isNoDelay = options.noDelay();
        isCorked = options.cork();
        isQuickAck = options.quickAck();
    }

    // ---- Application thread ----

    @Override
    public int offer(DirectBuffer buffer, int offset, int length) {
        final int refusal = writeRefusal();
        if (refusal != 0 || length == 0) {
            return refusal;
        }
        int taken = writeQueue.offer(buffer, offset, length);
        if (taken < length) {
            words.wishForRoom();
            taken += writeQueue.offer(buffer, offset + taken, length - taken);
        }
        if (taken == 0) {
            return BACK_PRESSURED;
        }
        writeQueue.markPush();
        ringEngine();
        return taken;
    }

    /** 0 when writing is possible, else the code to return. */
    private int writeRefusal() {
        if (isOutputShut) {
            return CLOSED;
        }
        return switch (state()) {
            case ESTABLISHED, CLOSE_WAIT -> 0;
            case SYN_SENT, SYN_RECEIVED -> NOT_CONNECTED;
            default -> closeReason() == CloseReason.NONE && state() == TcpState.CLOSED ? NOT_CONNECTED : CLOSED;
        };
    }

    @Override
    public int tryClaim(int length, WriteClaim claim) {
        final int refusal = writeRefusal();
        if (refusal != 0 || length == 0) {
            return refusal;
        }
        int index = writeQueue.tryClaim(length);
        if (index == WriteQueue.TOO_LONG) {
            throw new IllegalArgumentException(
                    "claim of " + length + " bytes > " + writeQueue.maxClaim() + ": claim less at a time");
        }
        if (index < 0) {
            words.wishForRoom();
            index = writeQueue.tryClaim(length);
            if (index < 0) {
                return BACK_PRESSURED;
            }
        }
        claim.lend(this, writeQueue.claimBuffer(), index, length);
        return length;
    }

    @Override
    public void endClaim(int length) {
        if (length == 0) {
            writeQueue.abortClaim();
        } else {
            writeQueue.commit(length);
            writeQueue.markPush();
            ringEngine();
        }
    }

    @Override
    public int poll(DataHandler handler, int limit) {
        if (reader != null) {
            return 0; // called by the reader: those bytes are in its hands
        }
        final boolean isEnd = words.isEnd(); // asked before the ring is looked at
        if (receiveQueue.available() == 0) {
            return isEnd ? CLOSED : 0;
        }
        final int taken;
        reader = handler;
        try {
            taken = receiveQueue.poll(this, limit);
        } finally {
            reader = null;
            requestDeferred();
        }
        unreported += taken;
        if (unreported > 0 && (receiveQueue.available() == 0 || unreported >= worthTelling)) {
            unreported = 0;
            ringEngine(); // a wider window may be worth an ACK
        }
        return taken;
    }

    @Override
    public int onBytes(DirectBuffer buffer, int offset, int length) {
        final boolean isClosed = (deferred & (CLOSE | ABORT)) != 0; // by the reader: no second piece
        return isClosed ? 0 : reader.onData(buffer, offset, length);
    }

    @Override
    public int available() {
        return receiveQueue.available();
    }

    @Override
    public int writable() {
        return writeRefusal() == 0 ? writeQueue.freeBytes() : 0;
    }

    @Override
    public void shutdownOutput() {
        isOutputShut = true;
        request(SHUTDOWN);
    }

    @Override
    public void close() {
        isOutputShut = true;
        place = null;
        request(CLOSE);
    }

    @Override
    public void abort() {
        isOutputShut = true;
        place = null;
        request(ABORT | CLOSE);
    }

    /** A close made by a reader counts when it has returned: the rings are the engine's then. */
    private void request(int bits) {
        if (reader != null) {
            deferred |= bits;
            return;
        }
        words.request(bits);
        ringEngine();
    }

    private void requestDeferred() {
        final int bits = deferred;
        if (bits != 0) {
            deferred = 0;
            request(bits);
        }
    }

    private void ringEngine() {
        engineBells.ring(engineBell);
    }

    @Override
    public CloseReason closeReason() {
        return words.closeReason();
    }

    @Override
    public SocketError takeError() {
        final SocketError error = words.takeError();
        if (error != SocketError.NONE) {
            return error;
        }
        final SocketError soft = words.takeSoftError();
        if (soft != SocketError.NONE) {
            request(SOFT_ERROR_TAKEN);
        }
        return soft;
    }

    @Override
    public TcpState state() {
        return words.state();
    }

    @Override
    public boolean isPeerClosed() {
        return words.isPeerClosed();
    }

    @Override
    public InetAddress localAddress() {
        words.state(); // acquire: the addresses were written before it
        return AddressPair.localInet(addressPair);
    }

    @Override
    public int localPort() {
        words.state();
        return ports >>> 16;
    }

    @Override
    public InetAddress remoteAddress() {
        words.state();
        return AddressPair.remoteInet(addressPair);
    }

    @Override
    public int remotePort() {
        words.state();
        return ports & 0xFFFF;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public void setNoDelay(boolean on) {
        isNoDelay = on;
        ringEngine();
    }

    @Override
    public void setCork(boolean on) {
        isCorked = on;
        ringEngine();
    }

    @Override
    public void setQuickAck(boolean on) {
        isQuickAck = on;
        ringEngine();
    }

    @Override
    public void info(TcpInfo info) {
        info.set(words.info());
        request(INFO); // for the next call
    }

    @Override
    public Object attachment() {
        return attachment;
    }

    @Override
    public void attach(Object newAttachment) {
        attachment = newAttachment;
    }

    /** Where its poller is told of it, or null for none. */
    void setPlace(ReadyPoller.Place newPlace) {
        place = newPlace;
    }

    ReadyPoller.Place place() {
        return place;
    }

    // ---- Engine thread ----

    /** Options as the application wants them now. */
    void applyOptions(TcpSock target) {
        target.isNoDelay = isNoDelay;
        target.isCorked = isCorked;
        if (isQuickAck && !target.isQuickAck) {
            target.isAckNow |= target.isAckScheduled;
        }
        target.isQuickAck = isQuickAck;
    }

    /** Whether something would fit the send ring now. */
    boolean hasRoom() {
        return writeQueue.writePosition() - writeQueue.releasedPosition() < writeQueue.capacity();
    }

    @Override
    void publish(TcpSock published) {
        addressPair = published.addressPair;
        ports = published.ports;
        publishError(published.error);
        publish(published.state, published.closeReason, published.isPeerClosed);
    }

    /** Once: after that it is the application's to take. */
    private void publishError(SocketError error) {
        if (error != errorPublished) {
            errorPublished = error;
            words.publishError(error);
        }
    }

    /** It came to nothing, before it had a connection. */
    void fail(SocketError error) {
        words.publishError(error);
        publish(TcpState.CLOSED, error.reason(), false);
    }

    @Override
    void onSoftError(TcpSock failing) {
        words.publishSoftError(failing.softError);
    }

    /** Publishes state, and rings the poller. */
    void publish(TcpState state, CloseReason reason, boolean hasPeerClosed) {
        words.publish(state, reason, hasPeerClosed);
        ReadyPoller.tell(this);
    }

    @Override
    void onFreed(TcpSock freed) {
        sock = null;
        isFreed = true;
        writeQueue.reset();
        receiveQueue.reset();
    }
}
