package io.spinwire.daemon.service;

import io.spinwire.api.DataHandler;
import io.spinwire.api.TcpSocket;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One HTTP connection. A request that arrives whole is parsed in the NIC's frame; parts are collected here, up to a
 * limit. While a response waits for room in the send buffer no further request is taken, so a peer that pipelines
 * without reading is held back by TCP's window. After an error the sending side is closed and input is thrown away
 * until the peer closes too: closing with input unread would reset the connection, and the peer might lose the error
 * message.
 */
final class HttpConnection implements DataHandler {
    /** Longest head of a request, as many servers have it. */
    static final int MAX_HEAD_BYTES = 8192;

    /** Longest body that is read and ignored. */
    static final long MAX_BODY_BYTES = 1 << 20;

    /** Bytes taken after an error, before the connection is reset: enough for what was under way. */
    private static final long MAX_DRAINED_BYTES = 1 << 20;

    private final HttpService service;
    private final HttpRequest request = new HttpRequest();
    private final UnsafeBuffer partial = new UnsafeBuffer(new byte[MAX_HEAD_BYTES]);
    private final ExpandableArrayBuffer pending = new ExpandableArrayBuffer(1024);

    private TcpSocket socket;
    private int partialLength;
    private int pendingPosition;
    private int pendingLength;
    private long loadBytesLeft;
    private long bodyBytesLeft;
    private boolean isHead;
    private boolean isLastResponse;
    private boolean isDraining;
    private long drainedBytes;
    private int index;
    private int activeSecond;

    HttpConnection(HttpService service) {
        this.service = service;
    }

    /** {@code newIndex} is this connection's place among those that are open. */
    void open(TcpSocket newSocket, int newIndex) {
        socket = newSocket;
        index = newIndex;
        activeSecond = service.second();
        partialLength = 0;
        pendingPosition = 0;
        pendingLength = 0;
        loadBytesLeft = 0;
        bodyBytesLeft = 0;
        isHead = false;
        isLastResponse = false;
        isDraining = false;
        drainedBytes = 0;
    }

    void release() {
        socket = null;
    }

    int index() {
        return index;
    }

    void moveTo(int newIndex) {
        index = newIndex;
    }

    /** When a request was last answered, or some of a response taken: a number of {@link HttpService#second}. */
    int activeSecond() {
        return activeSecond;
    }

    /**
     * Between requests the sending side is closed in order; in the middle of one its sender is told so. Who then does
     * not close either, or does not read the response, is idle again a while later and reset.
     */
    void onIdle() {
        activeSecond = service.second();
        if (isSending() || isDraining) {
            socket.abort();
        } else if (partialLength > 0 || bodyBytesLeft > 0) {
            fail("408 Request Timeout"); // RFC 9110 section 15.5.9
        } else {
            isDraining = true;
            socket.shutdownOutput();
        }
    }

    @Override
    public int onData(DirectBuffer buffer, int offset, int length) {
        int taken = 0;
        while (taken < length && !isSending()) {
            final int left = length - taken;
            if (isDraining) {
                taken += drain(left);
            } else if (bodyBytesLeft > 0) {
                final int skipped = (int) Math.min(bodyBytesLeft, left);
                bodyBytesLeft -= skipped;
                taken += skipped;
            } else if (partialLength > 0) {
                taken += takePart(buffer, offset + taken, left);
            } else {
                taken += takeWhole(buffer, offset + taken, left);
            }
        }
        return taken;
    }

    void onWritable() {
        activeSecond = service.second();
        flush();
        while (!isSending() && socket.poll(this, Integer.MAX_VALUE) > 0) {
            // requests that were pipelined behind the response just sent
        }
        closeWhenDone();
    }

    void onPeerClosed() {
        closeWhenDone();
    }

    private void closeWhenDone() {
        if (!isSending() && socket.isPeerClosed() && socket.available() == 0) {
            socket.close();
        }
    }

    private int drain(int length) {
        drainedBytes += length;
        if (drainedBytes > MAX_DRAINED_BYTES) {
            socket.abort();
        }
        return length;
    }

    private int takeWhole(DirectBuffer buffer, int offset, int length) {
        final int head = request.parse(buffer, offset, Math.min(length, MAX_HEAD_BYTES));
        if (head == HttpRequest.INCOMPLETE) {
            return takePart(buffer, offset, length);
        }
        return answer(head, buffer, length);
    }

