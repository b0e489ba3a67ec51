package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.Readiness;
import io.spinwire.api.SocketError;
import io.spinwire.api.TcpState;
import io.spinwire.queue.ReceiveQueue;
import io.spinwire.queue.WriteQueue;

/**
 * The engine's end of a {@link QueuedSocket}: publishes what happened to the connection, and tells the application's
 * poller what is new. Engine thread only, but before the application has seen the socket.
 */
final class QueuedEnd implements SockEnd {
    private static final NobodysEnd NOBODY = new NobodysEnd();

    final QueuedSocket socket;
    final QueuedWords words;
    final WriteQueue writeQueue;
    final ReceiveQueue receiveQueue;

    /** The connection, null before it began and after it was freed. */
    TcpSock sock;

    /** The connection was, and is no more. */
    boolean isFreed;

    private SocketError errorPublished = SocketError.NONE;
    private long bytesTold;

    QueuedEnd(QueuedSocket socket) {
        this.socket = socket;
        words = socket.words;
        writeQueue = socket.writeQueue;
        receiveQueue = socket.receiveQueue;
    }

    @Override
    public void publish(TcpSock published) {
        words.publishAddresses(published.addressPair, published.ports);
        publishError(SocketError.of(published.error));
        words.setWritableEarly(published.isWritableEarly());
        final boolean isNarrow = published.receiveWindow() <= published.rcvMss;
        tell(words.publish(published.state, published.closeReason, published.isPeerClosed, isNarrow));
    }

    /** Once: after that it is the application's to take. */
    private void publishError(SocketError error) {
        if (error != errorPublished) {
            errorPublished = error;
            words.publishError(error);
        }
    }

    /** Another connection begins: the rings are empty, and nothing is known of it. */
    void beginAgain(int epoch) {
        writeQueue.reset();
        receiveQueue.reset();
        bytesTold = 0;
        errorPublished = SocketError.NONE;
        isFreed = false;
        words.setWritableEarly(false);
        words.beginAgain(epoch);
        publish(TcpState.SYN_SENT, CloseReason.NONE);
    }

    /** The application lets go of the connection: its rings are returned, and it is told nothing more. */
    void letGo() {
        sock.facade = NOBODY;
        sock.isOrphan = true;
        sock.writeQueue = null;
        sock.receiveQueue = null;
        sock = null;
        writeQueue.reset();
        receiveQueue.reset();
    }

    /** State that no connection is behind, yet or any more. */
    void publish(TcpState state, CloseReason reason) {
        tell(words.publish(state, reason, false, false));
    }

    /** It came to nothing, before it had a connection. */
    void fail(SocketError error) {
        words.publishError(error);
        publish(TcpState.CLOSED, error.reason());
    }

    private void tell(int changes) {
        int news = changes;
        final long published = receiveQueue.publishedPosition();
        if (published != bytesTold) {
            bytesTold = published;
            news |= Readiness.IN;
        }
        if (news != 0) {
            ReadyPoller.tell(socket, news);
        }
    }

    @Override
    public void onSoftError(TcpSock failing) {
        words.publishSoftError(SocketError.of(failing.softError));
    }

    /** Whether something would fit the send ring now. */
    boolean hasRoom() {
        return writeQueue.writePosition() - writeQueue.releasedPosition() < writeQueue.capacity();
    }

    @Override
    public boolean isWaitingForRoom(TcpSock waiting) {
        return words.isWaitingForRoom();
    }

    @Override
    public void onFreed(TcpSock freed) {
        sock = null;
        isFreed = true;
        writeQueue.reset();
        receiveQueue.reset();
    }
}
