package io.spinwire.nic.afxdp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A netlink socket of this thread's network namespace: one request, one reply, as attributes. Messages are nlmsghdr, a
 * fixed part, and attributes (length u16, type u16, payload, padded to 4). Control plane; one thread.
 */
final class Netlink implements AutoCloseable {
    static final int ROUTE = 0;
    static final int GENERIC = 16;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NLM_F_REQUEST = 1;
    private static final int NLMSG_ERROR = 2;
    private static final int HEADER_LENGTH = 16;
    private static final int ATTRIBUTE_HEADER_LENGTH = 4;
    private static final int TYPE_MASK = 0x3FFF; // without the flags "nested" and "network order"
    private static final int REPLY_LENGTH = 64 * 1024;

    private final int fd;

    private Netlink(int fd) {
        this.fd = fd;
    }

    /** @return null when the kernel gives no such socket */
    static Netlink open(int protocol) {
        final int fd = Libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
        return fd < 0 ? null : new Netlink(fd);
    }

    /** Space for the fixed part and attributes of a request. */
    static ByteBuffer body(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.nativeOrder());
    }

    static void putAttribute(ByteBuffer body, int type, int value) {
        body.putShort((short) (ATTRIBUTE_HEADER_LENGTH + Integer.BYTES))
                .putShort((short) type)
                .putInt(value);
    }

    static void putAttribute(ByteBuffer body, int type, String value) {
        final byte[] bytes = (value + "\0").getBytes(StandardCharsets.UTF_8);
        body.putShort((short) (ATTRIBUTE_HEADER_LENGTH + bytes.length))
                .putShort((short) type)
                .put(bytes);
        body.position(body.position() + padding(bytes.length));
    }

    /**
     * Sends a request and waits for its reply.
     *
     * @param body fixed part and attributes, up to its position
     * @param fixedLength bytes of the reply before its attributes
     * @return attributes of the reply by type, or null when the kernel refuses
     */
    Map<Integer, ByteBuffer> call(int type, ByteBuffer body, int fixedLength) {
        final int length = HEADER_LENGTH + body.position();
        final ByteBuffer message = body(length);
        message.putInt(length)
                .putShort((short) type)
                .putShort((short) NLM_F_REQUEST)
                .putInt(1)
                .putInt(0);
        message.put(body.flip());
        try (Struct request = Struct.ofBytes(message.array());
                Struct reply = new Struct(REPLY_LENGTH)) {
            if (Libc.send(fd, request, length) < 0) {
                return null;
            }
            final int received = (int) Libc.receive(fd, reply);
            if (received < HEADER_LENGTH || reply.u16(4) == NLMSG_ERROR) {
                return null;
            }
            final int end = Math.min(received, reply.u32(0));
            final int start = HEADER_LENGTH + fixedLength;
            final ByteBuffer payload = ByteBuffer.wrap(reply.bytes(start, Math.max(0, end - start)));
            return attributes(payload.order(ByteOrder.nativeOrder()));
        }
    }

    /** Attributes of a reply, or of one of its nested attributes. */
    static Map<Integer, ByteBuffer> attributes(ByteBuffer payload) {
        final Map<Integer, ByteBuffer> attributes = new HashMap<>();
        int at = 0;
        while (at + ATTRIBUTE_HEADER_LENGTH <= payload.limit()) {
            final int length = payload.getShort(at) & 0xFFFF;
            if (length < ATTRIBUTE_HEADER_LENGTH || at + length > payload.limit()) {
                break;
            }
            final ByteBuffer value = payload.slice(at + ATTRIBUTE_HEADER_LENGTH, length - ATTRIBUTE_HEADER_LENGTH);
            attributes.put(payload.getShort(at + 2) & TYPE_MASK, value.order(ByteOrder.nativeOrder()));
            at += length + padding(length);
        }
        return attributes;
    }

    static String text(ByteBuffer attribute) {
        final byte[] bytes = new byte[Math.max(0, attribute.limit() - 1)];
        attribute.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int padding(int length) {
        return -length & 3;
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
