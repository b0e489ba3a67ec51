package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.SYN;

import io.spinwire.queue.SackBlocks;
import io.spinwire.wire.Checksum;
import io.spinwire.wire.TcpHeader;
import io.spinwire.wire.TcpOptions;
import org.agrona.MutableDirectBuffer;

/**
 * A segment about to be sent, and the one place where a TCP header is written. Filled in by the sender, written once,
 * reused. Engine thread only.
 */
final class OutSegment {
    /** Index of the socket that sends it, or -1: for hook points only. */
    int sock = -1;

    long addressPair;

    /** Local port in the high half, remote port in the low half. */
    int ports;

    int seq;
    int ackSeq;
    int flags;

    /** Window field, scaled already. */
    int window;

    boolean hasTimestamps;
    int tsVal;
    int tsEcr;

    /** On a SYN: the option's value. */
    int mss;

    /** On a SYN: the option's value, or {@link Segment#NO_WINDOW_SCALE}. */
    int windowScale;

    /** On a SYN: SACK permitted is said. */
    boolean isSackPermitted;

    /** On a SYN: bytes of the Fast Open cookie, or {@link Segment#NO_COOKIE} for no such option. */
    int cookieLength = Segment.NO_COOKIE;

    /** Its bytes in network order, the first on top. */
    long cookieHigh;

    long cookieLow;

    /** The option has its experimental form. */
    boolean isCookieExperimental;

    int tos;

    /** Time to live, or 0 for the engine's. */
    int ttl;

    /** Earliest time at which it may leave; 0 for at once. */
    long departureNs;

    /** Routers may cut the datagram in pieces. */
    boolean mayFragment;

    /** 0 without URG. */
    int urgentPointer;

    /** Blocks of the SACK option, which follow from the next fields; 0 for no option. */
    int sackCount;

    /** Told of first, where they differ: RFC 2883 section 4. */
    int dsackStart;

    int dsackEnd;

    /** The other blocks; null for none. */
    SackBlocks sackBlocks;

    /** Bytes of header and options that {@link #writeHeader} will write. */
    int headerLength() {
        int length = TcpHeader.LENGTH + TcpOptions.sackLength(sackCount);
        if (hasTimestamps) {
            length += TcpOptions.TIMESTAMPS_ALIGNED_LENGTH;
        }
        if ((flags & SYN) != 0) {
            length += TcpOptions.MSS_LENGTH;
            if (isSackPermitted && !hasTimestamps) {
                length += TcpOptions.SACK_PERMITTED_ALIGNED_LENGTH;
            }
            if (windowScale != Segment.NO_WINDOW_SCALE) {
                length += 1 + TcpOptions.WINDOW_SCALE_LENGTH;
            }
            if (cookieLength != Segment.NO_COOKIE) {
                length += TcpOptions.fastOpenLength(cookieLength, isCookieExperimental);
            }
        }
        return length;
    }

    /** Writes header, options and checksum; {@code payloadSum} holds pseudo-header and payload already. */
    void writeHeader(MutableDirectBuffer buffer, int offset, int headerLength, long payloadSum) {
        TcpHeader.putPorts(buffer, offset, ports >>> 16, ports & 0xFFFF);
        TcpHeader.putSeqAndAck(buffer, offset, seq, ackSeq);
        TcpHeader.putControl(buffer, offset, headerLength, flags, window, urgentPointer);
        final long sum = (flags & SYN) == 0
                ? writeUsual(buffer, offset, headerLength, Checksum.addShort(payloadSum, urgentPointer))
                : writeSyn(buffer, offset, headerLength, payloadSum);
        TcpHeader.putChecksum(buffer, offset, Checksum.finish(sum));
    }

    /** Sums the values, not the memory that they were just written to: that would have to wait for the writes. */
    private long writeUsual(MutableDirectBuffer buffer, int offset, int headerLength, long payloadSum) {
        long sum = Checksum.addInt(payloadSum, ports);
        sum = Checksum.addInt(sum, seq);
        sum = Checksum.addInt(sum, ackSeq);
        sum = Checksum.addInt(sum, TcpHeader.controlWord(headerLength, flags, window));
        if (hasTimestamps) {
            TcpOptions.putTimestamps(buffer, offset + TcpHeader.LENGTH, tsVal, tsEcr);
            sum = TcpOptions.addTimestamps(sum, tsVal, tsEcr);
        }
        return sackCount == 0 ? sum : writeSack(buffer, offset + headerLength, sum);
    }

    /** RFC 2018 section 3: behind everything else. */
    private long writeSack(MutableDirectBuffer buffer, int end, long payloadSum) {
        int offset = end - TcpOptions.sackLength(sackCount);
        long sum = TcpOptions.putSack(buffer, offset, sackCount, payloadSum);
        offset += TcpOptions.SACK_ALIGNED_LENGTH;
        final int first = dsackStart == dsackEnd ? 0 : 1;
        if (first > 0) {
            sum = TcpOptions.putSackBlock(buffer, offset, dsackStart, dsackEnd, sum);
            offset += TcpOptions.SACK_BLOCK_LENGTH;
        }
        for (int i = 0; i < sackCount - first; i++) {
            sum = TcpOptions.putSackBlock(buffer, offset, sackBlocks.start(i), sackBlocks.end(i), sum);
            offset += TcpOptions.SACK_BLOCK_LENGTH;
        }
        return sum;
    }

    private long writeSyn(MutableDirectBuffer buffer, int offset, int headerLength, long payloadSum) {
        int option = TcpOptions.putMss(buffer, offset + TcpHeader.LENGTH, mss);
        if (hasTimestamps && isSackPermitted) {
            option = TcpOptions.putSackPermittedAndTimestamps(buffer, option, tsVal, tsEcr);
        } else if (hasTimestamps) {
            option = TcpOptions.putTimestamps(buffer, option, tsVal, tsEcr);
        } else if (isSackPermitted) {
            option = TcpOptions.putSackPermitted(buffer, option);
        }
        if (windowScale != Segment.NO_WINDOW_SCALE) {
            option = TcpOptions.putWindowScale(buffer, option, windowScale);
        }
        if (cookieLength != Segment.NO_COOKIE) {
            writeCookie(buffer, option, offset + headerLength);
        }
        return Checksum.add(payloadSum, buffer, offset, headerLength);
    }

    private void writeCookie(MutableDirectBuffer buffer, int offset, int end) {
        final int cookie = isCookieExperimental
                ? TcpOptions.putFastOpenExperiment(buffer, offset, cookieLength)
                : TcpOptions.putFastOpen(buffer, offset, cookieLength);
        TcpOptions.putCookie(buffer, cookie, cookieLength, cookieHigh, cookieLow);
        TcpOptions.pad(buffer, cookie + cookieLength, end);
    }
}
