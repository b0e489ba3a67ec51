package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.DataHandler;
import io.spinwire.api.OptionResult;
import io.spinwire.api.Readiness;
import io.spinwire.api.SocketError;
import io.spinwire.api.SocketOption;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.api.WriteClaim;
import io.spinwire.ip.AddressPair;
import io.spinwire.queue.DoorbellQueue;
import io.spinwire.queue.ReceiveQueue;
import io.spinwire.queue.WriteQueue;
import java.net.InetAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A connection as an application on another thread holds it. Bytes pass through two lock-free rings, everything else
 * through {@link QueuedWords}; a doorbell tells the engine to look, so that nothing can be lost to a full queue. The
 * engine's end of it is {@link QueuedEnd}. Never recycled for another application.
 */
final class QueuedSocket implements TcpSocket, Pollable {
    /** Requests of the application. */
    static final int SHUTDOWN = 1;

    static final int CLOSE = 1 << 1;
    static final int ABORT = 1 << 2;
    static final int INFO = 1 << 3;
    static final int SOFT_ERROR_TAKEN = 1 << 4;
    static final int SHUTDOWN_INPUT = 1 << 5;
    static final int OPTIONS = 1 << 6;
    static final int DISCONNECT = 1 << 7;

    /** Begins another connection of a socket. Any thread. */
    interface Connector {
        /** Answers 0, or the code for {@link TcpSocket#connect}. */
        int connectAgain(QueuedSocket socket, int epoch, int remote, int port);

        /** For the connection that is about to begin. */
        long nextId();
    }

    // Set before the other thread sees the socket.
    final WriteQueue writeQueue = new WriteQueue(true);
    final ReceiveQueue receiveQueue = new ReceiveQueue(true);
    final QueuedWords words = new QueuedWords();
    final QueuedOptions options;
    final QueuedEnd end;
    private final Connector connector;
    private final EngineBell engineBell;
    private final QueuedOutput output;
    private final QueuedInput input;
    int worthTelling; // bytes read: fewer never open a window

    // Written by the application.
    private volatile ReadyPoller.Place place;
    private int deferred; // requests made while reading
    private long id;
    private SocketError apartError = SocketError.NONE;
    private Object attachment;

    /** @param defaults what options come to that are not set */
    QueuedSocket(
            SocketOptions options,
            OptionChanges defaults,
            Connector connector,
            DoorbellQueue<QueuedSocket> engineBells) {
        this.connector = connector;
        id = connector.nextId();
        this.options = new QueuedOptions(options, defaults);
        engineBell = new EngineBell(engineBells, this);
        output = new QueuedOutput(writeQueue, words, engineBell);
        input = new QueuedInput(receiveQueue, words);
        output.limitUnsent((int) this.options.value(SocketOption.NOT_SENT_LOWAT));
        end = new QueuedEnd(this);
    }

    // ---- Application thread ----

    @Override
    public int offer(DirectBuffer buffer, int offset, int length) {
        return output.offer(buffer, offset, length, 0);
    }

    @Override
    public int offer(DirectBuffer buffer, int offset, int length, int flags) {
        return output.offer(buffer, offset, length, flags);
    }

    @Override
    public int tryClaim(int length, WriteClaim claim) {
        return output.tryClaim(length, claim);
    }

    @Override
    public int poll(DataHandler handler, int limit) {
        if (input.isReading()) {
            return 0; // called by the reader: those bytes are in its hands
        }
        final int taken;
        try {
            taken = input.poll(handler, limit);
        } finally {
            requestDeferred();
        }
        if (input.isWorthTelling(worthTelling)) {
            engineBell.ring(); // a wider window may be worth an ACK
        }
        return taken;
    }

    @Override
    public int peek(MutableDirectBuffer buffer, int offset, int length) {
        return input.isReading() ? 0 : input.peek(buffer, offset, length);
    }

    @Override
    public int bytesToMark() {
        return input.bytesToMark();
    }

    @Override
    public int available() {
        return input.available();
    }

    @Override
    public int writable() {
        return output.writable();
    }

    @Override
    public int unacknowledged() {
        return output.unacknowledged();
    }

    @Override
    public int unsent() {
        return output.unsent();
    }

    @Override
    public int readiness() {
        final TcpState state = state();
        if (words.isApart()) {
            return Readiness.OUT | Readiness.HUP | PollBits.error(apartError != SocketError.NONE);
        }
        final boolean isOutputEnded = output.isEnded(state);
        final int bits = PollBits.shut(state, input.isEnded(), isOutputEnded) | PollBits.error(words.hasError());
        if (!PollBits.isOpen(state) && !words.isWritableEarly()) {
            return bits;
        }
        final boolean isReadable = input.isReadable(options.all().receiveLowWater());
        final int urgent = PollBits.urgent(input.bytesToMark(), input.available());
        return bits | urgent | PollBits.flow(isReadable, isOutputEnded || output.isWriteable());
    }

