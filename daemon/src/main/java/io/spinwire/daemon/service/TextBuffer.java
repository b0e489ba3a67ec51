package io.spinwire.daemon.service;

import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * ASCII text that grows as it is written and is used again for the next page; it allocates only while it becomes longer
 * than ever before. One thread.
 */
public final class TextBuffer {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(16 * 1024);
    private int length;

    public DirectBuffer buffer() {
        return buffer;
    }

    public int length() {
        return length;
    }

    public TextBuffer clear() {
        length = 0;
        return this;
    }

    /** Appends ASCII text; anything else becomes a question mark. */
    public TextBuffer text(String text) {
        length += buffer.putStringWithoutLengthAscii(length, text);
        return this;
    }

    public TextBuffer number(long value) {
        length += buffer.putLongAscii(length, value);
        return this;
    }

    public TextBuffer bytes(DirectBuffer source, int offset, int count) {
        buffer.putBytes(length, source, offset, count);
        length += count;
        return this;
    }

    /** Appends an IPv4 address, {@code 10.0.0.2}. */
    public TextBuffer address(int address) {
        return number(address >>> 24)
                .text(".")
                .number(address >>> 16 & 255)
                .text(".")
                .number(address >>> 8 & 255)
                .text(".")
                .number(address & 255);
    }

    /** Appends text in which HTML's special characters are written as references. */
    public TextBuffer html(String text) {
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            switch (c) {
                case '<' -> text("&lt;");
                case '>' -> text("&gt;");
                case '&' -> text("&amp;");
                case '"' -> text("&quot;");
                default -> character(c);
            }
        }
        return this;
    }

    /** Appends a JSON string with its quotes. */
    public TextBuffer json(String text) {
        character('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                character('\\');
            }
            character(c < ' ' ? ' ' : c);
        }
        return character('"');
    }

    private TextBuffer character(char c) {
        buffer.putByte(length, c < 0x7f ? (byte) c : (byte) '?');
        length++;
        return this;
    }

    @Override
    public String toString() {
        return buffer.getStringWithoutLengthAscii(0, length);
    }
}
