package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.DataHandler;
import io.spinwire.api.OptionResult;
import io.spinwire.api.SocketError;
import io.spinwire.api.SocketOption;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.api.WriteClaim;
import io.spinwire.ip.AddressPair;
import io.spinwire.queue.ReadHandler;
import java.net.InetAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A connection as an application on the engine thread holds it. Calls change state and queue the socket for the output
 * step; nothing is sent before the call returns, except a reset. Lives as long as its {@link TcpSock} and is recycled
 * with it.
 */
final class InlineSocket implements TcpSocket, SockEnd, WriteClaim.Owner, ReadHandler {
    final TcpSock sock;
    private final Rooms rooms;
    private long id;
    private Object attachment;
    private DataHandler reader;

    /** What a call by the application sets in motion. */
    record Rooms(
            InlineWriting writing,
            RingReading reading,
            Teardown teardown,
            TcpOutput output,
            SockPool socks,
            OptionChanges options,
            Figures figures) {}

    InlineSocket(TcpSock sock, Rooms rooms) {
        this.sock = sock;
        this.rooms = rooms;
    }

    void open(long newId) {
        id = newId;
    }

    @Override
    public int offer(DirectBuffer buffer, int offset, int length) {
        return offer(buffer, offset, length, 0);
    }

    @Override
    public int offer(DirectBuffer buffer, int offset, int length, int flags) {
        return rooms.writing.offer(sock, buffer, offset, length, flags);
    }

    @Override
    public int tryClaim(int length, WriteClaim claim) {
        return rooms.writing.tryClaim(sock, length, claim, this);
    }

    @Override
    public void endClaim(int length) {
        rooms.writing.endClaim(sock, length);
    }

    @Override
    public int poll(DataHandler handler, int limit) {
        if (sock.isBeingRead) {
            return 0; // called by the reader: those bytes are in its hands
        }
        if (sock.available() == 0) {
            return isInputEnded() ? CLOSED : 0;
        }
        reader = handler;
        final int taken = rooms.reading.read(sock, this, limit);
        reader = null;
        return taken;
    }

    private boolean isInputEnded() {
        return sock.isPeerClosed || sock.isInputShut || sock.isFinished;
    }

    @Override
    public int peek(MutableDirectBuffer buffer, int offset, int length) {
        if (sock.isBeingRead) {
            return 0;
        }
        if (sock.available() == 0) {
            return isInputEnded() && length > 0 ? CLOSED : 0;
        }
        return sock.receiveQueue.peek(buffer, offset, length);
    }

    @Override
    public int onBytes(DirectBuffer buffer, int offset, int length) {
        return sock.isOrphan ? 0 : reader.onData(buffer, offset, length); // closed by the reader: no second piece
    }

    @Override
    public int bytesToMark() {
        return Urgent.bytesToMark(sock);
    }

    @Override
    public int available() {
        return sock.available();
    }

    @Override
    public int writable() {
        return sock.canWrite() ? Math.max(sock.sendLimit() - InlineWriting.used(sock), 0) : 0;
    }

    @Override
    public int unacknowledged() {
        return PollBits.isOpen(sock.state) && !sock.isFinished ? sock.sendEnd() - sock.sndUna : 0;
    }

    @Override
    public int unsent() {
        return PollBits.isOpen(sock.state) && !sock.isFinished ? sock.sendEnd() - sock.sndNxt : 0;
    }

    @Override
    public int readiness() {
        final boolean isOutputEnded = sock.isFinQueued || sock.isFinished;
        final int bits = PollBits.shut(sock.state, isInputEnded(), isOutputEnded) | PollBits.error(sock.hasError());
        if (!PollBits.isOpen(sock.state) && !sock.isWritableEarly()) {
            return bits;
        }
        final int urgent = PollBits.urgent(Urgent.bytesToMark(sock), sock.available());
        return bits | urgent | PollBits.flow(sock.isReadable(), isOutputEnded || sock.isWriteable());
    }

    @Override
    public void shutdownInput() {
        if (isFreed()) {
            return;
        }
        sock.isInputShut = true;
    }

