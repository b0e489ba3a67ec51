package io.spinwire.daemon.config;

import io.spinwire.EngineConfigBuilder;
import io.spinwire.api.EcnMode;
import io.spinwire.api.HystartMode;
import io.spinwire.api.MtuProbing;
import io.spinwire.api.QdiscKind;
import io.spinwire.api.SynCookieMode;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.api.TimeWaitReuse;
import io.spinwire.daemon.config.Setting.Kind;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ObjLongConsumer;

/**
 * The table of all settings, in the order of the file; what each means stands in the file itself,
 * {@code spinwire.toml}.
 */
final class Settings {
    private static final int MAX_PORT = 65535;
    private static final int MAX_NIC_SIZE = 1 << 24; // the driver knows its own limits

    private final Map<String, Setting> byPath = new LinkedHashMap<>();

    Settings() {
        network();
        services();
        run();
        engine();
        tcpOptions();
        tcpBuffers();
        tcpCongestion();
        tcpRecovery();
        tcpTimes();
        tcpOpening();
        tcpPath();
    }

    Setting find(String path) {
        return byPath.get(path);
    }

    Collection<Setting> all() {
        return byPath.values();
    }

    private void network() {
        text("profile", (c, v) -> c.profile = v);
        text("nic", (c, v) -> c.nic = v);
        texts("addresses", (c, v) -> v.forEach(c::address));
        text("gateway", DaemonConfig::gateway);
        texts("routes", (c, v) -> v.forEach(c::route));
        texts("neighbours", (c, v) -> v.forEach(c::neighbour));
        flag("all-ports", (c, v) -> c.allPorts = v);
        number("afxdp.ring", (c, v) -> c.ring = ranged(v, 0, MAX_NIC_SIZE));
        number("afxdp.frames", (c, v) -> c.frames = ranged(v, 0, MAX_NIC_SIZE));
    }

    private void services() {
        port("services.echo", (c, v) -> c.echoPort = v);
        port("services.discard", (c, v) -> c.discardPort = v);
        port("services.chargen", (c, v) -> c.chargenPort = v);
        port("services.http", (c, v) -> c.httpPort = v);
        text("services.ping", DaemonConfig::ping);
    }

    private void run() {
        text("run.name", DaemonConfig::name);
        text("run.folder", (c, v) -> c.folder = v);
        text("run.idle", DaemonConfig::idle);
        number("run.cpu", (c, v) -> c.cpu = ranged(v, -1, 1023));
        flag("run.own-cpu", (c, v) -> c.ownCpu = v);
        text("run.pcap", (c, v) -> c.pcap = v);
        duration("run.shutdown-timeout", DaemonConfig::shutdownTimeoutNs);
    }

    private void engine() {
        big("engine.memory-limit-bytes", EngineConfigBuilder::memoryLimitBytes);
        limit("engine.max-sockets", EngineConfigBuilder::maxSockets);
        limit("engine.max-listeners", EngineConfigBuilder::maxListeners);
        limit("engine.max-neighbours", EngineConfigBuilder::maxNeighbours);
        limit("engine.max-pending-packets", EngineConfigBuilder::maxPendingPackets);
        limit("engine.loopback-frames", EngineConfigBuilder::loopbackFrames);
        limit("engine.receive-burst", EngineConfigBuilder::receiveBurst);
        duration("engine.receive-pause", (c, v) -> c.engine.receivePauseNs(v));
        limit("engine.command-limit", EngineConfigBuilder::commandLimit);
        limit("engine.timer-limit", EngineConfigBuilder::timerLimit);
        limit("engine.first-port", EngineConfigBuilder::firstPort);
        limit("engine.last-port", EngineConfigBuilder::lastPort);
        limit("engine.ttl", EngineConfigBuilder::ttl);
        limit("engine.mtu", EngineConfigBuilder::mtu);
        choice("engine.qdisc", QdiscKind.class, (c, v) -> c.engine.qdisc(v));
        limit("engine.qdisc-limit", EngineConfigBuilder::qdiscLimit);
        limit("engine.vlan-id", EngineConfigBuilder::vlanId);
        limit("engine.icmp-per-second", EngineConfigBuilder::icmpPerSecond);
        flag("engine.accept-partial-checksums", (c, v) -> c.engine.acceptPartialChecksums(v));
        flag("engine.fast-path", (c, v) -> c.engine.fastPath(v));
    }

