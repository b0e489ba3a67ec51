package io.spinwire.daemon.service;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/**
 * The head of an HTTP/1.1 request (RFC 9112), parsed where it lies, without strings: what was found is kept as numbers
 * and as the place of the target in the buffer. Strict where a lax parser invites request smuggling: white space before
 * a colon, folded lines, two lengths, a length beside a transfer coding. Used again for every request of a connection;
 * one thread.
 */
final class HttpRequest {
    /** Returned by {@link #parse}: no whole head there yet. */
    static final int INCOMPLETE = 0;

    static final int BAD_REQUEST = 400;
    static final int NOT_IMPLEMENTED = 501;
    static final int VERSION_NOT_SUPPORTED = 505;

    /** What is served, and everything else. */
    enum Method {
        GET,
        HEAD,
        OTHER
    }

    private static final byte[] HOST = ascii("host");
    private static final byte[] CONNECTION = ascii("connection");
    private static final byte[] CONTENT_LENGTH = ascii("content-length");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding");
    private static final byte[] EXPECT = ascii("expect");
    private static final byte[] CLOSE = ascii("close");
    private static final byte[] KEEP_ALIVE = ascii("keep-alive");
    private static final byte[] HTTP_1 = ascii("http/1.");
    private static final byte[] GET = ascii("get");
    private static final byte[] HEAD = ascii("head");
    private static final byte[] SCHEME = ascii("http://");

    /** Longest number of digits taken for a length: more is no body that anyone sends. */
    private static final int MAX_LENGTH_DIGITS = 15;

    private Method method;
    private boolean isKeptAlive;
    private int pathOffset;
    private int pathLength;
    private long contentLength;

    private boolean isHttp10;
    private int hosts;
    private boolean hasTransferEncoding;
    private boolean hasExpectation;

    Method method() {
        return method;
    }

    /** Whether the connection stays open after the response. */
    boolean isKeptAlive() {
        return isKeptAlive;
    }

    /** Where the path begins in the buffer that was parsed; the query is not part of it. */
    int pathOffset() {
        return pathOffset;
    }

    int pathLength() {
        return pathLength;
    }

    /** Bytes of body that follow the head. */
    long contentLength() {
        return contentLength;
    }

    /**
     * Parses one head.
     *
     * @return bytes of the head, {@link #INCOMPLETE}, or a negative status code of HTTP when it cannot be served
     */
    int parse(DirectBuffer buffer, int offset, int length) {
        final int limit = offset + length;
        int position = skipEmptyLines(buffer, offset, limit);
        final int lineEnd = lineEnd(buffer, position, limit);
        if (lineEnd < 0) {
            return INCOMPLETE;
        }
        reset();
        int status = requestLine(buffer, position, withoutCr(buffer, position, lineEnd));
        position = lineEnd + 1;
        while (true) {
            final int end = lineEnd(buffer, position, limit);
            if (end < 0) {
                return INCOMPLETE; // a wrong line is answered when its head is complete
            }
            final int textEnd = withoutCr(buffer, position, end);
            if (textEnd == position) {
                status = status == 0 ? check() : status;
                return status == 0 ? end + 1 - offset : -status;
            }
            status = status == 0 ? field(buffer, position, textEnd) : status;
            position = end + 1;
        }
    }

    private void reset() {
        method = Method.OTHER;
        isKeptAlive = true;
        pathOffset = 0;
        pathLength = 0;
        contentLength = -1;
        isHttp10 = false;
        hosts = 0;
        hasTransferEncoding = false;
        hasExpectation = false;
    }

    /** RFC 9112 section 2.2: empty lines before a request are ignored. */
    private static int skipEmptyLines(DirectBuffer buffer, int offset, int limit) {
        int position = offset;
        while (position < limit && (buffer.getByte(position) == '\r' || buffer.getByte(position) == '\n')) {
            position++;
        }
        return position;
    }

