package io.spinwire.daemon.config;

import io.spinwire.EngineConfigBuilder;
import io.spinwire.api.TcpConfigBuilder;
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

    private final Map<String, Setting> byPath = new LinkedHashMap<>();

    Settings() {
        network();
        services();
        run();
        engine();
        tcpBuffers();
        tcpTimes();
        tcpLimits();
    }

    Setting find(String path) {
        return byPath.get(path);
    }

    Collection<Setting> all() {
        return byPath.values();
    }

    private void network() {
        text("nic", (c, v) -> c.nic = v);
        texts("addresses", (c, v) -> v.forEach(c::address));
        text("gateway", DaemonConfig::gateway);
        texts("routes", (c, v) -> v.forEach(c::route));
        texts("neighbours", (c, v) -> v.forEach(c::neighbour));
        flag("all-ports", (c, v) -> c.allPorts = v);
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
        limit("engine.command-limit", EngineConfigBuilder::commandLimit);
        limit("engine.timer-limit", EngineConfigBuilder::timerLimit);
        limit("engine.first-port", EngineConfigBuilder::firstPort);
        limit("engine.last-port", EngineConfigBuilder::lastPort);
        limit("engine.ttl", EngineConfigBuilder::ttl);
        limit("engine.mtu", EngineConfigBuilder::mtu);
        limit("engine.vlan-id", EngineConfigBuilder::vlanId);
        limit("engine.icmp-per-second", EngineConfigBuilder::icmpPerSecond);
        flag("engine.accept-partial-checksums", (c, v) -> c.engine.acceptPartialChecksums(v));
        flag("engine.fast-path", (c, v) -> c.engine.fastPath(v));
    }

    private void tcpBuffers() {
        flag("tcp.timestamps", (c, v) -> c.tcp.timestamps(v));
        flag("tcp.window-scaling", (c, v) -> c.tcp.windowScaling(v));
        tcp("tcp.receive-buffer", TcpConfigBuilder::receiveBuffer);
        tcp("tcp.receive-buffer-max", TcpConfigBuilder::receiveBufferMax);
        tcp("tcp.send-buffer", TcpConfigBuilder::sendBuffer);
        tcp("tcp.send-buffer-max", TcpConfigBuilder::sendBufferMax);
        tcp("tcp.initial-window", TcpConfigBuilder::initialWindow);
        tcp("tcp.reordering", TcpConfigBuilder::reordering);
        flag("tcp.slow-start-after-idle", (c, v) -> c.tcp.slowStartAfterIdle(v));
        text("tcp.congestion-control", (c, v) -> c.tcp.congestionControl(v));
    }

    private void tcpTimes() {
        tcpTime("tcp.initial-rto", TcpConfigBuilder::initialRtoNs);
        tcpTime("tcp.min-rto", TcpConfigBuilder::minRtoNs);
        tcpTime("tcp.max-rto", TcpConfigBuilder::maxRtoNs);
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

    private void tcpLimits() {
        tcp("tcp.syn-retries", TcpConfigBuilder::synRetries);
        tcp("tcp.syn-linear-timeouts", TcpConfigBuilder::synLinearTimeouts);
        tcp("tcp.syn-ack-retries", TcpConfigBuilder::synAckRetries);
        tcp("tcp.retries", TcpConfigBuilder::retries);
        tcp("tcp.orphan-retries", TcpConfigBuilder::orphanRetries);
        tcp("tcp.max-time-wait", TcpConfigBuilder::maxTimeWait);
        tcp("tcp.max-requests", TcpConfigBuilder::maxRequests);
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
