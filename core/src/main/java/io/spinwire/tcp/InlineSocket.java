package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.DataHandler;
import io.spinwire.api.OptionResult;
import io.spinwire.api.Readiness;
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
    private final Rooms rooms;
    TcpSock sock;
    private Apart apart; // while it is disconnected
    private long id;
    private Object attachment;
    private DataHandler reader;

    /** What a call by the application sets in motion. */
    record Rooms(
            InlineWriting writing,
            RingReading reading,
            Teardown teardown,
            SockPool socks,
            OptionChanges options,
            Figures figures,
            Connecting connecting,
            NextId ids) {}

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
        if (apart != null) {
            return NOT_CONNECTED;
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
        if (apart != null) {
            return NOT_CONNECTED;
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
        return sock.canWrite() ? Math.max(SendSpace.room(sock, InlineWriting.used(sock)), 0) : 0;
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
        if (apart != null) {
            return Readiness.OUT | Readiness.HUP | PollBits.error(apart.error != SocketError.NONE);
        }
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
        apart = null;
        if (isFreed()) {
            return;
        }
        rooms.teardown.close(sock, rooms.socks.nowNs());
    }

    @Override
    public void abort() {
        apart = null;
        if (isFreed()) {
            return;
        }
        sock.isOrphan = true;
        rooms.teardown.abort(sock, CloseReason.ABORTED);
        rooms.teardown.close(sock, rooms.socks.nowNs()); // it may have ended before, with bytes unread
    }

    /** The connection's own sock goes on without this object: it gets another, and a handler that does nothing. */
    @Override
    public void disconnect() {
        if (isFreed()) {
            return;
        }
        final TcpSock old = sock;
        final boolean isReset = Teardown.needsReset(old.state) || old.state == TcpState.SYN_SENT;
        final SocketError error = isReset ? SocketError.ECONNRESET : SocketError.of(old.error);
        apart = new Apart(old.handler, switchesKept(), error);
        sock = rooms.socks.nobodys();
        old.inlineSocket = new InlineSocket(old, rooms);
        old.facade = old.inlineSocket;
        old.handler = Apart.SILENT;
        old.inlineSocket.abort();
    }

    private SocketOptions switchesKept() {
        return sock.options
                .with(SocketOption.NO_DELAY, option(SocketOption.NO_DELAY))
                .with(SocketOption.CORK, option(SocketOption.CORK))
                .with(SocketOption.QUICK_ACK, option(SocketOption.QUICK_ACK));
    }

    @Override
    public int connect(InetAddress remote, int port) {
        if (apart == null) {
            return isFreed() ? CLOSED : IS_CONNECTED;
        }
        final int remoteAddress = Connecting.checkRemote(remote, port);
        final TcpSock fresh = rooms.socks.allocate();
        if (fresh == null) {
            return BACK_PRESSURED;
        }
        final SocketOptions options = apart.options;
        fresh.handler = apart.handler;
        fresh.inlineSocket = this;
        fresh.facade = this;
        apart = null;
        sock = fresh;
        id = rooms.ids.next();
        final long addressPair = rooms.connecting.addressPair(Connecting.localAddress(options), remoteAddress);
        rooms.connecting.begin(fresh, addressPair, port, options);
        return 0;
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
        if (apart != null) {
            final SocketError left = apart.error;
            apart.error = SocketError.NONE;
            return left;
        }
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
        if (apart != null) {
            return apart.change(apart.options.with(option, value));
        }
        return isFreed() ? OptionResult.CLOSED : rooms.options.set(sock, option, value, rooms.socks.nowNs());
    }

    @Override
    public long option(SocketOption option) {
        return apart == null ? rooms.options.value(sock, option) : rooms.options.value(apart.options, option);
    }

    @Override
    public OptionResult setCongestionControl(String name) {
        if (apart != null) {
            return apart.change(apart.options.withCongestionControl(name));
        }
        final SocketOptions wanted = sock.options.withCongestionControl(name);
        return isFreed() ? OptionResult.CLOSED : rooms.options.change(sock, wanted, rooms.socks.nowNs());
    }

    @Override
    public String congestionControl() {
        return rooms.options.congestionControl(apart == null ? sock.options : apart.options);
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