    /** {@code method SP target SP HTTP/1.x}, RFC 9112 section 3. */
    private int requestLine(DirectBuffer buffer, int offset, int end) {
        final int firstSpace = indexOf(buffer, ' ', offset, end);
        final int secondSpace = firstSpace < 0 ? -1 : indexOf(buffer, ' ', firstSpace + 1, end);
        if (secondSpace < 0 || firstSpace == offset || !isToken(buffer, offset, firstSpace)) {
            return BAD_REQUEST;
        }
        final int versionOffset = secondSpace + 1;
        final int versionLength = end - versionOffset;
        if (versionLength != HTTP_1.length + 1 || !startsWith(buffer, versionOffset, end, HTTP_1)) {
            return startsWith(buffer, versionOffset, end, HTTP_1, 5) ? VERSION_NOT_SUPPORTED : BAD_REQUEST;
        }
        isHttp10 = buffer.getByte(end - 1) == '0';
        isKeptAlive = !isHttp10;
        method = method(buffer, offset, firstSpace);
        return target(buffer, firstSpace + 1, secondSpace);
    }

    private static Method method(DirectBuffer buffer, int offset, int end) {
        // Methods are case-sensitive (RFC 9110 section 9.1): "get" is some other method.
        if (buffer.getByte(offset) == 'G' && equalsIgnoreCase(buffer, offset, end, GET)) {
            return Method.GET;
        }
        return buffer.getByte(offset) == 'H' && equalsIgnoreCase(buffer, offset, end, HEAD)
                ? Method.HEAD
                : Method.OTHER;
    }

    /** Origin form, absolute form or the asterisk; the query is cut off. RFC 9112 section 3.2. */
    private int target(DirectBuffer buffer, int offset, int end) {
        int start = offset;
        if (startsWith(buffer, offset, end, SCHEME)) {
            start = indexOf(buffer, '/', offset + SCHEME.length, end);
            start = start < 0 ? end : start;
        } else if (offset == end || buffer.getByte(offset) != '/' && buffer.getByte(offset) != '*') {
            return method == Method.OTHER ? 0 : BAD_REQUEST; // CONNECT's authority form is answered with 405
        }
        int pathEnd = start;
        while (pathEnd < end && buffer.getByte(pathEnd) != '?' && buffer.getByte(pathEnd) != '#') {
            if (buffer.getByte(pathEnd) <= ' ') {
                return BAD_REQUEST;
            }
            pathEnd++;
        }
        pathOffset = start;
        pathLength = pathEnd - start;
        return 0;
    }

    /** {@code name: value}, RFC 9112 section 5; a folded line begins with a space, which is no name. */
    private int field(DirectBuffer buffer, int offset, int end) {
        final int colon = indexOf(buffer, ':', offset, end);
        if (colon <= offset || !isToken(buffer, offset, colon)) {
            return BAD_REQUEST;
        }
        int valueOffset = colon + 1;
        while (valueOffset < end && isBlank(buffer.getByte(valueOffset))) {
            valueOffset++;
        }
        int valueEnd = end;
        while (valueEnd > valueOffset && isBlank(buffer.getByte(valueEnd - 1))) {
            valueEnd--;
        }
        for (int i = valueOffset; i < valueEnd; i++) {
            final byte b = buffer.getByte(i);
            if (b >= 0 && b < ' ' && b != '\t') {
                return BAD_REQUEST;
            }
        }
        return namedField(buffer, offset, colon, valueOffset, valueEnd);
    }

    private int namedField(DirectBuffer buffer, int offset, int colon, int valueOffset, int valueEnd) {
        if (equalsIgnoreCase(buffer, offset, colon, HOST)) {
            hosts++;
        } else if (equalsIgnoreCase(buffer, offset, colon, CONNECTION)) {
            connection(buffer, valueOffset, valueEnd);
        } else if (equalsIgnoreCase(buffer, offset, colon, CONTENT_LENGTH)) {
            return length(buffer, valueOffset, valueEnd);
        } else if (equalsIgnoreCase(buffer, offset, colon, TRANSFER_ENCODING)) {
            hasTransferEncoding = true;
        } else if (equalsIgnoreCase(buffer, offset, colon, EXPECT)) {
            hasExpectation = true;
        }
        return 0;
    }

