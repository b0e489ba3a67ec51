package io.spinwire.tcp;

import static io.spinwire.api.TcpSocket.BACK_PRESSURED;
import static io.spinwire.api.TcpSocket.CLOSED;
import static io.spinwire.api.TcpSocket.MORE;
import static io.spinwire.api.TcpSocket.NOT_CONNECTED;
import static io.spinwire.api.TcpSocket.URGENT;

import io.spinwire.api.WriteClaim;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import org.agrona.DirectBuffer;

/**
 * Writing to inline sockets: memory is borrowed for what fits the send buffer, and the socket queued for the output
 * step. Egress, before {@link TcpOutput}. Engine thread only. Linux: {@code tcp_sendmsg()}.
 */
final class InlineWriting {
    private final LentQueues queues;
    private final SendSpace space;
    private final MemoryWaiters memoryWaiters;
    private final OutputList pending;
    private final Hooks hooks;

    InlineWriting(LentQueues queues, SendSpace space, MemoryWaiters memoryWaiters, OutputList pending, Hooks hooks) {
        this.space = space;
        this.queues = queues;
        this.memoryWaiters = memoryWaiters;
        this.pending = pending;
        this.hooks = hooks;
    }

    int offer(TcpSock sock, DirectBuffer buffer, int offset, int length, int flags) {
        final int room = makeRoom(sock, length, SendSpace.room(sock, used(sock)));
        if (room <= 0) {
            return room;
        }
        final boolean isPushed = (flags & (MORE | URGENT)) != MORE || room < length;
        final int taken = sock.writeQueue.offer(buffer, offset, Math.min(length, room), isPushed);
        onWritten(sock, taken, isPushed);
        if ((flags & URGENT) != 0) {
            Urgent.send(sock, sock.writeSeq);
        }
        if (taken < length) {
            sock.isWaitingForRoom = true;
        }
        return taken;
    }

    /** Bytes that may be written of {@code wanted}, memory for them borrowed; or a negative code. */
    private int makeRoom(TcpSock sock, int wanted, int most) {
        if (!sock.canWrite()) {
            return PollBits.isOpen(sock.state) ? CLOSED : NOT_CONNECTED;
        }
        if (wanted == 0) {
            return 0;
        }
        final int room = Math.min(most, wanted);
        if (room <= 0) {
            sock.isWaitingForRoom = true;
            return BACK_PRESSURED;
        }
        final int used = used(sock);
        final boolean isLent = queues.ensureWriteQueue(sock, room, used + room);
        final int free = isLent ? Math.min(room, sock.writeQueue.freeBytes()) : 0;
        if (free == 0) {
            space.onNoMemory(sock, used);
            sock.isWaitingForRoom = true;
            memoryWaiters.add(sock);
            return BACK_PRESSURED;
        }
        return free;
    }

    /** Bytes of the send buffer that are taken. */
    static int used(TcpSock sock) {
        return sock.writeQueue == null
                ? 0
                : (int) (sock.writeQueue.writePosition() - sock.writeQueue.releasedPosition());
    }

    private void onWritten(TcpSock sock, int length, boolean isPushed) {
        DeliveryRate.checkAppLimited(sock);
        sock.writeSeq += length;
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_sendmsg, sock.index, length);
        }
        if (isPushed) {
            sock.moreSeq = sock.writeSeq;
        }
        pending.add(sock);
    }

    /** @param owner who ends the claim */
    int tryClaim(TcpSock sock, int length, WriteClaim claim, WriteClaim.Owner owner) {
        if (length > sock.sndBufMax && sock.canWrite()) {
            throw new IllegalArgumentException(
                    "claim of " + length + " bytes > send buffer of " + sock.sndBufMax + ": claim less at a time");
        }
        // With nothing in flight no ACK will make more room than there is, so the whole buffer may be claimed.
        final int used = used(sock);
        final int most = used == 0 ? sock.sndBufMax : sock.sndBuf - used;
        final int room = makeRoom(sock, length, SendSpace.isBelowLowat(sock) ? most : 0);
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
            memoryWaiters.add(sock); // no memory for a claim across the ring's end
            return BACK_PRESSURED;
        }
        claim.lend(owner, sock.writeQueue.claimBuffer(), index, length);
        return length;
    }

    void endClaim(TcpSock sock, int length) {
        if (sock.writeQueue == null || !sock.writeQueue.isClaimed()) {
            return; // the connection ended under the claim
        }
        if (length == 0) {
            sock.writeQueue.abortClaim();
            queues.releaseWriteQueue(sock);
        } else {
            sock.writeQueue.commit(length);
            onWritten(sock, length, true);
        }
    }
}