    private void tcpOptions() {
        flag("tcp.timestamps", (c, v) -> c.tcp.timestamps(v));
        flag("tcp.timestamps-in-micros", (c, v) -> c.tcp.timestampsInMicros(v));
        flag("tcp.window-scaling", (c, v) -> c.tcp.windowScaling(v));
        flag("tcp.sack", (c, v) -> c.tcp.sack(v));
        flag("tcp.dsack", (c, v) -> c.tcp.dsack(v));
        choice("tcp.ecn", EcnMode.class, (c, v) -> c.tcp.ecn(v));
        flag("tcp.ecn-fallback", (c, v) -> c.tcp.ecnFallback(v));
    }

    private void tcpBuffers() {
        tcp("tcp.receive-buffer-min", TcpConfigBuilder::receiveBufferMin);
        tcp("tcp.receive-buffer", TcpConfigBuilder::receiveBuffer);
        tcp("tcp.receive-buffer-max", TcpConfigBuilder::receiveBufferMax);
        flag("tcp.receive-auto-tuning", (c, v) -> c.tcp.receiveAutoTuning(v));
        tcp("tcp.send-buffer-min", TcpConfigBuilder::sendBufferMin);
        tcp("tcp.send-buffer", TcpConfigBuilder::sendBuffer);
        tcp("tcp.send-buffer-max", TcpConfigBuilder::sendBufferMax);
        tcp("tcp.not-sent-lowat", TcpConfigBuilder::notSentLowat);
    }

    private void tcpCongestion() {
        tcp("tcp.initial-window", TcpConfigBuilder::initialWindow);
        flag("tcp.slow-start-after-idle", (c, v) -> c.tcp.slowStartAfterIdle(v));
        text("tcp.congestion-control", (c, v) -> c.tcp.congestionControl(v));
        choice("tcp.hystart", HystartMode.class, (c, v) -> c.tcp.hystart(v));
        flag("tcp.pacing", (c, v) -> c.tcp.pacing(v));
        tcp("tcp.pacing-slow-start-percent", TcpConfigBuilder::pacingSlowStartPercent);
        tcp("tcp.pacing-avoidance-percent", TcpConfigBuilder::pacingAvoidancePercent);
    }

    private void tcpRecovery() {
        tcp("tcp.reordering", TcpConfigBuilder::reordering);
        tcp("tcp.max-reordering", TcpConfigBuilder::maxReordering);
        flag("tcp.rack", (c, v) -> c.tcp.rack(v));
        flag("tcp.tlp", (c, v) -> c.tcp.tlp(v));
        flag("tcp.frto", (c, v) -> c.tcp.frto(v));
        tcpTime("tcp.initial-rto", TcpConfigBuilder::initialRtoNs);
        tcpTime("tcp.min-rto", TcpConfigBuilder::minRtoNs);
        tcpTime("tcp.max-rto", TcpConfigBuilder::maxRtoNs);
        tcpTime("tcp.min-rtt-window", TcpConfigBuilder::minRttWindowNs);
        tcp("tcp.retries-before-doubt", TcpConfigBuilder::retriesBeforeDoubt);
        tcp("tcp.retries", TcpConfigBuilder::retries);
        tcp("tcp.orphan-retries", TcpConfigBuilder::orphanRetries);
        tcp("tcp.max-orphans", TcpConfigBuilder::maxOrphans);
    }

    private void tcpTimes() {
        tcpTime("tcp.min-delayed-ack", TcpConfigBuilder::minDelayedAckNs);
        tcpTime("tcp.max-delayed-ack", TcpConfigBuilder::maxDelayedAckNs);
        tcp("tcp.quick-ack-segments", TcpConfigBuilder::quickAckSegments);
        tcpTime("tcp.keep-alive-idle", TcpConfigBuilder::keepAliveIdleNs);
        tcpTime("tcp.keep-alive-interval", TcpConfigBuilder::keepAliveIntervalNs);
        tcp("tcp.keep-alive-count", TcpConfigBuilder::keepAliveCount);
        tcpTime("tcp.fin-timeout", TcpConfigBuilder::finTimeoutNs);
        tcpTime("tcp.time-wait", TcpConfigBuilder::timeWaitNs);
        tcpTime("tcp.invalid-rate-limit", TcpConfigBuilder::invalidRateLimitNs);
    }

