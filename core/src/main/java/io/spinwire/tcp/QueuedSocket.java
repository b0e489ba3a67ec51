package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.DataHandler;
import io.spinwire.api.OptionResult;
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
 * engine's end of it is {@link QueuedEnd}. One for each connection, never recycled.
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

    // Set before the other thread sees the socket.
    final WriteQueue writeQueue = new WriteQueue(true);
    final ReceiveQueue receiveQueue = new ReceiveQueue(true);
    final QueuedWords words = new QueuedWords();
    final QueuedEnd end;
    private final OptionChanges defaults;
    private final EngineBell engineBell;
    private final QueuedOutput output;
    private final QueuedInput input;
    private final long id;
    int worthTelling; // bytes read: fewer never open a window

    // Written by the application.
    private volatile ReadyPoller.Place place;
    private volatile SocketOptions options;
    private volatile boolean isNoDelay;
    private volatile boolean isCorked;
    private volatile boolean isQuickAck;
    private int deferred; // requests made while reading
    private Object attachment;

    /** @param defaults what options come to that are not set; null where none are asked for */
    QueuedSocket(long id, SocketOptions options, OptionChanges defaults, DoorbellQueue<QueuedSocket> engineBells) {
        this.id = id;
        this.defaults = defaults;
        this.options = options;
        isNoDelay = options.noDelay();
        isCorked = options.cork();
        isQuickAck = options.quickAck();
        engineBell = new EngineBell(engineBells, this);
        output = new QueuedOutput(writeQueue, words, engineBell);
        input = new QueuedInput(receiveQueue, words);
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
        return receiveQueue.bytesToMark();
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
        final boolean isOutputEnded = output.isEnded(state);
        final int bits = PollBits.shut(state, input.isEnded(), isOutputEnded) | PollBits.error(words.hasError());
        if (!PollBits.isOpen(state) && !words.isWritableEarly()) {
            return bits;
        }
        final boolean isReadable = input.isReadable(options.receiveLowWater());
        final int urgent = PollBits.urgent(receiveQueue.bytesToMark(), input.available());
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
        if (input.isReading()) {
            deferred |= bits;
            return;
        }
        words.request(bits);
        engineBell.ring();
    }

    private void requestDeferred() {
        final int bits = deferred;
        if (bits != 0) {
            deferred = 0;
            request(bits);
        }
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
        isNoDelay = on;
        engineBell.ring();
    }

    @Override
    public void setCork(boolean on) {
        isCorked = on;
        engineBell.ring();
    }

    @Override
    public void setQuickAck(boolean on) {
        isQuickAck = on;
        engineBell.ring();
    }

    @Override
    public OptionResult setOption(SocketOption option, long value) {
        if (input.isGivenUp()) {
            return OptionResult.CLOSED;
        }
        switch (option) {
            case NO_DELAY -> setNoDelay(value != 0);
            case CORK -> setCork(value != 0);
            case QUICK_ACK -> setQuickAck(value != 0);
            case SEND_BUFFER, RECEIVE_BUFFER -> {
                return OptionResult.UNSUPPORTED; // the rings are lent for life
            }
            default -> {
                return option.isForOpenSockets() ? change(options.with(option, value)) : OptionResult.UNSUPPORTED;
            }
        }
        return OptionResult.SET;
    }

    private OptionResult change(SocketOptions wanted) {
        if (wanted == null) {
            return OptionResult.OUT_OF_RANGE;
        }
        options = wanted;
        request(OPTIONS);
        if (place != null) {
            place.look(); // a low-water mark may have moved
        }
        return OptionResult.SET;
    }

    @Override
    public long option(SocketOption option) {
        return switch (option) {
            case NO_DELAY -> isNoDelay ? 1 : 0;
            case CORK -> isCorked ? 1 : 0;
            case QUICK_ACK -> isQuickAck ? 1 : 0;
            case SEND_BUFFER -> output.capacity();
            default -> defaults.value(options, option);
        };
    }

    @Override
    public OptionResult setCongestionControl(String name) {
        return input.isGivenUp() ? OptionResult.CLOSED : change(options.withCongestionControl(name));
    }

    @Override
    public String congestionControl() {
        return defaults.congestionControl(options);
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

    // ---- Engine thread ----

    /** All options, as the application has set them. */
    SocketOptions options() {
        return options;
    }

    /** Options as the application wants them now. */
    void applyOptions(TcpSock target) {
        target.setNoDelay(isNoDelay);
        target.setCorked(isCorked);
        if (isQuickAck && !target.isQuickAck) {
            target.isAckNow |= target.isAckScheduled;
        }
        target.isQuickAck = isQuickAck;
    }
}
