package io.spinwire.sim;

import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.api.WriteClaim;
import org.agrona.DirectBuffer;

/**
 * One end of one connection: writes and reads as its {@link Behaviour} says, and checks what it reads. The same for
 * both API styles; it acts only when the engine has called or rung, or when a pause of its own is over, so that a
 * forgotten call shows as a session that never ends.
 */
final class Session {
    private static final int LONGEST_CLAIM = 512; // fits every send buffer: a longer one might never be granted
    private static final int SLOWEST_POLLS = 300; // in which even a slow reader has read it all

    private final String name;
    private final Behaviour behaviour;
    private final Content incoming;
    private final World world;
    private final SimRandom random;
    private final WriteClaim claim = new WriteClaim();
    private final TcpInfo info = new TcpInfo();

    private TcpSocket socket;
    private long written;
    private long read;
    private boolean isConnected;
    private boolean isWritten; // all of it, and the stream ended as planned
    private boolean isPeerClosed;
    private boolean hasClosed; // closed or aborted by this application
    private boolean isEnded;
    private CloseReason reason;
    private long writeAtNs = Long.MAX_VALUE;
    private long readAtNs = Long.MAX_VALUE;

    /** What a session knows of the run. */
    interface World {
        long nowNs();

        void fail(String what);

        void fail(Throwable what);
    }

    Session(String name, Behaviour behaviour, Content incoming, World world, SimRandom random) {
        this.name = name;
        this.behaviour = behaviour;
        this.incoming = incoming;
        this.world = world;
        this.random = random;
    }

    void begin(TcpSocket newSocket) {
        socket = newSocket;
        socket.attach(this);
        if (behaviour.givesUpAt == 0 && behaviour.isClosedEarly) {
            giveUp();
        }
    }

    /** The machine has died under it. */
    void lose() {
        isEnded = true;
        socket = null;
    }

    // ---- Inline: what the engine calls ----

    void onConnected() {
        expect(!isConnected && !isEnded, "connected twice, or after the end");
        isConnected = true;
        write();
    }

    int onData(DirectBuffer buffer, int offset, int length) {
        expect(isConnected && !isEnded && !hasClosed, "data before, or after, its time");
        final int taken = take(buffer, offset, length);
        if (taken < length && !hasClosed) {
            readAtNs = Math.min(readAtNs, world.nowNs() + 1 + random.between(0, behaviour.readPauseNs));
        }
        return taken;
    }

    void onWritable() {
        expect(isConnected && !isEnded && !hasClosed, "writable before, or after, its time");
        write();
    }

    void onPeerClosed() {
        expect(isConnected && !isEnded && !hasClosed && !isPeerClosed, "peer closed before, or after, its time");
        isPeerClosed = true;
        finishIfDone();
    }

    void onClosed(CloseReason why) {
        expect(!isEnded, "closed twice");
        isEnded = true;
        reason = why;
        socket = null;
    }

    // ---- Queued: what the poller reports ----

    void onReady() {
        if (isEnded) {
            return;
        }
        if (!isConnected) {
            final TcpState state = socket.state();
            isConnected = state != TcpState.SYN_SENT && state != TcpState.SYN_RECEIVED && state != TcpState.CLOSED;
        }
        poll();
        write();
        checkEnd();
    }

    private void checkEnd() {
        if (isEnded || socket.closeReason() == CloseReason.NONE || readAtNs != Long.MAX_VALUE) {
            return;
        }
        poll();
        if (!isEnded && readAtNs == Long.MAX_VALUE) {
            reason = socket.closeReason();
            isEnded = true;
            socket.close();
        }
    }

    // ---- A pause is over ----

    long nextDeadlineNs() {
        return isEnded ? Long.MAX_VALUE : Math.min(writeAtNs, readAtNs);
    }

    /** Answers whether anything was due. */
    boolean tick(long nowNs) {
        if (nextDeadlineNs() > nowNs) {
            return false;
        }
        if (readAtNs <= nowNs) {
            poll();
        }
        if (!isEnded && writeAtNs <= nowNs) {
            writeAtNs = Long.MAX_VALUE;
            write();
        }
        if (!behaviour.isInline) {
            checkEnd();
        }
        return true;
    }

    // ---- Reading ----

    private void poll() {
        readAtNs = Long.MAX_VALUE;
        if (isEnded || hasClosed) {
            return;
        }
        final int limit = (int) Math.max(behaviour.readAtOnce, incoming.length() / SLOWEST_POLLS);
        final int result = socket.poll(this::take, limit);
        if (isEnded || hasClosed) {
            return;
        }
        if (result == TcpSocket.CLOSED) {
            isPeerClosed |= !behaviour.isInline && socket.isPeerClosed();
        } else if (socket.available() > 0) {
            readAtNs = world.nowNs() + 1 + random.between(0, behaviour.readPauseNs);
        } else if (!behaviour.isInline && socket.isPeerClosed() && socket.available() == 0) {
            isPeerClosed = true;
        }
        finishIfDone();
    }

    private int take(DirectBuffer buffer, int offset, int length) {
        int count = length;
        if (hasClosed) {
            world.fail(name + " is given data after its close");
            return 0;
        }
        if (random.chance(behaviour.readPause)) {
            count = random.spread(0, length);
        }
        final String fault = incoming.fault(buffer, offset, read, count);
        if (fault != null) {
            world.fail(name + " reads " + fault);
        }
        read += count;
        if (hasReachedEnd()) {
            giveUp();
        } else if (behaviour.lockstep > 0 || behaviour.readBeforeWriting > 0) {
            write();
        }
        return count;
    }