    private void tcpOpening() {
        tcp("tcp.syn-retries", TcpConfigBuilder::synRetries);
        tcp("tcp.syn-linear-timeouts", TcpConfigBuilder::synLinearTimeouts);
        tcp("tcp.syn-ack-retries", TcpConfigBuilder::synAckRetries);
        tcp("tcp.max-requests", TcpConfigBuilder::maxRequests);
        choice("tcp.syn-cookies", SynCookieMode.class, (c, v) -> c.tcp.synCookies(v));
        flag("tcp.abort-on-overflow", (c, v) -> c.tcp.abortOnOverflow(v));
        flag("tcp.fast-open-client", (c, v) -> c.tcp.fastOpenClient(v));
        flag("tcp.fast-open-server", (c, v) -> c.tcp.fastOpenServer(v));
        flag("tcp.fast-open-without-cookie", (c, v) -> c.tcp.fastOpenWithoutCookie(v));
        tcpTime("tcp.fast-open-black-hole-timeout", TcpConfigBuilder::fastOpenBlackHoleTimeoutNs);
        tcp("tcp.max-time-wait", TcpConfigBuilder::maxTimeWait);
        choice("tcp.time-wait-reuse", TimeWaitReuse.class, (c, v) -> c.tcp.timeWaitReuse(v));
        tcpTime("tcp.time-wait-reuse-delay", TcpConfigBuilder::timeWaitReuseDelayNs);
        flag("tcp.rfc1337", (c, v) -> c.tcp.rfc1337(v));
    }

    private void tcpPath() {
        flag("tcp.path-metrics", (c, v) -> c.tcp.pathMetrics(v));
        flag("tcp.path-ssthresh", (c, v) -> c.tcp.pathSsthresh(v));
        tcp("tcp.max-path-metrics", TcpConfigBuilder::maxPathMetrics);
        flag("tcp.path-mtu-discovery", (c, v) -> c.tcp.pathMtuDiscovery(v));
        choice("tcp.mtu-probing", MtuProbing.class, (c, v) -> c.tcp.mtuProbing(v));
        tcp("tcp.base-mss", TcpConfigBuilder::baseMss);
        tcp("tcp.mtu-probe-floor", TcpConfigBuilder::mtuProbeFloor);
        tcp("tcp.mtu-probe-threshold", TcpConfigBuilder::mtuProbeThreshold);
        tcpTime("tcp.mtu-probe-interval", TcpConfigBuilder::mtuProbeIntervalNs);
    }

    private void limit(String path, ObjIntConsumer<EngineConfigBuilder> target) {
        number(path, (c, v) -> target.accept(c.engine, ranged(v, 0, Integer.MAX_VALUE)));
    }

    private void big(String path, ObjLongConsumer<EngineConfigBuilder> target) {
        number(path, (c, v) -> target.accept(c.engine, v));
    }

    private void tcp(String path, ObjIntConsumer<TcpConfigBuilder> target) {
        number(path, (c, v) -> target.accept(c.tcp, ranged(v, 0, Integer.MAX_VALUE)));
    }

    private void tcpTime(String path, ObjLongConsumer<TcpConfigBuilder> target) {
        duration(path, (c, v) -> target.accept(c.tcp, v));
    }

    private <E extends Enum<E>> void choice(String path, Class<E> type, BiConsumer<DaemonConfig, E> target) {
        text(path, (c, v) -> target.accept(c, Choices.of(type, v)));
    }

    private void port(String path, ObjIntConsumer<DaemonConfig> target) {
        number(path, (c, v) -> target.accept(c, ranged(v, 0, MAX_PORT)));
    }

    private static int ranged(long value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(value + " is out of range: allowed are " + min + " to " + max);
        }
        return (int) value;
    }

    private void flag(String path, BiConsumer<DaemonConfig, Boolean> target) {
        add(path, Kind.FLAG, (c, v) -> target.accept(c, (Boolean) v));
    }

    private void number(String path, ObjLongConsumer<DaemonConfig> target) {
        add(path, Kind.NUMBER, (c, v) -> target.accept(c, (Long) v));
    }

    private void duration(String path, ObjLongConsumer<DaemonConfig> target) {
        add(path, Kind.DURATION, (c, v) -> target.accept(c, (Long) v));
    }

    private void text(String path, BiConsumer<DaemonConfig, String> target) {
        add(path, Kind.TEXT, (c, v) -> target.accept(c, (String) v));
    }

    private void texts(String path, BiConsumer<DaemonConfig, List<String>> target) {
        add(
                path,
                Kind.TEXTS,
                (c, v) -> target.accept(
                        c, ((List<?>) v).stream().map(String.class::cast).toList()));
    }

    private void add(String path, Kind kind, BiConsumer<DaemonConfig, Object> target) {
        byPath.put(path, new Setting(path, kind, target));
    }
}
