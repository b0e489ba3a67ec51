package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.DataHandler;
import io.spinwire.api.SocketError;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.api.WriteClaim;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
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
    private final TcpSock sock;
    private final Rooms rooms;
    private long id;
    private Object attachment;
    private DataHandler reader;

    /** What a call by the application sets in motion. */
    record Rooms(
            LentQueues queues,
            RingReading reading,
            MemoryWaiters memoryWaiters,
            Teardown teardown,
            TcpOutput output,
            SockPool socks,
            OutputList pending,
            Hooks hooks) {}

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
        final int room = makeRoom(length, sock.sendLimit());
        if (room <= 0) {
            return room;
        }
        final boolean isPushed = (flags & (MORE | URGENT)) != MORE || room < length;
        final int taken = sock.writeQueue.offer(buffer, offset, Math.min(length, room), isPushed);
        onWritten(taken, isPushed);
        if ((flags & URGENT) != 0) {
            Urgent.send(sock, sock.writeSeq);
        }
        if (taken < length) {
            sock.isWaitingForRoom = true;
        }
        return taken;
    }

    /** Bytes that may be written of {@code wanted}, memory for them borrowed; or a negative code. */
    private int makeRoom(int wanted, int limit) {
        if (!sock.canWrite()) {
            return sock.state == TcpState.SYN_SENT || sock.state == TcpState.SYN_RECEIVED ? NOT_CONNECTED : CLOSED;
        }
        if (wanted == 0) {
            return 0;
        }
        final int room = Math.min(limit - used(), wanted);
        if (room <= 0) {
            sock.isWaitingForRoom = true;
            return BACK_PRESSURED;
        }
        final boolean isLent = rooms.queues.ensureWriteQueue(sock, room, used() + room);
        final int free = isLent ? Math.min(room, sock.writeQueue.freeBytes()) : 0;
        if (free == 0) {
            sock.isWaitingForRoom = true;
            rooms.memoryWaiters.add(sock);
            return BACK_PRESSURED;
        }
        return free;
    }

    private int used() {
        return sock.writeQueue == null
                ? 0
                : (int) (sock.writeQueue.writePosition() - sock.writeQueue.releasedPosition());
    }

    private void onWritten(int length, boolean isPushed) {
        DeliveryRate.checkAppLimited(sock);
        sock.writeSeq += length;
        if (Hooks.isOn()) {
            rooms.hooks.fire(HookPoint.tcp_sendmsg, sock.index, length);
        }
        if (isPushed) {
            sock.moreSeq = sock.writeSeq;
        }
        rooms.pending.add(sock);
    }

    @Override
    public int tryClaim(int length, WriteClaim claim) {
        if (length > sock.sndBufMax && sock.canWrite()) {
            throw new IllegalArgumentException(
                    "claim of " + length + " bytes > send buffer of " + sock.sndBufMax + ": claim less at a time");
        }
        // With nothing in flight no ACK will make more room than there is, so the whole buffer may be claimed.
        final int room = makeRoom(length, used() == 0 ? sock.sndBufMax : sock.sendLimit());
        if (room <= 0) {
            return room;
        }
        if (room < length) {
            sock.isWaitingForRoom = true;
            return BACK_PRESSURED;
        }
        final int index = sock.writeQueue.tryClaim(length);
        if (index < 0) {
            sock.isWaitingForRoom = true;
            rooms.memoryWaiters.add(sock); // no memory for a claim across the ring's end
            return BACK_PRESSURED;
        }
        claim.lend(this, sock.writeQueue.claimBuffer(), index, length);
        return length;
    }

    @Override
    public void endClaim(int length) {
        if (sock.writeQueue == null) {
            return; // the connection ended under the claim
        }
        if (length == 0) {
            sock.writeQueue.abortClaim();
            rooms.queues.releaseWriteQueue(sock);
        } else {
            sock.writeQueue.commit(length);
            onWritten(length, true);
        }
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
        return sock.canWrite() ? Math.max(sock.sendLimit() - used(), 0) : 0;
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
        final int bits = PollBits.shut(sock.state, isInputEnded(), isOutputEnded)
                | PollBits.error(sock.error != SocketError.NONE);
        if (!PollBits.isOpen(sock.state)) {
            return bits;
        }
        return bits | PollBits.flow(sock.isReadable(), isOutputEnded || sock.isWriteable());
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
        SocketError taken = sock.error;
        sock.error = SocketError.NONE;
        if (taken == SocketError.NONE) {
            taken = sock.softError;
            sock.softError = SocketError.NONE;
        }
        return taken;
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
    public void info(TcpInfo info) {
        Figures.fill(sock, info, rooms.socks.nowNs());
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
    public void onFreed(TcpSock freed) {
        attachment = null;
    }
}