    /** A list of options, of which two mean something here (RFC 9112 section 9.3). */
    private void connection(DirectBuffer buffer, int offset, int end) {
        int position = offset;
        while (position < end) {
            final int comma = indexOf(buffer, ',', position, end);
            int optionEnd = comma < 0 ? end : comma;
            final int next = optionEnd + 1;
            while (position < optionEnd && isBlank(buffer.getByte(position))) {
                position++;
            }
            while (optionEnd > position && isBlank(buffer.getByte(optionEnd - 1))) {
                optionEnd--;
            }
            if (equalsIgnoreCase(buffer, position, optionEnd, CLOSE)) {
                isKeptAlive = false;
            } else if (isHttp10 && equalsIgnoreCase(buffer, position, optionEnd, KEEP_ALIVE)) {
                isKeptAlive = true;
            }
            position = next;
        }
    }

    private int length(DirectBuffer buffer, int offset, int end) {
        long value = 0;
        for (int i = offset; i < end; i++) {
            final int digit = buffer.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return BAD_REQUEST;
            }
            value = value * 10 + digit;
        }
        final boolean isDifferent = contentLength >= 0 && contentLength != value;
        if (offset == end || end - offset > MAX_LENGTH_DIGITS || isDifferent) {
            return BAD_REQUEST;
        }
        contentLength = value;
        return 0;
    }

    private int check() {
        if (hosts > 1 || hosts == 0 && !isHttp10) { // RFC 9112 section 3.2
            return BAD_REQUEST;
        }
        if (hasTransferEncoding) { // RFC 9112 section 6.1: both together may be an attempt at smuggling
            return contentLength >= 0 ? BAD_REQUEST : NOT_IMPLEMENTED;
        }
        contentLength = Math.max(0, contentLength);
        // RFC 9110 section 10.1.1: after our final status the body may come or not, so the stream ends here.
        isKeptAlive &= !hasExpectation;
        return 0;
    }

    private static int lineEnd(DirectBuffer buffer, int offset, int limit) {
        return indexOf(buffer, '\n', offset, limit);
    }

    /** RFC 9112 section 2.2: a single LF ends a line too. */
    private static int withoutCr(DirectBuffer buffer, int offset, int lineEnd) {
        return lineEnd > offset && buffer.getByte(lineEnd - 1) == '\r' ? lineEnd - 1 : lineEnd;
    }

    private static int indexOf(DirectBuffer buffer, char c, int offset, int end) {
        for (int i = offset; i < end; i++) {
            if (buffer.getByte(i) == c) {
                return i;
            }
        }
        return -1;
    }

    /** RFC 9110 section 5.6.2. */
    private static boolean isToken(DirectBuffer buffer, int offset, int end) {
        for (int i = offset; i < end; i++) {
            final int c = buffer.getByte(i);
            final boolean isAlphanumeric = c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            if (!isAlphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean startsWith(DirectBuffer buffer, int offset, int end, byte[] lowerCase) {
        return startsWith(buffer, offset, end, lowerCase, lowerCase.length);
    }

    private static boolean startsWith(DirectBuffer buffer, int offset, int end, byte[] lowerCase, int length) {
        return end - offset >= length && equalsIgnoreCase(buffer, offset, lowerCase, length);
    }

    private static boolean equalsIgnoreCase(DirectBuffer buffer, int offset, int end, byte[] lowerCase) {
        return end - offset == lowerCase.length && equalsIgnoreCase(buffer, offset, lowerCase, lowerCase.length);
    }

    private static boolean equalsIgnoreCase(DirectBuffer buffer, int offset, byte[] lowerCase, int length) {
        for (int i = 0; i < length; i++) {
            final int c = buffer.getByte(offset + i);
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
