package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.CWR;
import static io.spinwire.wire.TcpHeader.ECE;
import static io.spinwire.wire.TcpHeader.FIN;
import static io.spinwire.wire.TcpHeader.RST;
import static io.spinwire.wire.TcpHeader.SYN;

import io.spinwire.nic.Frame;
import io.spinwire.wire.TcpHeader;
import io.spinwire.wire.TcpOptions;
import org.agrona.MutableDirectBuffer;

/**
 * A received segment, parsed: the one place where a TCP header is read. Reused for every segment; valid until the next
 * {@link #parse}. Engine thread only. Linux: {@code struct tcp_skb_cb} and {@code tcp_options_received}.
 */
final class Segment {
    /** Option not present. */
    static final int NO_WINDOW_SCALE = -1;

    static final int NO_COOKIE = -1;

    MutableDirectBuffer buffer;
    int headerOffset;
    int headerLength;
    int dataOffset;
    int dataLength;

    long addressPair;

    /** Local port in the high half, remote port in the low half: with the address pair, the key of a connection. */
    int ports;

    /** First sequence number: of the SYN, the first byte, or the FIN. */
    int seq;

    /** {@code seq + SYN + dataLength + FIN}. */
    int endSeq;

    int ackSeq;
    int flags;

    /** Data offset, flags and window as one word. */
    int control;

    /** Window field, unscaled. */
    int window;

    long receivedNs;

    /** TOS of its datagram; the low two bits are ECN's. */
    int tos;

    boolean hasTimestamps;
    int tsVal;
    int tsEcr;

    /** From a SYN, or 0. */
    int mss;

    /** From a SYN, 0 to 14, or {@link #NO_WINDOW_SCALE}. */
    int windowScale;

    /** A SYN that permits SACK. */
    boolean isSackPermitted;

    /** Blocks of selective acknowledgment, in the order in which they came. RFC 2018 section 3. */
    int sackCount;

    /** First number of each block. */
    final int[] sackStart = new int[TcpOptions.MAX_SACK_BLOCKS];

    /** The number behind each block. */
    final int[] sackEnd = new int[TcpOptions.MAX_SACK_BLOCKS];

    /** From a SYN: bytes of the Fast Open cookie, 0 for a request, {@link #NO_COOKIE} for no such option. */
    int cookieLength = NO_COOKIE;

    /** Its bytes in network order, the first on top, filled up with zeros. */
    long cookieHigh;

    long cookieLow;

    /** The option had its experimental form. */
    boolean isCookieExperimental;

    private boolean areOptionsParsed;

    /** Reads the fixed header. False when it is short, or longer than the datagram. */
    boolean parse(Frame frame, long pair) {
        final int length = frame.transportLength();
        if (length < TcpHeader.LENGTH) {
            return false;
        }
        buffer = frame.buffer;
        headerOffset = frame.transportOffset;
        headerLength = TcpHeader.headerLength(buffer, headerOffset);
        if (headerLength < TcpHeader.LENGTH || headerLength > length) {
            return false;
        }
        dataOffset = headerOffset + headerLength;
        dataLength = length - headerLength;
        addressPair = pair;
        ports = TcpHeader.destinationPort(buffer, headerOffset) << 16 | TcpHeader.sourcePort(buffer, headerOffset);
        seq = TcpHeader.seq(buffer, headerOffset);
        ackSeq = TcpHeader.ackSeq(buffer, headerOffset);
        control = TcpHeader.control(buffer, headerOffset);
        flags = TcpHeader.flags(buffer, headerOffset);
        window = TcpHeader.window(buffer, headerOffset);
        endSeq = seq + dataLength + (flags & FIN) + ((flags & SYN) >> 1);
        receivedNs = frame.receivedNs;
        tos = frame.tos;
        hasTimestamps = false;
        sackCount = 0;
        areOptionsParsed = false;
        return true;
    }

    /**
     * Reads the options, if they were not read already. An unknown or ill-sized option is skipped by its length; RFC
     * 9293 section 3.1 (MUST-7).
     *
     * @return false when an option overruns the header: the segment must be dropped
     */
    boolean parseOptions() {
        if (areOptionsParsed) {
            return true;
        }
        areOptionsParsed = true;
        mss = 0;
        windowScale = NO_WINDOW_SCALE;
        isSackPermitted = false;
        cookieLength = NO_COOKIE;
        if (parseAlignedTimestamps()) {
            return true;
        }
        hasTimestamps = false;
        int offset = headerOffset + TcpHeader.LENGTH;
        while (offset < dataOffset) {
            final int kind = buffer.getByte(offset) & 0xFF;
            if (kind == TcpOptions.END) {
                return true;
            }
            if (kind == TcpOptions.NOP) {
                offset++;
                continue;
            }
            final int length = offset + 1 < dataOffset ? buffer.getByte(offset + 1) & 0xFF : 0;
            if (length < 2 || offset + length > dataOffset) {
                return false;
            }
            takeOption(kind, length, offset + 2);
            offset += length;
        }
        return true;
    }

