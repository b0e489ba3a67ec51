package io.spinwire.script;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spinwire.wire.TcpOptions;
import java.util.HexFormat;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** TCP options of a script's segments as bytes, and back. */
final class Options {
    private static final int SPACE = 40;

    private Options() {}

    /**
     * The options in the order that the segment names them, padded with NOP as Linux does.
     *
     * @param iss what SACK blocks count from
     * @param names of timestamps
     */
    static byte[] of(Segment segment, boolean isSyn, int iss, Map<String, Integer> names) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2 * SPACE]);
        int offset = 0;
        for (final String option : segment.options) {
            offset = switch (option) {
                case "nop" -> nop(buffer, offset, 1);
                case "mss" -> TcpOptions.putMss(buffer, offset, segment.mss);
                case "wscale" -> TcpOptions.putWindowScale(buffer, offset, segment.windowScale);
                case "sackok" -> header(buffer, offset, TcpOptions.SACK_PERMITTED, 2);
                case "ts" -> timestamps(buffer, isSyn ? offset : nop(buffer, offset, 2), segment, names);
                case "sack" -> sack(buffer, nop(buffer, offset, 2), segment.sack, iss);
                case "fo" -> cookie(buffer, offset, segment.cookie, false);
                case "foexp" -> cookie(buffer, offset, segment.cookie, true);
                default -> throw new ScriptException("the peer cannot send the option " + option);
            };
        }
        offset = nop(buffer, offset, -offset & 3);
        SegmentSyntax.check(offset <= SPACE, "options of " + offset + " bytes are more than " + SPACE);
        final byte[] bytes = new byte[offset];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    private static int nop(UnsafeBuffer buffer, int offset, int count) {
        buffer.setMemory(offset, count, (byte) TcpOptions.NOP);
        return offset + count;
    }

    private static int header(UnsafeBuffer buffer, int offset, int kind, int length) {
        buffer.putByte(offset, (byte) kind);
        buffer.putByte(offset + 1, (byte) length);
        return offset + 2;
    }

    private static int timestamps(UnsafeBuffer buffer, int offset, Segment segment, Map<String, Integer> names) {
        final int value = header(buffer, offset, TcpOptions.TIMESTAMPS, TcpOptions.TIMESTAMPS_LENGTH);
        buffer.putInt(value, timestamp(segment.tsVal, names), BIG_ENDIAN);
        buffer.putInt(value + 4, timestamp(segment.tsEcr, names), BIG_ENDIAN);
        return value + 8;
    }

    private static int timestamp(String text, Map<String, Integer> names) {
        if (names.containsKey(text)) {
            return names.get(text);
        }
        try {
            return (int) Long.parseLong(text);
        } catch (final NumberFormatException e) {
            throw new ScriptException("no timestamp was called " + text + " before");
        }
    }

    private static int sack(UnsafeBuffer buffer, int offset, int[] edges, int iss) {
        int next = header(buffer, offset, TcpOptions.SACK, 2 + edges.length * 4);
        for (final int edge : edges) {
            buffer.putInt(next, iss + edge, BIG_ENDIAN);
            next += 4;
        }
        return next;
    }

    private static int cookie(UnsafeBuffer buffer, int offset, String hex, boolean isExperimental) {
        final byte[] cookie = HexFormat.of().parseHex(hex);
        final int value = isExperimental
                ? TcpOptions.putFastOpenExperiment(buffer, offset, cookie.length)
                : TcpOptions.putFastOpen(buffer, offset, cookie.length);
        buffer.putBytes(value, cookie);
        return value + cookie.length;
    }

    /** Reads the options between two offsets; {@code iss} is what SACK blocks count from. */
    static void read(Segment segment, UnsafeBuffer buffer, int start, int end, int iss) {
        final StringBuilder layout = new StringBuilder();
        int offset = start;
        while (offset < end) {
            final int kind = buffer.getByte(offset) & 0xFF;
            final int length = kind <= TcpOptions.NOP ? 1 : buffer.getByte(offset + 1);
            SegmentSyntax.check(length > 0 && offset + length <= end, "the stack's option " + kind + " is malformed");
            final String name = option(segment, buffer, offset, length, iss);
            layout.append(layout.isEmpty() ? "" : " ").append(name);
            if (kind > TcpOptions.NOP) {
                segment.options.add(name);
            }
            offset += length;
        }
        segment.layout = layout.toString();
    }

    private static String option(Segment segment, UnsafeBuffer buffer, int offset, int length, int iss) {
        final int value = offset + 2;
        return switch (buffer.getByte(offset)) {
            case TcpOptions.END -> "end";
            case TcpOptions.NOP -> "nop";
            case TcpOptions.MSS -> {
                segment.mss = TcpOptions.shortValue(buffer, value);
                yield "mss";
            }
            case TcpOptions.WINDOW_SCALE -> {
                segment.windowScale = buffer.getByte(value);
                yield "wscale";
            }
            case TcpOptions.SACK_PERMITTED -> "sackok";
            case TcpOptions.TIMESTAMPS -> {
                segment.tsVal = Integer.toUnsignedString(TcpOptions.intValue(buffer, value));
                segment.tsEcr = Integer.toUnsignedString(TcpOptions.intValue(buffer, value + 4));
                yield "ts";
            }
            case TcpOptions.SACK -> {
                segment.sack = new int[(length - 2) / 4];
                for (int i = 0; i < segment.sack.length; i++) {
                    segment.sack[i] = TcpOptions.intValue(buffer, value + 4 * i) - iss;
                }
                yield "sack";
            }
            case TcpOptions.FAST_OPEN -> {
                segment.cookie = cookie(buffer, value, length - 2);
                yield "fo";
            }
            case (byte) TcpOptions.EXPERIMENTAL -> {
                final boolean isFastOpen = length >= TcpOptions.EXPERIMENTAL_LENGTH
                        && TcpOptions.shortValue(buffer, value) == TcpOptions.FAST_OPEN_EXPERIMENT;
                SegmentSyntax.check(isFastOpen, "the stack's option 254 is not Fast Open's");
                segment.cookie = cookie(buffer, value + 2, length - TcpOptions.EXPERIMENTAL_LENGTH);
                yield "foexp";
            }
            default -> "option" + (buffer.getByte(offset) & 0xFF);
        };
    }

    private static String cookie(UnsafeBuffer buffer, int offset, int length) {
        final byte[] cookie = new byte[length];
        buffer.getBytes(offset, cookie);
        return HexFormat.of().formatHex(cookie);
    }
}
