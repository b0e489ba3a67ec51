package io.spinwire.script;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the settings of a script are called on Linux: the engine-wide ones sysctls, those that begin with
 * {@code socket.} socket options. All sysctls are written before a script is played, so that it does not matter how the
 * machine is set up.
 */
public final class LinuxSettings {
    private static final String SOCKET = "socket.";
    private static final String TCP = "net/ipv4/tcp_";
    private static final String PORT = "port"; // the only one for connects
    private static final String CONGESTION_CONTROL = "congestionControl";
    private static final int SOL_SOCKET = 1;
    private static final int SOL_IP = 0;
    private static final int SOL_TCP = 6;

    /** Name, sysctl, what Linux has there. A number after a colon is the field of a sysctl that has several. */
    private static final List<String> SYSCTLS = List.of(
            "timestamps tcp_timestamps on",
            "windowScaling tcp_window_scaling on",
            "sack tcp_sack on",
            "dsack tcp_dsack on",
            "ecn tcp_ecn ACCEPT",
            "ecnFallback tcp_ecn_fallback on",
            "receiveBufferMin tcp_rmem:0 4096",
            "receiveBuffer tcp_rmem:1 131072",
            "receiveBufferMax tcp_rmem:2 33554432",
            "receiveAutoTuning tcp_moderate_rcvbuf on",
            "sendBufferMin tcp_wmem:0 4096",
            "sendBuffer tcp_wmem:1 16384",
            "sendBufferMax tcp_wmem:2 4194304",
            "notSentLowat tcp_notsent_lowat 2147483647",
            "reordering tcp_reordering 3",
            "maxReordering tcp_max_reordering 300",
            "rack tcp_recovery on",
            "tlp tcp_early_retrans on",
            "frto tcp_frto on",
            "slowStartAfterIdle tcp_slow_start_after_idle on",
            "pacingSlowStartPercent tcp_pacing_ss_ratio 200",
            "pacingAvoidancePercent tcp_pacing_ca_ratio 120",
            "minRto tcp_rto_min_us 200ms",
            "maxRto tcp_rto_max_ms 120s",
            "minRttWindow tcp_min_rtt_wlen 300s",
            "synRetries tcp_syn_retries 6",
            "synLinearTimeouts tcp_syn_linear_timeouts 4",
            "synAckRetries tcp_synack_retries 5",
            "retriesBeforeDoubt tcp_retries1 3",
            "retries tcp_retries2 15",
            "orphanRetries tcp_orphan_retries 0",
            "keepAliveIdle tcp_keepalive_time 7200s",
            "keepAliveInterval tcp_keepalive_intvl 75s",
            "keepAliveCount tcp_keepalive_probes 9",
            "finTimeout tcp_fin_timeout 60s",
            "timeWaitReuse tcp_tw_reuse LOCAL",
            "timeWaitReuseDelay tcp_tw_reuse_delay 1s",
            "rfc1337 tcp_rfc1337 off",
            "pathMetrics tcp_no_metrics_save on",
            "pathSsthresh tcp_no_ssthresh_metrics_save off",
            "mtuProbing tcp_mtu_probing OFF",
            "baseMss tcp_base_mss 1024",
            "mtuProbeFloor tcp_mtu_probe_floor 48",
            "mtuProbeThreshold tcp_probe_threshold 8",
            "mtuProbeInterval tcp_probe_interval 600s",
            "maxRequests tcp_max_syn_backlog 4096",
            "abortOnOverflow tcp_abort_on_overflow off",
            "synCookies tcp_syncookies WHEN_FULL",
            "fastOpenBlackHoleTimeout tcp_fastopen_blackhole_timeout_sec 0s",
            "invalidRateLimit tcp_invalid_ratelimit 500ms",
            // Linux may answer the fourth and later segments out of order with one ACK; an engine answers each.
            "linux.ackCompression tcp_comp_sack_nr 0");

