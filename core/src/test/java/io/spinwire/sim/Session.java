package io.spinwire.sim;

import io.spinwire.api.CloseReason;
import io.spinwire.api.OptionResult;
import io.spinwire.api.Readiness;
import io.spinwire.api.SocketOption;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.api.WriteClaim;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One end of one connection: writes and reads as its {@link Behaviour} says, and checks what it reads. The same for
 * both API styles; it acts only when the engine has called or rung, or when a pause of its own is over, so that a
 * forgotten call shows as a session that never ends.
 */
final class Session {
    private static final int LONGEST_CLAIM = 512; // fits every send buffer: a longer one might never be granted
    private static final String[] CONGESTION_CONTROLS = TcpConfig.CONGESTION_CONTROLS.toArray(String[]::new);
    private static final SocketOption[] OPTIONS = {
        SocketOption.SEND_BUFFER,
        SocketOption.RECEIVE_BUFFER,
        SocketOption.NOT_SENT_LOWAT,
        SocketOption.WINDOW_CLAMP,
        SocketOption.MAX_PACING_RATE,
        SocketOption.TOS,
        SocketOption.TTL
    };
    private static final int SLOWEST_POLLS = 300; // in which even a slow reader has read it all

    private final String name;
    private final Behaviour behaviour;
    private final Content incoming;
    private final World world;
    private final SimRandom random;
    private final Marks marks;
    private final UnsafeBuffer peeked = new UnsafeBuffer(new byte[2_000]);
    private final WriteClaim claim = new WriteClaim();
    private final TcpInfo info = new TcpInfo();

    private TcpSocket socket;
    private long written;
    private long read;
    private boolean isConnected;
    private boolean isEarly; // may write before that
    private boolean isWritten; // all of it, and the stream ended as planned
    private boolean isPeerClosed;
    private boolean hasClosed; // closed or aborted by this application
    private boolean isEnded;
    private CloseReason reason;
    private long writeAtNs = Long.MAX_VALUE;
    private long readAtNs = Long.MAX_VALUE;

    /** Positions of urgent bytes in both streams, of all connections of a conversation. */
    record Marks(Urgent said, Urgent heard) {}

    /** Those of one stream. */
    static final class Urgent {
        private final LongHashSet positions = new LongHashSet();
        private long last = -1;

        void add(long position) {
            positions.add(position);
            last = Math.max(last, position);
        }

        /** The pointer has 16 bits: one that is farther off is told as if it were 65,535 away. */
        boolean mayBeAt(long position) {
            return positions.contains(position) || position < last;
        }
    }

    /** What the other end says. */
    record Heard(Content incoming, Marks marks) {}

    /** What a session knows of the run. */
    interface World {
        long nowNs();

        void fail(String what);

        void fail(Throwable what);
    }

    Session(String name, Behaviour behaviour, Heard heard, World world, SimRandom random) {
        this.name = name;
        marks = heard.marks;
        this.behaviour = behaviour;
        incoming = heard.incoming;
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

    /** The connect waits for the first bytes, which go in the SYN: RFC 7413. */
    void writeEarly() {
        isEarly = true;
        write();
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
        final boolean isDeferred =
                isEarly && !isEnded && socket.writable() > 0; // Linux: EPOLLOUT, until the SYN leaves
        expect((isConnected || isDeferred) && !isEnded && !hasClosed, "writable before, or after, its time");
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
        if (random.chance(behaviour.flags)) {
            peek();
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
        if (!isConnected && !isEarly || isWritten || hasClosed || isEnded || writeAtNs != Long.MAX_VALUE) {
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
        if (written == behaviour.content.length() && !hasClosed && isConnected) {
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
        final boolean isTooEarly = result == TcpSocket.NOT_CONNECTED && !isConnected;
        if (result != TcpSocket.BACK_PRESSURED && result != TcpSocket.CLOSED && !isTooEarly) {
            world.fail(name + ": write answers " + result + "; " + this);
        }
        if (result == TcpSocket.CLOSED) {
            isWritten = true; // the end will be told, or is to be seen by the poller
        }
        return false;
    }

    private int offer(int length) {
        final int flags = random.chance(behaviour.flags) ? random.between(0, 3) : 0;
        final int offset = behaviour.content.offset(written);
        final int result = flags == 0
                ? socket.offer(Content.buffer(), offset, length)
                : socket.offer(Content.buffer(), offset, length, flags);
        if (marks != null && result > 0 && (flags & TcpSocket.URGENT) != 0) {
            marks.said.add(written + result - 1);
        }
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
        switch (random.between(0, 7)) {
            case 0 -> socket.setNoDelay(random.chance(0.5));
            case 1 -> socket.setQuickAck(random.chance(0.5));
            case 2 -> socket.info(info);
            case 3, 4 -> setOption();
            case 5 -> socket.setCongestionControl(random.oneOf(CONGESTION_CONTROLS));
            case 6 -> look();
            default -> socket.setCork(random.chance(0.5));
        }
    }

    private void setOption() {
        final SocketOption option = random.oneOf(OPTIONS);
        final long value = switch (option) {
            case MAX_PACING_RATE -> random.chance(0.5) ? 0 : random.spread(100_000L, 1_000_000_000L);
            case TOS -> random.between(0, 63) << 2;
            case TTL -> random.between(1, 255);
            case KEEP_ALIVE -> random.between(0, 1);
            default -> random.spread(1_024, 100_000);
        };
        final OptionResult result = socket.setOption(option, value);
        expect(result != OptionResult.OUT_OF_RANGE, option + " cannot be " + value);
    }

    /** What can be asked, and how the answers hang together. */
    private void look() {
        final int unsent = socket.unsent();
        final int unacknowledged = socket.unacknowledged();
        if (unsent < 0 || unsent > unacknowledged || unacknowledged > written + 1) {
            world.fail(name + ": " + unsent + " unsent of " + unacknowledged + " unacknowledged; " + this);
        }
        final int ready = socket.readiness();
        if ((ready & Readiness.HUP) != 0 && socket.closeReason() == CloseReason.NONE && !isPeerClosed) {
            world.fail(name + ": ready for " + Readiness.format(ready) + "; " + this);
        }
        socket.takeError();
        socket.congestionControl();
    }

    /** Looks at what waits without reading it. */
    private void peek() {
        final int length = random.spread(1, peeked.capacity());
        final int result = socket.peek(peeked, 0, length);
        if (result > length) {
            world.fail(name + ": peek of " + length + " answers " + result + "; " + this);
        }
        final String fault = result > 0 ? incoming.fault(peeked, 0, read, result) : null;
        if (fault != null) {
            world.fail(name + " peeks at " + fault);
        }
        final int mark = socket.bytesToMark();
        if (marks != null && mark >= 0 && !marks.heard.mayBeAt(read + mark)) {
            world.fail(name + ": a mark at " + (read + mark) + " that nobody has set; " + this);
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