    /** Adds to the head collected so far, and answers once it is whole. */
    private int takePart(DirectBuffer buffer, int offset, int length) {
        final int before = partialLength;
        final int added = Math.min(length, MAX_HEAD_BYTES - before);
        partial.putBytes(before, buffer, offset, added);
        final int head = request.parse(partial, 0, before + added);
        if (head == HttpRequest.INCOMPLETE) {
            partialLength += added;
            if (partialLength == MAX_HEAD_BYTES) {
                fail("431 Request Header Fields Too Large");
            }
            return added;
        }
        partialLength = 0;
        return answer(head, partial, before + added) - before;
    }

    /** Answers one parsed request; returns the bytes of it, {@code length} where the rest cannot be understood. */
    private int answer(int head, DirectBuffer buffer, int length) {
        if (head < 0) {
            fail(reason(-head));
            return length;
        }
        if (request.contentLength() > MAX_BODY_BYTES) {
            fail("413 Content Too Large");
            return length;
        }
        activeSecond = service.second();
        bodyBytesLeft = request.contentLength();
        isLastResponse = !request.isKeptAlive();
        isHead = request.method() == HttpRequest.Method.HEAD;
        respond(buffer);
        return head;
    }

    private void respond(DirectBuffer buffer) {
        final TextBuffer body = service.body.clear();
        if (request.method() == HttpRequest.Method.OTHER) {
            message("405 Method Not Allowed", "Allow: GET, HEAD\r\n");
            return;
        }
        final HttpPage page = service.page(buffer, request.pathOffset(), request.pathLength());
        if (page != null) {
            page.renderer().render(body);
            send("200 OK", page.contentType(), "Cache-Control: no-store\r\n", body.length());
            return;
        }
        final long loadBytes = HttpService.loadBytes(buffer, request.pathOffset(), request.pathLength());
        if (loadBytes < 0) {
            message("404 Not Found", "");
            return;
        }
        loadBytesLeft = isHead ? 0 : loadBytes;
        send("200 OK", "application/octet-stream", "", loadBytes);
    }

    /** Answers with an error after which the stream cannot be trusted any more. */
    private void fail(String status) {
        service.body.clear();
        isLastResponse = true;
        isHead = false;
        partialLength = 0;
        message(status, "");
    }

    private void message(String status, String fields) {
        service.body.text(status).text("\r\n");
        send(status, "text/plain", fields, service.body.length());
    }

    private void send(String status, String contentType, String fields, long contentLength) {
        final TextBuffer head = service.head.clear();
        head.text("HTTP/1.1 ").text(status).text("\r\nContent-Type: ").text(contentType);
        head.text("\r\nContent-Length: ").number(contentLength).text("\r\n").text(fields);
        head.text(isLastResponse ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n");
        if (!isHead) {
            head.bytes(service.body.buffer(), 0, service.body.length());
        }
        final int sent = Math.max(0, socket.offer(head.buffer(), 0, head.length()));
        pendingPosition = 0;
        pendingLength = head.length() - sent;
        if (pendingLength > 0) {
            pending.putBytes(0, head.buffer(), sent, pendingLength);
        }
        flush();
    }

    private boolean isSending() {
        return pendingLength > 0 || loadBytesLeft > 0;
    }

    /** Sends what waits: the rest of a response, then the load asked for. What finds no room waits for onWritable. */
    private void flush() {
        while (pendingLength > 0) {
            final int sent = socket.offer(pending, pendingPosition, pendingLength);
            if (sent <= 0) {
                return;
            }
            pendingPosition += sent;
            pendingLength -= sent;
        }
        final DirectBuffer block = service.block();
        while (loadBytesLeft > 0) {
            final int sent = socket.offer(block, 0, (int) Math.min(block.capacity(), loadBytesLeft));
            if (sent <= 0) {
                return;
            }
            loadBytesLeft -= sent;
        }
        if (isLastResponse && !isDraining) {
            isDraining = true;
            socket.shutdownOutput();
        }
    }

    private static String reason(int status) {
        return switch (status) {
            case HttpRequest.NOT_IMPLEMENTED -> "501 Not Implemented";
            case HttpRequest.VERSION_NOT_SUPPORTED -> "505 HTTP Version Not Supported";
            default -> "400 Bad Request";
        };
    }
}