    /** Bits of tcp_fastopen. */
    private static final Map<String, Integer> FAST_OPEN =
            Map.of("fastOpenClient", 1, "fastOpenServer", 2, "fastOpenWithoutCookie", 0x204);

    private static final Map<String, Integer> ENUMS = Map.ofEntries(
            Map.entry("ecn OFF", 0),
            Map.entry("ecn REQUEST", 1),
            Map.entry("ecn ACCEPT", 2),
            Map.entry("mtuProbing OFF", 0),
            Map.entry("mtuProbing ON_BLACK_HOLE", 1),
            Map.entry("mtuProbing ALWAYS", 2),
            Map.entry("synCookies OFF", 0),
            Map.entry("synCookies WHEN_FULL", 1),
            Map.entry("synCookies ALWAYS", 2),
            Map.entry("timeWaitReuse OFF", 0),
            Map.entry("timeWaitReuse ON", 1),
            Map.entry("timeWaitReuse LOCAL", 2),
            Map.entry("pathMetrics off", 1),
            Map.entry("pathMetrics on", 0),
            Map.entry("pathSsthresh off", 1),
            Map.entry("pathSsthresh on", 0),
            Map.entry("tlp on", 3),
            Map.entry("frto on", 2),
            Map.entry("pathMtuMode DONT", 0),
            Map.entry("pathMtuMode WANT", 1),
            Map.entry("pathMtuMode DO", 2),
            Map.entry("pathMtuMode PROBE", 3));

    private static final Map<String, int[]> OPTIONS = Map.ofEntries(
            Map.entry("noDelay", new int[] {SOL_TCP, 1}),
            Map.entry("mss", new int[] {SOL_TCP, 2}),
            Map.entry("cork", new int[] {SOL_TCP, 3}),
            Map.entry("keepAlive", new int[] {SOL_SOCKET, 9}),
            Map.entry("keepAliveIdle", new int[] {SOL_TCP, 4, 1000}),
            Map.entry("keepAliveInterval", new int[] {SOL_TCP, 5, 1000}),
            Map.entry("keepAliveCount", new int[] {SOL_TCP, 6}),
            Map.entry("synCount", new int[] {SOL_TCP, 7}),
            Map.entry("finWait2", new int[] {SOL_TCP, 8, 1000}),
            Map.entry("deferAccept", new int[] {SOL_TCP, 9, 1000}),
            Map.entry("windowClamp", new int[] {SOL_TCP, 10}),
            Map.entry("quickAck", new int[] {SOL_TCP, 12}),
            Map.entry("userTimeout", new int[] {SOL_TCP, 18, 1}),
            Map.entry("fastOpenQueue", new int[] {SOL_TCP, 23}),
            Map.entry("notSentLowat", new int[] {SOL_TCP, 25}),
            Map.entry("fastOpen", new int[] {SOL_TCP, 30}),
            Map.entry("fastOpenWithoutCookie", new int[] {SOL_TCP, 34}),
            Map.entry("maxPacingRate", new int[] {SOL_SOCKET, 47}),
            Map.entry("receiveLowWater", new int[] {SOL_SOCKET, 18}),
            Map.entry("sendBuffer", new int[] {SOL_SOCKET, 7}),
            Map.entry("receiveBuffer", new int[] {SOL_SOCKET, 8}),
            Map.entry("tos", new int[] {SOL_IP, 1}),
            Map.entry("ttl", new int[] {SOL_IP, 2}),
            Map.entry("pathMtuMode", new int[] {SOL_IP, 10}));

    private LinuxSettings() {}

    /** An option for setsockopt(2). */
    public record SocketOption(String name, int level, int option, byte[] value) {}

