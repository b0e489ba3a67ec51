package io.spinwire.daemon.service;

import io.spinwire.api.CloseReason;
import io.spinwire.api.DataHandler;
import io.spinwire.api.OptionResult;
import io.spinwire.api.Readiness;
import io.spinwire.api.SocketError;
import io.spinwire.api.SocketOption;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.api.WriteClaim;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A socket in memory that behaves towards its handler as an engine's does: data that the handler does not take is kept
 * and offered again with newer, and there is only as much room to write as the test grants.
 */
final class FakeSocket implements TcpSocket, WriteClaim.Owner {
    private final TcpHandler handler;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private byte[] received = new byte[0];
    private final UnsafeBuffer claimBuffer = new UnsafeBuffer(new byte[65536]);
    private int room;
    private boolean isRefused;
    private boolean isPeerClosed;
    private boolean isOutputShut;
    private Object attachment;
    CloseReason closed = CloseReason.NONE;

    FakeSocket(TcpHandler handler, int room) {
        this.handler = handler;
        this.room = room;
    }

    FakeSocket connect() {
        handler.onConnected(this);
        return this;
    }

    /** The peer sends; the handler is called as the engine would. */
    FakeSocket receive(String text) {
        return receive(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    FakeSocket receive(byte[] bytes) {
        final int before = received.length;
        received = Arrays.copyOf(received, before + bytes.length);
        System.arraycopy(bytes, 0, received, before, bytes.length);
        final byte[] offered = received;
        consume(handler.onData(this, new UnsafeBuffer(offered), 0, offered.length), offered.length);
        return this;
    }

    FakeSocket peerCloses() {
        isPeerClosed = true;
        handler.onPeerClosed(this);
        return this;
    }

    /** The peer acknowledges: so many bytes more fit in the send buffer. */
    FakeSocket grant(int bytes) {
        room += bytes;
        if (isRefused && closed == CloseReason.NONE) {
            isRefused = false;
            handler.onWritable(this);
        }
        return this;
    }

    FakeSocket end(CloseReason reason) {
        closed = reason;
        handler.onClosed(this, reason);
        return this;
    }

    byte[] sentBytes() {
        return sent.toByteArray();
    }

    /** What was sent since the last call. */
    String takeSent() {
        final String text = sent.toString(StandardCharsets.ISO_8859_1);
        sent.reset();
        return text;
    }

    boolean isOutputShut() {
        return isOutputShut;
    }

    @Override
    public int offer(DirectBuffer buffer, int offset, int length) {
        if (isOutputShut || closed != CloseReason.NONE) {
            return CLOSED;
        }
        final int taken = Math.min(room, length);
        isRefused |= taken < length;
        final byte[] bytes = new byte[taken];
        buffer.getBytes(offset, bytes);
        sent.writeBytes(bytes);
        room -= taken;
        return taken == 0 && length > 0 ? BACK_PRESSURED : taken;
    }

    @Override
    public int tryClaim(int length, WriteClaim claim) {
        if (room < length) {
            isRefused = true;
            return BACK_PRESSURED;
        }
        claim.lend(this, claimBuffer, 0, length);
        return length;
    }

    @Override
    public void endClaim(int length) {
        offer(claimBuffer, 0, length);
    }

    @Override
    public int poll(DataHandler dataHandler, int limit) {
        final int length = Math.min(limit, received.length);
        if (length == 0) {
            return isPeerClosed ? CLOSED : 0;
        }
        final int taken = dataHandler.onData(new UnsafeBuffer(received), 0, length);
        consume(taken, length);
        return taken;
    }

    private void consume(int taken, int offered) {
        if (taken < 0 || taken > offered) {
            throw new AssertionError("handler took " + taken + " of " + offered);
        }
        received = Arrays.copyOfRange(received, taken, received.length);
    }

    @Override
    public int bytesToMark() {
        return -1;
    }

    @Override
    public int available() {
        return received.length;
    }

    @Override
    public int writable() {
        return room;
    }

    @Override
    public void shutdownOutput() {
        isOutputShut = true;
    }

    @Override
    public void close() {
        if (closed == CloseReason.NONE) {
            end(received.length == 0 ? CloseReason.NORMAL : CloseReason.ABORTED);
        }
    }

    @Override
    public void abort() {
        if (closed == CloseReason.NONE) {
            end(CloseReason.ABORTED);
        }
    }

    @Override
    public CloseReason closeReason() {
        return closed;
    }

    @Override
    public int offer(DirectBuffer buffer, int offset, int length, int flags) {
        return offer(buffer, offset, length);
    }

    @Override
    public int peek(MutableDirectBuffer buffer, int offset, int length) {
        final int count = Math.min(length, received.length);
        buffer.putBytes(offset, received, 0, count);
        return count;
    }

    @Override
    public int unacknowledged() {
        return 0;
    }

    @Override
    public int unsent() {
        return 0;
    }

    @Override
    public int readiness() {
        return (received.length > 0 ? Readiness.IN : 0) | (room > 0 ? Readiness.OUT : 0);
    }

    @Override
    public void shutdownInput() {}

    @Override
    public void disconnect() {}

    @Override
    public int connect(InetAddress remote, int port) {
        return IS_CONNECTED;
    }

    @Override
    public OptionResult setOption(SocketOption option, long value) {
        return OptionResult.UNSUPPORTED;
    }

    @Override
    public long option(SocketOption option) {
        return 0;
    }

    @Override
    public OptionResult setCongestionControl(String name) {
        return OptionResult.UNSUPPORTED;
    }

    @Override
    public String congestionControl() {
        return "cubic";
    }

    @Override
    public SocketError takeError() {
        return SocketError.NONE;
    }

    @Override
    public TcpState state() {
        return closed == CloseReason.NONE ? TcpState.ESTABLISHED : TcpState.CLOSED;
    }

    @Override
    public boolean isPeerClosed() {
        return isPeerClosed;
    }

    @Override
    public InetAddress localAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public int localPort() {
        return 1;
    }

    @Override
    public InetAddress remoteAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public int remotePort() {
        return 2;
    }

    @Override
    public long id() {
        return 1;
    }

    @Override
    public void setNoDelay(boolean on) {}

    @Override
    public void setCork(boolean on) {}

    @Override
    public void setQuickAck(boolean on) {}

    @Override
    public void info(TcpInfo info) {
        info.state = state();
    }

    @Override
    public Object attachment() {
        return attachment;
    }

    @Override
    public void attach(Object newAttachment) {
        attachment = newAttachment;
    }
}