    @Override
    public void shutdownOutput() {
        output.shut();
        request(SHUTDOWN);
    }

    @Override
    public void shutdownInput() {
        input.shut();
        request(SHUTDOWN_INPUT);
    }

    @Override
    public void close() {
        giveUp(CLOSE);
    }

    @Override
    public void abort() {
        giveUp(ABORT | CLOSE);
    }

    @Override
    public void disconnect() {
        if (input.isGivenUp() || words.isApart()) {
            return;
        }
        final TcpState state = state();
        apartError = Teardown.needsReset(state) || state == TcpState.SYN_SENT ? SocketError.ECONNRESET : takeError();
        request(DISCONNECT);
        words.setApart();
        lookAgain();
    }

    @Override
    public int connect(InetAddress remote, int port) {
        if (input.isGivenUp()) {
            return CLOSED;
        }
        if (!words.isApart()) {
            return IS_CONNECTED;
        }
        if (input.isReading()) {
            return BACK_PRESSURED; // the reader still has the old connection's ring
        }
        final int result = connector.connectAgain(this, words.nextEpoch(), Connecting.checkRemote(remote, port), port);
        if (result == 0) {
            id = connector.nextId();
            words.beginNext();
            output.reopen();
            input.reopen();
        }
        return result;
    }

    /** What the poller knew may be wrong, by the application's own doing. */
    private void lookAgain() {
        if (place != null) {
            place.look();
        }
    }

    private void giveUp(int request) {
        output.shut();
        input.giveUp();
        final ReadyPoller.Place left = place;
        if (left != null) {
            left.leave();
        }
        request(request);
    }

    /** A close made by a reader counts when it has returned: the rings are the engine's then. */
    private void request(int bits) {
        if (words.isApart()) {
            return; // there is no connection that could do it
        }
        if (input.isReading()) {
            deferred |= bits;
            return;
        }
        ask(bits);
    }

    private void ask(int bits) {
        words.request(bits);
        engineBell.ring();
    }

    private void requestDeferred() {
        final int bits = deferred;
        if (bits != 0) {
            deferred = 0;
            ask(bits);
        }
    }

    @Override
    public CloseReason closeReason() {
        return words.closeReason();
    }

    @Override
    public SocketError takeError() {
        if (words.isApart()) {
            final SocketError left = apartError;
            apartError = SocketError.NONE;
            return left;
        }
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
        return AddressPair.localInet(words.addressPair());
    }

    @Override
    public int localPort() {
        return words.ports() >>> 16;
    }

    @Override
    public InetAddress remoteAddress() {
        return AddressPair.remoteInet(words.addressPair());
    }

    @Override
    public int remotePort() {
        return words.ports() & 0xFFFF;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public void setNoDelay(boolean on) {
        setOption(SocketOption.NO_DELAY, on ? 1 : 0);
    }

    @Override
    public void setCork(boolean on) {
        setOption(SocketOption.CORK, on ? 1 : 0);
    }

    @Override
    public void setQuickAck(boolean on) {
        setOption(SocketOption.QUICK_ACK, on ? 1 : 0);
    }

    @Override
    public OptionResult setOption(SocketOption option, long value) {
        return input.isGivenUp() ? OptionResult.CLOSED : tell(options.set(option, value, words.isApart()));
    }

    /** Has the engine take over the options, if they have changed. */
    private OptionResult tell(OptionResult result) {
        if (result == OptionResult.SET) {
            output.limitUnsent((int) options.value(SocketOption.NOT_SENT_LOWAT));
            request(OPTIONS);
            lookAgain(); // a low-water mark may have moved
        }
        return result;
    }

    @Override
    public long option(SocketOption option) {
        return option == SocketOption.SEND_BUFFER && words.hasRings() ? output.capacity() : options.value(option);
    }

    @Override
    public OptionResult setCongestionControl(String name) {
        return input.isGivenUp() ? OptionResult.CLOSED : tell(options.setCongestionControl(name));
    }

    @Override
    public String congestionControl() {
        return options.congestionControl();
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

    @Override
    public ReadyPoller.Place place() {
        return place;
    }

    @Override
    public void setPlace(ReadyPoller.Place newPlace) {
        place = newPlace;
    }

    @Override
    public void report(SocketPoller.ReadyHandler handler, int bits) {
        handler.onReady(this, bits);
    }
}
