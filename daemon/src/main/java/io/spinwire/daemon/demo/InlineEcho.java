package io.spinwire.daemon.demo;

import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** An inline client that sends random bytes to an echo service and compares what comes back, byte by byte. */
final class InlineEcho implements TcpHandler {
    private static final int CHUNK_BYTES = 64 * 1024;

    private final long length;
    private final SplittableRandom sentBytes;
    private final SplittableRandom expectedBytes;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final byte[] expected = new byte[CHUNK_BYTES];
    private final UnsafeBuffer chunkBuffer = new UnsafeBuffer(chunk);
    private long sent;
    private long compared;
    private boolean isEqual = true;
    private CloseReason reason = CloseReason.NONE;

    InlineEcho(long length, long seed) {
        this.length = length;
        sentBytes = new SplittableRandom(seed);
        expectedBytes = new SplittableRandom(seed);
        sentBytes.nextBytes(chunk);
        expectedBytes.nextBytes(expected);
    }

    @Override
    public void onConnected(TcpSocket socket) {
        onWritable(socket);
    }

    @Override
    public void onWritable(TcpSocket socket) {
        while (sent < length) {
            final int inChunk = (int) (sent % CHUNK_BYTES);
            final int offered = (int) Math.min(CHUNK_BYTES - inChunk, length - sent);
            final int taken = socket.offer(chunkBuffer, inChunk, offered);
            if (taken <= 0) {
                return;
            }
            sent += taken;
            if (sent % CHUNK_BYTES == 0) {
                sentBytes.nextBytes(chunk);
            }
        }
        socket.shutdownOutput();
    }

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int received) {
        for (int i = 0; i < received; i++) {
            final int inChunk = (int) (compared % CHUNK_BYTES);
            isEqual &= buffer.getByte(offset + i) == expected[inChunk];
            compared++;
            if (inChunk == CHUNK_BYTES - 1) {
                expectedBytes.nextBytes(expected);
            }
        }
        return received;
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason why) {
        reason = why;
    }

    boolean isDone() {
        return reason != CloseReason.NONE;
    }

    /** Whether all came back as it was sent, and the connection was closed in order. */
    boolean isRight() {
        return isEqual && compared == length && reason == CloseReason.NORMAL;
    }

    String failure() {
        return "closed (" + reason + ") after " + compared + " of " + length + " bytes"
                + (isEqual ? "" : ", not all of them the same");
    }
}