    @Override
    public void shutdownOutput() {
        if (isFreed()) {
            return;
        }
        rooms.teardown.shutdownOutput(sock);
    }

    @Override
    public void close() {
        if (isFreed()) {
            return;
        }
        rooms.teardown.close(sock, rooms.socks.nowNs());
    }

    @Override
    public void abort() {
        if (isFreed()) {
            return;
        }
        sock.isOrphan = true;
        rooms.teardown.abort(sock, CloseReason.ABORTED);
        rooms.teardown.close(sock, rooms.socks.nowNs()); // it may have ended before, with bytes unread
    }

    /** Ended, told and freed: an application that still calls must do no harm. */
    private boolean isFreed() {
        return sock.facade != this;
    }

    @Override
    public CloseReason closeReason() {
        return sock.closeReason;
    }

    @Override
    public SocketError takeError() {
        final int taken = sock.hasError() ? sock.error : sock.softError;
        if (sock.hasError()) {
            sock.error = 0;
        } else {
            sock.softError = 0;
        }
        return SocketError.of(taken);
    }

    @Override
    public TcpState state() {
        return sock.state;
    }

    @Override
    public boolean isPeerClosed() {
        return sock.isPeerClosed;
    }

    @Override
    public InetAddress localAddress() {
        return AddressPair.localInet(sock.addressPair);
    }

    @Override
    public int localPort() {
        return sock.localPort();
    }

    @Override
    public InetAddress remoteAddress() {
        return AddressPair.remoteInet(sock.addressPair);
    }

    @Override
    public int remotePort() {
        return sock.remotePort();
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public void setNoDelay(boolean on) {
        sock.setNoDelay(on);
        rooms.output.check(sock);
    }

    @Override
    public void setCork(boolean on) {
        sock.setCorked(on);
        rooms.output.check(sock);
    }

    @Override
    public void setQuickAck(boolean on) {
        sock.isQuickAck = on;
        sock.isAckNow |= on && sock.isAckScheduled;
        rooms.output.check(sock);
    }

    @Override
    public OptionResult setOption(SocketOption option, long value) {
        if (isFreed()) {
            return OptionResult.CLOSED;
        }
        if (!option.isForOpenSockets()) {
            return OptionResult.UNSUPPORTED;
        }
        switch (option) {
            case NO_DELAY -> setNoDelay(value != 0);
            case CORK -> setCork(value != 0);
            case QUICK_ACK -> setQuickAck(value != 0);
            default -> {
                return change(sock.options.with(option, value));
            }
        }
        return OptionResult.SET;
    }

    private OptionResult change(SocketOptions wanted) {
        if (wanted == null) {
            return OptionResult.OUT_OF_RANGE;
        }
        rooms.options.apply(sock, wanted, rooms.socks.nowNs());
        return OptionResult.SET;
    }

    @Override
    public long option(SocketOption option) {
        return switch (option) {
            case NO_DELAY -> sock.isNoDelay ? 1 : 0;
            case CORK -> sock.isCorked ? 1 : 0;
            case QUICK_ACK -> sock.isQuickAck ? 1 : 0;
            case SEND_BUFFER -> sock.sendLimit();
            case MSS -> sock.mss;
            default -> rooms.options.value(sock.options, option);
        };
    }

    @Override
    public OptionResult setCongestionControl(String name) {
        return isFreed() ? OptionResult.CLOSED : change(sock.options.withCongestionControl(name));
    }

    @Override
    public String congestionControl() {
        return rooms.options.congestionControl(sock.options);
    }

    @Override
    public void info(TcpInfo info) {
        rooms.figures.fill(sock, info, rooms.socks.nowNs());
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
    public void publish(TcpSock published) {}

    @Override
    public void onSoftError(TcpSock failing) {}

    @Override
    public boolean isWaitingForRoom(TcpSock waiting) {
        return waiting.isWaitingForRoom;
    }

    @Override
    public void onFreed(TcpSock freed) {
        attachment = null;
    }
}