    /** Paths under /proc/sys and what is written there, for all settings. */
    public static Map<String, String> sysctls(Map<String, String> settings) {
        final Map<String, String> sysctls = new LinkedHashMap<>();
        for (final String entry : SYSCTLS) {
            final String[] parts = entry.split(" ");
            final String[] path = parts[1].split(":");
            final String text = sysctl(path[0], parts[0], settings.getOrDefault(parts[0], parts[2]));
            sysctls.merge("net/ipv4/" + path[0], text, (first, next) -> first + " " + next);
        }
        int fastOpen = 1;
        for (final Map.Entry<String, Integer> bits : FAST_OPEN.entrySet()) {
            final String value = settings.get(bits.getKey());
            if (value != null) {
                fastOpen = value.equals("on") ? fastOpen | bits.getValue() : fastOpen & ~bits.getValue();
            }
        }
        if (settings.containsKey(PORT)) {
            sysctls.put("net/ipv4/ip_local_port_range", settings.get(PORT) + " " + settings.get(PORT));
        }
        sysctls.put(TCP + "fastopen", Integer.toString(fastOpen));
        return sysctls;
    }

    private static String sysctl(String path, String name, String text) {
        final Integer constant = ENUMS.get(name + " " + text);
        if (constant != null) {
            return constant.toString();
        } else if (!text.matches("[0-9.]+(us|ms|s)")) {
            return text.equals("on") ? "1" : text.equals("off") ? "0" : text;
        }
        final long us = new Value(text).ns() / 1000;
        final boolean isMillis = path.endsWith("_ms") || path.endsWith("ratelimit") || path.endsWith("reuse_delay");
        return Long.toString(path.endsWith("_us") ? us : isMillis ? us / 1000 : us / 1_000_000);
    }

    /** What Linux has where nothing is set, by the names of TcpConfig. */
    static Map<String, String> defaults() {
        final Map<String, String> defaults = new LinkedHashMap<>();
        for (final String entry : SYSCTLS) {
            final String[] parts = entry.split(" ");
            if (!parts[0].startsWith("linux.")) {
                defaults.put(parts[0], parts[2]);
            }
        }
        return defaults;
    }

    /** Whether Linux has such a setting for a namespace. */
    public static boolean isKnown(String name) {
        return SYSCTLS.stream().anyMatch(entry -> entry.startsWith(name + " "))
                || FAST_OPEN.containsKey(name)
                || name.equals(CONGESTION_CONTROL)
                || name.equals(PORT);
    }

    /** The options that every socket of a script gets. Not all congestion controls may be set for a whole namespace. */
    public static List<SocketOption> options(Map<String, String> settings) {
        final Map<String, String> options = new LinkedHashMap<>();
        options.put(CONGESTION_CONTROL, settings.getOrDefault(CONGESTION_CONTROL, "cubic"));
        settings.forEach((name, value) -> {
            if (name.startsWith(SOCKET)) {
                options.put(name.substring(SOCKET.length()), value);
            }
        });
        return options.entrySet().stream()
                .map(option -> option(option.getKey(), option.getValue()))
                .toList();
    }

    /** A socket option by its name in SocketOptions. */
    public static SocketOption option(String name, String text) {
        final ByteBuffer buffer = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
        if (name.equals(CONGESTION_CONTROL)) {
            return new SocketOption(name, SOL_TCP, 13, text.getBytes(StandardCharsets.US_ASCII));
        } else if (name.equals("linger")) {
            final long ns = new Value(text).ns();
            buffer.putInt(ns < 0 ? 0 : 1).putInt((int) (Math.max(ns, 0) / 1_000_000_000));
            return new SocketOption(name, SOL_SOCKET, 13, buffer.array());
        }
        final int[] known = OPTIONS.get(name);
        SegmentSyntax.check(known != null, "no socket option is called " + name);
        final Integer constant = ENUMS.get(name + " " + text);
        long number = constant != null ? constant : 0;
        if (constant == null) {
            number = known.length == 3 ? new Value(text).ns() / 1_000_000 / known[2] : new Value(text).number();
        }
        if (name.equals("sendBuffer") || name.equals("receiveBuffer")) {
            number /= 2; // Linux doubles what it is asked for
        }
        final byte[] value = buffer.putInt((int) number).array();
        return new SocketOption(name, known[0], known[1], java.util.Arrays.copyOf(value, Integer.BYTES));
    }
}