    /** Reads options that are exactly NOP NOP timestamps, as nearly all are. Linux: tcp_parse_aligned_timestamp(). */
    boolean parseAlignedTimestamps() {
        final int options = headerOffset + TcpHeader.LENGTH;
        if (headerLength != TcpHeader.LENGTH + TcpOptions.TIMESTAMPS_ALIGNED_LENGTH
                || !TcpOptions.isAlignedTimestamps(buffer, options)) {
            return false;
        }
        takeTimestamps(options + 4);
        return true;
    }

    private void takeOption(int kind, int length, int value) {
        switch (kind) {
            case TcpOptions.MSS -> {
                if (length == TcpOptions.MSS_LENGTH && isSyn()) {
                    mss = TcpOptions.shortValue(buffer, value);
                }
            }
            case TcpOptions.WINDOW_SCALE -> {
                if (length == TcpOptions.WINDOW_SCALE_LENGTH && isSyn()) {
                    windowScale = Math.min(buffer.getByte(value) & 0xFF, TcpOptions.MAX_WINDOW_SCALE);
                }
            }
            case TcpOptions.TIMESTAMPS -> {
                if (length == TcpOptions.TIMESTAMPS_LENGTH) {
                    takeTimestamps(value);
                }
            }
            case TcpOptions.SACK_PERMITTED -> {
                if (length == TcpOptions.SACK_PERMITTED_LENGTH && isSyn()) {
                    isSackPermitted = true;
                }
            }
            case TcpOptions.SACK -> takeSackBlocks(length, value);
            case TcpOptions.FAST_OPEN -> takeCookie(length - 2, value, false);
            case TcpOptions.EXPERIMENTAL -> takeExperiment(length, value);
            default -> {} // RFC 9293 MUST-6: ignored
        }
    }

    private void takeExperiment(int length, int value) {
        if (length >= TcpOptions.EXPERIMENTAL_LENGTH
                && TcpOptions.shortValue(buffer, value) == TcpOptions.FAST_OPEN_EXPERIMENT) {
            takeCookie(length - TcpOptions.EXPERIMENTAL_LENGTH, value + 2, true);
        }
    }

    /** RFC 7413 section 4.1.1: of 4 to 16 bytes, an even number, or none; anything else is no such option. */
    private void takeCookie(int length, int value, boolean isExperimental) {
        final boolean isSound = length >= TcpOptions.MIN_COOKIE && length <= TcpOptions.MAX_COOKIE && (length & 1) == 0;
        if (!isSyn() || length != 0 && !isSound) {
            return;
        }
        cookieLength = length;
        isCookieExperimental = isExperimental;
        cookieHigh = TcpOptions.cookieWord(buffer, value, length);
        cookieLow = TcpOptions.cookieWord(buffer, value + Long.BYTES, length - Long.BYTES);
    }

    /** Whole blocks only; the header has no room for more than four. RFC 2018 section 3. */
    private void takeSackBlocks(int length, int value) {
        final int bytes = length - 2;
        if (bytes < TcpOptions.SACK_BLOCK_LENGTH || bytes % TcpOptions.SACK_BLOCK_LENGTH != 0 || isSyn()) {
            return;
        }
        sackCount = bytes / TcpOptions.SACK_BLOCK_LENGTH;
        for (int i = 0; i < sackCount; i++) {
            final int block = value + i * TcpOptions.SACK_BLOCK_LENGTH;
            sackStart[i] = TcpOptions.intValue(buffer, block);
            sackEnd[i] = TcpOptions.intValue(buffer, block + 4);
        }
    }

    private void takeTimestamps(int value) {
        hasTimestamps = true;
        tsVal = TcpOptions.intValue(buffer, value);
        tsEcr = TcpOptions.intValue(buffer, value + 4);
    }

    int localPort() {
        return ports >>> 16;
    }

    int remotePort() {
        return ports & 0xFFFF;
    }

    boolean isSyn() {
        return (flags & SYN) != 0;
    }

    boolean isFin() {
        return (flags & FIN) != 0;
    }

    boolean isRst() {
        return (flags & RST) != 0;
    }

    boolean isAck() {
        return (flags & ACK) != 0;
    }

    /** A SYN that asks for ECN. RFC 3168 section 6.1.1. */
    boolean isEcnSetup() {
        return is(ECE) && is(CWR);
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }
}
