package io.spinwire.api;

import java.net.InetAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * One TCP connection. An inline socket (one with a {@link TcpHandler}) is used on the engine thread only, in callbacks
 * or between turns. A socket without handler is used by one application thread at a time. No method blocks or throws on
 * the data path. After {@link #close()} or {@link #abort()} the socket must not be used again: it may be recycled for
 * another connection.
 */
public interface TcpSocket {
    /** Nothing taken: the send buffer is full. Wait for writability and offer again. */
    int BACK_PRESSURED = -1;

    /** Not connected yet. */
    int NOT_CONNECTED = -2;

    /** This side has shut down its output, or the connection has ended: see {@link #closeReason()}. */
    int CLOSED = -3;

    /** {@link #connect} was called without a {@link #disconnect} before. */
    int IS_CONNECTED = -4;

    /** Flag of {@link #offer(DirectBuffer, int, int, int)}: more will follow at once. Linux: MSG_MORE. */
    int MORE = 1;

    /**
     * Flag of {@link #offer(DirectBuffer, int, int, int)}: the last byte taken is urgent, and every segment up to it
     * says so. The peer reads it in its place in the stream, RFC 6093. Linux: MSG_OOB.
     */
    int URGENT = 1 << 1;

    /**
     * Appends bytes to the stream, as many as there is room for. Linux: {@code send()}.
     *
     * @return bytes taken, 1 to {@code length} (0 for length 0), or {@link #BACK_PRESSURED}, {@link #NOT_CONNECTED},
     *     {@link #CLOSED}
     */
    int offer(DirectBuffer buffer, int offset, int length);

    /**
     * The same with flags. With {@link #MORE}, what does not fill a segment waits, as with {@link #setCork}, but only
     * until the next segment arrives, the next offer without the flag, or 200 ms.
     */
    int offer(DirectBuffer buffer, int offset, int length, int flags);

    /**
     * Claims room for writing in place: all of {@code length} or nothing. At most one claim is open at a time; it ends
     * with {@link WriteClaim#commit(int)} or {@link WriteClaim#abort()}.
     *
     * @return {@code length}, or a negative code as for {@link #offer}
     * @throws IllegalArgumentException when {@code length} is more than the send buffer, or the 64 KiB of a socket of
     *     another thread, can ever hold in one piece
     */
    int tryClaim(int length, WriteClaim claim);

    /**
     * Hands received bytes to {@code handler} in order, at most {@code limit}. What the handler does not take stays.
     * Called by a handler that is reading, it takes nothing. Linux: {@code recv()}.
     *
     * @return bytes taken; 0 when nothing is there now; {@link #CLOSED} when all was read and no more will come
     */
    int poll(DataHandler handler, int limit);

    /**
     * Copies received bytes, which stay to be read. Linux: {@code recv(MSG_PEEK)}.
     *
     * @return bytes copied, at most {@code length}; 0 when nothing is there now; {@link #CLOSED} when all was read and
     *     no more will come
     */
    int peek(MutableDirectBuffer buffer, int offset, int length);

    /**
     * Bytes to be read before the one that the peer has marked as urgent, some of which may not have come yet; 0 when
     * it is the next, -1 when there is none. A read stops before it, so that each piece is wholly before or behind.
     * Linux: SIOCATMARK, with SO_OOBINLINE.
     */
    int bytesToMark();

    /** Received bytes that wait to be read. Linux: {@code ioctl(FIONREAD)}. */
    int available();

    /** Bytes that {@link #offer} would take now. */
    int writable();

    /** Bytes offered and not acknowledged yet, sent or not; a FIN counts as one. Linux: {@code ioctl(SIOCOUTQ)}. */
    int unacknowledged();

    /** Bytes offered and not sent yet; a FIN counts as one. Linux: {@code ioctl(SIOCOUTQNSD)}. */
    int unsent();

    /**
     * What the socket is ready for now, as bits of {@link Readiness}. Linux: {@code poll()}. Asked for {@code OUT} and
     * answered without, a socket of another thread has its poller told when there is room.
     */
    int readiness();

    /**
     * Reads no more: a read finds the end once what waits was taken. What the peer still sends is acknowledged and may
     * be read; after {@link #shutdownOutput()} it resets the connection. Idempotent. Linux: {@code shutdown(SHUT_RD)}.
     */
    void shutdownInput();

    /** Ends this side's stream with a FIN after all that was offered; reading goes on. Idempotent. */
    void shutdownOutput();

    /**
     * Gives the connection up in order: what was offered is still sent, then FIN; unread received bytes turn this into
     * a reset (RFC 9293 section 3.6.1). The last use of this socket by its owner.
     */
    void close();

    /** Gives the connection up with a reset; unsent data is lost. Counts as the owner's close. */
    void abort();

    /**
     * Lets go of the connection, with a reset where the peer has one, and of all that waits in it. The socket stays,
     * and may {@link #connect} again; an inline one has no more callbacks before that. Its options and attachment are
     * kept. Idempotent. Linux: {@code connect(AF_UNSPEC)}.
     */
    void disconnect();

    /**
     * Connects a disconnected socket anew, with its options and under another {@link #id}.
     *
     * @return 0 when it has begun; {@link #IS_CONNECTED}; {@link #BACK_PRESSURED} when the engine has no room now;
     *     {@link #CLOSED}
     * @throws IllegalArgumentException when the address or the port is none that can be connected to
     */
    int connect(InetAddress remote, int port);

    /** {@link CloseReason#NONE} while the connection lives. */
    CloseReason closeReason();

    /**
     * The pending error, which is cleared: what ended the connection, or else what was last heard of the path while it
     * goes on, such as an ICMP message. Linux: {@code getsockopt(SO_ERROR)}.
     *
     * @return {@link SocketError#NONE} when there is none
     */
    SocketError takeError();

    /** State of the connection, as last published by the engine. */
    TcpState state();

    /** Whether the peer has sent its FIN and everything before it has been received. */
    boolean isPeerClosed();

    InetAddress localAddress();

    int localPort();

    InetAddress remoteAddress();

    int remotePort();

    /** A number that no other connection of this engine has or had; another one after {@link #connect}. */
    long id();

    /** Nagle's algorithm off. Linux: TCP_NODELAY. */
    void setNoDelay(boolean on);

    /** Holds back segments that are not full until switched off. Linux: TCP_CORK. */
    void setCork(boolean on);

    /** Acknowledges every segment at once, and stays so. Linux: TCP_QUICKACK, which does not stay. */
    void setQuickAck(boolean on);

    /**
     * Changes an option; for a socket of another thread it holds from the engine's next turn on. Linux:
     * {@code setsockopt()}.
     *
     * @param value in the unit of {@link SocketOptions}
     */
    OptionResult setOption(SocketOption option, long value);

    /** An option's value: what was set, or what the engine gives. Linux: {@code getsockopt()}. */
    long option(SocketOption option);

    /** Goes on with another congestion control. Linux: TCP_CONGESTION. */
    OptionResult setCongestionControl(String name);

    String congestionControl();

    /** Fills {@code info}. For a socket of another thread the figures are those of the engine's last publication. */
    void info(TcpInfo info);

    /** What {@link #attach} stored, or null. */
    Object attachment();

    /** Keeps an application's object with the connection, until it is closed. */
    void attach(Object attachment);
}