    // ---- Writing ----

    private void write() {
        if (!isConnected || isWritten || hasClosed || isEnded || writeAtNs != Long.MAX_VALUE) {
            return;
        }
        if (read < behaviour.readBeforeWriting) {
            return;
        }
        if (hasReachedEnd()) {
            giveUp();
            return;
        }
        while (written < allowed()) {
            if (random.chance(behaviour.writePause)) {
                writeAtNs = world.nowNs() + random.between(1, behaviour.writePauseNs);
                return;
            }
            toggle();
            if (!writeSome()) {
                return;
            }
        }
        if (written == behaviour.content.length() && !hasClosed) {
            endStream();
        }
    }

    private long allowed() {
        final long length = behaviour.content.length();
        if (behaviour.lockstep == 0) {
            return length;
        }
        final long ahead = behaviour.readBeforeWriting > 0 ? 0 : behaviour.lockstep;
        return Math.min(length, read / behaviour.lockstep * behaviour.lockstep + ahead);
    }

    /** False when there is no room, or no connection any more. */
    private boolean writeSome() {
        final int wanted = (int) Math.min(random.spread(1, behaviour.maxChunk), allowed() - written);
        final boolean isClaim = wanted <= LONGEST_CLAIM && random.chance(behaviour.claimShare);
        final int result = isClaim ? claim(wanted) : offer(wanted);
        if (result > 0) {
            written += result;
            if (hasReachedEnd()) {
                giveUp();
                return false;
            }
            return result == wanted || random.chance(0.5);
        }
        if (result != TcpSocket.BACK_PRESSURED && result != TcpSocket.CLOSED) {
            world.fail(name + ": write answers " + result + "; " + this);
        }
        if (result == TcpSocket.CLOSED) {
            isWritten = true; // the end will be told, or is to be seen by the poller
        }
        return false;
    }

    private int offer(int length) {
        final int result = socket.offer(Content.buffer(), behaviour.content.offset(written), length);
        if (result == 0 || result > length) {
            world.fail(name + ": offer of " + length + " answers " + result + "; " + this);
        }
        return result;
    }

    private int claim(int length) {
        final int result = socket.tryClaim(length, claim);
        if (result < 0) {
            return result;
        }
        if (result != length) {
            world.fail(name + ": claim of " + length + " answers " + result + "; " + this);
        }
        final int used = random.chance(0.2) ? random.between(0, length) : length;
        claim.buffer().putBytes(claim.offset(), Content.buffer(), behaviour.content.offset(written), used);
        if (used == 0) {
            claim.abort();
            return offer(length);
        }
        claim.commit(used);
        written += used - length; // the caller adds the length
        return length;
    }

    private void toggle() {
        if (behaviour.toggles == 0 || !random.chance(behaviour.toggles)) {
            return;
        }
        switch (random.between(0, 3)) {
            case 0 -> socket.setNoDelay(random.chance(0.5));
            case 1 -> socket.setQuickAck(random.chance(0.5));
            case 2 -> socket.info(info);
            default -> socket.setCork(random.chance(0.5));
        }
    }

    private void endStream() {
        isWritten = true;
        if (behaviour.toggles > 0) {
            socket.setCork(false);
        }
        switch (behaviour.ending) {
            case SHUTDOWN -> {
                socket.shutdownOutput();
                finishIfDone();
            }
            case CLOSE -> close();
            case WAIT -> finishIfDone();
        }
    }

    // ---- Ending ----

    private boolean hasReachedEnd() {
        return behaviour.givesUpAt >= 0 && read + written >= behaviour.givesUpAt;
    }

    private void giveUp() {
        if (behaviour.isAborting) {
            hasClosed = true;
            socket.abort();
            isEnded |= !behaviour.isInline;
        } else {
            close();
        }
    }

    private void close() {
        hasClosed = true;
        isEnded |= !behaviour.isInline;
        socket.close();
    }

    /** Closes when all is written and all is read; or all that ever comes, should the peer have ended too early. */
    private void finishIfDone() {
        final boolean isAtEnd = !isEnded && !hasClosed && isPeerClosed && socket.available() == 0;
        if (isAtEnd && (isWritten || read < incoming.length())) {
            close();
        }
    }

    private void expect(boolean condition, String otherwise) {
        if (!condition) {
            world.fail(name + ": " + otherwise + "; " + this);
        }
    }

    // ---- Looking in ----

    boolean isEnded() {
        return isEnded;
    }

    /** Null when everything was said and heard, and the end was in order; else what was not. */
    String incompleteness() {
        if (written != behaviour.content.length()) {
            return name + " wrote only part: " + this;
        }
        if (read != incoming.length()) {
            return name + " read only part: " + this;
        }
        return reason == null || reason == CloseReason.NORMAL ? null : name + " ended " + reason + ": " + this;
    }

    boolean isConnected() {
        return isConnected;
    }

    CloseReason reason() {
        return reason;
    }

    @Override
    public String toString() {
        return name + " written " + written + "/" + behaviour.content.length() + " read " + read + "/"
                + incoming.length() + (isConnected ? " connected" : "") + (isWritten ? " done writing" : "")
                + (isPeerClosed ? " peer closed" : "") + (hasClosed ? " has closed" : "")
                + (isEnded ? " ended " + reason : "")
                + (socket == null || isEnded
                        ? ""
                        : " state " + socket.state() + " available " + socket.available() + " writable "
                                + socket.writable());
    }
}
