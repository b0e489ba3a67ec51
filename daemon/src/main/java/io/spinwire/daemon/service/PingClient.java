package io.spinwire.daemon.service;

import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.WriteClaim;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * An inline client: connects, sends a message to an echo service, measures the time until it is back, sends the next,
 * and connects again when the connection ends. {@link #doWork} is called between the engine's turns, on its thread.
 * Linux: {@code sockperf ping-pong}.
 */
public final class PingClient implements TcpHandler {
    /**
     * Opens a connection that calls back this handler: {@code handler -> engine.connect(remote, port, options,
     * handler)}.
     */
    @FunctionalInterface
    public interface Connector {
        TcpSocket connect(TcpHandler handler);
    }

    /** First wait before connecting again; doubles up to {@link #MAX_RECONNECT_NS}. */
    static final long MIN_RECONNECT_NS = 10_000_000L;

    static final long MAX_RECONNECT_NS = 1_000_000_000L;

    /** Longest round trip that is told from longer ones. */
    private static final long MAX_TRACKED_NS = 10_000_000_000L;

    private final Connector connector;
    private final NanoClock clock;
    private final int messageLength;
    private final WriteClaim claim = new WriteClaim();
    private final Histogram roundTripsNs = new Histogram(MAX_TRACKED_NS, 3);

    private TcpSocket socket;
    private boolean isStopped;
    private boolean isConnecting;
    private long connectAtNs;
    private long reconnectNs = MIN_RECONNECT_NS;
    private long sentNs;
    private int awaited;
    private long expected; // first eight bytes of the message under way: its number
    private long mismatches;
    private long connects;

    /** A client that connects at its first {@link #doWork}; {@code messageLength} in bytes, at least 8. */
    public PingClient(Connector connector, NanoClock clock, int messageLength) {
        if (messageLength < Long.BYTES) {
            throw new IllegalArgumentException("message of " + messageLength + " bytes: at least 8 are needed");
        }
        this.connector = connector;
        this.clock = clock;
        this.messageLength = messageLength;
        connectAtNs = clock.nanoTime();
    }

    /** Round trips measured so far, in nanoseconds. */
    public Histogram roundTripsNs() {
        return roundTripsNs;
    }

    /** Connections that were established. */
    public long connects() {
        return connects;
    }

    /** Messages that came back with other content than was sent. */
    public long mismatches() {
        return mismatches;
    }

    /** Connects when it is time; returns whether anything was done. */
    public int doWork() {
        if (socket != null || isConnecting || isStopped || clock.nanoTime() - connectAtNs < 0) {
            return 0;
        }
        isConnecting = connector.connect(this) != null;
        if (!isConnecting) {
            retryLater();
        }
        return 1;
    }

    /** Closes the connection and opens no other. */
    public void stop() {
        isStopped = true;
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    @Override
    public void onConnected(TcpSocket connected) {
        socket = connected;
        isConnecting = false;
        reconnectNs = MIN_RECONNECT_NS;
        connects++;
        awaited = 0;
        socket.setNoDelay(true);
        if (isStopped) {
            stop();
        } else {
            send();
        }
    }

    @Override
    public int onData(TcpSocket from, DirectBuffer buffer, int offset, int length) {
        final int taken = Math.min(length, awaited);
        if (awaited == messageLength && taken >= Long.BYTES && buffer.getLong(offset) != expected) {
            mismatches++;
        }
        awaited -= taken;
        if (awaited == 0) {
            roundTripsNs.recordValue(Math.min(clock.nanoTime() - sentNs, MAX_TRACKED_NS));
            send();
        }
        return length; // more than was sent is none of ours
    }

    @Override
    public void onWritable(TcpSocket writable) {
        if (awaited == 0) {
            send();
        }
    }

    @Override
    public void onClosed(TcpSocket closed, CloseReason reason) {
        socket = null;
        isConnecting = false;
        retryLater();
    }

    private void retryLater() {
        connectAtNs = clock.nanoTime() + reconnectNs;
        reconnectNs = Math.min(MAX_RECONNECT_NS, 2 * reconnectNs);
    }

    /** Writes the next message straight into the send buffer. */
    private void send() {
        if (socket == null || isStopped || socket.tryClaim(messageLength, claim) < 0) {
            return;
        }
        expected++;
        claim.buffer().putLong(claim.offset(), expected);
        claim.buffer().setMemory(claim.offset() + Long.BYTES, messageLength - Long.BYTES, (byte) 'x');
        awaited = messageLength;
        sentNs = clock.nanoTime();
        claim.commit(messageLength);
    }
}
