package io.spinwire.nic.afxdp;

import io.spinwire.nic.NicException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a NIC of this driver shall be, as a person writes it: {@code afxdp:IFACE[,key=value]...}. Keys: {@code queue},
 * {@code mode}, {@code copy}, {@code frames}, {@code ring}, {@code frame-size}, {@code busy-poll}, {@code filter},
 * {@code netns}. What is unknown or wrong is refused with what is allowed.
 *
 * @param frames in the UMEM, or {@link #AUTO}: twice the ring
 * @param ring entries of each of the four rings, or {@link #AUTO}: by the NIC's own rings
 * @param frameSize bytes, 2048 or 4096, or {@link #AUTO}: the smallest that the MTU fits
 * @param namespace network namespace to open it in, or empty for this thread's
 */
public record XskSpecification(
        String interfaceName,
        int queue,
        Mode mode,
        Copy copy,
        int frames,
        int ring,
        int frameSize,
        BusyPoll busyPoll,
        Take take,
        String namespace) {

    /** The word before the colon. */
    public static final String SCHEME = "afxdp";

    /** A number that the driver chooses. */
    public static final int AUTO = 0;

    static final int MIN_RING = 64;
    static final int MAX_RING = 32768;
    static final int MIN_TX_FRAMES = 64;
    static final int MAX_FRAMES = 262_144; // at 4096 bytes 1 GiB, which offsets of int hold
    static final int MAX_QUEUE = 4095;

    private static final int MAX_INTERFACE_NAME = 15; // IFNAMSIZ with its end
    private static final String KEYS =
            "queue=N, mode=auto|native|generic, copy=auto|zerocopy|copy, frames=N, ring=N, frame-size=2048|4096,"
                    + " busy-poll=auto|on|off, filter=own|all, netns=NAME";

    /** How the filter program is attached; auto: native, else generic. */
    public enum Mode {
        AUTO,
        NATIVE,
        GENERIC
    }

    /** Whether the NIC writes straight into the UMEM; auto: zero-copy, else copy. */
    public enum Copy {
        AUTO,
        ZEROCOPY,
        COPY
    }

    /** Whether the engine drives the NIC's own poll; auto: where the queue has a NAPI id. */
    public enum BusyPoll {
        AUTO,
        ON,
        OFF
    }

    /** Which frames are taken: those of the engine's filter, or all of the queue. */
    public enum Take {
        OWN,
        ALL
    }

    /** Reads a specification, scheme included. */
    public static XskSpecification parse(String text) {
        final int colon = text.indexOf(':');
        if (colon < 0 || !text.substring(0, colon).equals(SCHEME)) {
            throw new NicException("\"" + text + "\" is not a specification of an AF_XDP NIC: write afxdp:IFACE["
                    + ",key=value]... with " + KEYS);
        }
        final String[] parts = text.substring(colon + 1).split(",", -1);
        checkInterfaceName(text, parts[0]);
        return new Reader(text, keyValues(text, parts)).read(parts[0]);
    }

    private static void checkInterfaceName(String text, String name) {
        if (name.isEmpty() || name.length() > MAX_INTERFACE_NAME || name.matches(".*[\\s/:=].*")) {
            throw new NicException("\"" + text + "\": \"" + name + "\" is not the name of an interface, which has 1 to "
                    + MAX_INTERFACE_NAME + " characters: write afxdp:eth0 for example");
        }
    }

    private static Map<String, String> keyValues(String text, String[] parts) {
        final Map<String, String> values = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            final int equals = parts[i].indexOf('=');
            if (equals <= 0) {
                throw new NicException("\"" + text + "\": \"" + parts[i] + "\" is not key=value; allowed are " + KEYS);
            }
            final String key = parts[i].substring(0, equals);
            if (values.put(key, parts[i].substring(equals + 1)) != null) {
                throw new NicException("\"" + text + "\": " + key + " is given twice");
            }
        }
        return values;
    }

    /** How a person calls it: interface and queue. */
    public String name() {
        return SCHEME + ":" + interfaceName + ",queue=" + queue;
    }

    /** Takes the values one by one; what is left over is unknown. */
    private static final class Reader {
        private final String text;
        private final Map<String, String> values;

        Reader(String text, Map<String, String> values) {
            this.text = text;
            this.values = values;
        }

        XskSpecification read(String interfaceName) {
            final int queue = number("queue", 0, 0, MAX_QUEUE);
            final Mode mode = word("mode", Mode.AUTO);
            final Copy copy = word("copy", Copy.AUTO);
            final int ring = ring();
            final int frames = number("frames", AUTO, Math.max(ring, MIN_RING) + MIN_TX_FRAMES, MAX_FRAMES);
            final int frameSize = frameSize();
            final BusyPoll busyPoll = word("busy-poll", BusyPoll.AUTO);
            final Take take = word("filter", Take.OWN);
            final String namespace = values.getOrDefault("netns", "");
            if (values.remove("netns") != null && !namespace.matches("[\\w.-]+")) {
                throw wrong("netns", namespace, "the name of a network namespace, as ip netns lists them");
            }
            refuseUnknown();
            if (mode == Mode.GENERIC && copy == Copy.ZEROCOPY) {
                throw new NicException("\"" + text + "\": zero-copy needs native XDP: use mode=native, or copy=copy");
            }
            return new XskSpecification(
                    interfaceName, queue, mode, copy, frames, ring, frameSize, busyPoll, take, namespace);
        }

        private int ring() {
            final int ring = number("ring", AUTO, MIN_RING, MAX_RING);
            if (ring != AUTO && Integer.bitCount(ring) != 1) {
                throw wrong("ring", Integer.toString(ring), "a power of two from " + MIN_RING + " to " + MAX_RING);
            }
            return ring;
        }

        private int frameSize() {
            final String value = values.remove("frame-size");
            if (value == null) {
                return AUTO;
            }
            if (!value.equals("2048") && !value.equals("4096")) {
                throw wrong("frame-size", value, "2048 or 4096");
            }
            return Integer.parseInt(value);
        }

        private int number(String key, int byDefault, int min, int max) {
            final String value = values.remove(key);
            if (value == null) {
                return byDefault;
            }
            final boolean isNumber = value.matches("\\d{1,9}");
            if (!isNumber || Integer.parseInt(value) < min || Integer.parseInt(value) > max) {
                throw wrong(key, value, "a number from " + min + " to " + max);
            }
            return Integer.parseInt(value);
        }

        private <E extends Enum<E>> E word(String key, E byDefault) {
            final String value = values.remove(key);
            if (value == null) {
                return byDefault;
            }
            final E[] all = byDefault.getDeclaringClass().getEnumConstants();
            return Arrays.stream(all)
                    .filter(e -> lower(e).equals(value))
                    .findFirst()
                    .orElseThrow(() -> wrong(
                            key, value, Arrays.stream(all).map(Reader::lower).collect(Collectors.joining(", "))));
        }

        private static String lower(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }

        private void refuseUnknown() {
            if (!values.isEmpty()) {
                throw new NicException(
                        "\"" + text + "\": unknown " + String.join(", ", values.keySet()) + "; allowed are " + KEYS);
            }
        }

        private NicException wrong(String key, String value, String allowed) {
            return new NicException("\"" + text + "\": " + key + "=" + value + " is refused; allowed: " + allowed);
        }
    }
}
