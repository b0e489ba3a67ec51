package io.spinwire.bench.end;

import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.nic.Nic;
import io.spinwire.nic.NicFilter;
import io.spinwire.nic.Nics;
import io.spinwire.stats.Counter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** An AF_XDP NIC with an engine on it, or without: what this end needs of Spinwire. */
final class Stack implements AutoCloseable {
    private static final int MAX_SOCKETS = 65536;
    private static final long MEMORY_BYTES = 512L << 20;

    private final Nic nic;
    private final Engine engine;

    private Stack(Nic nic, Engine engine) {
        this.nic = nic;
        this.engine = engine;
    }

    /** {@code nic=afxdp:eth0,... address=10.0.0.1/24}, and what differs from Linux's defaults. */
    static Stack engine(Words words, NanoClock clock) {
        final EngineConfig config = EngineConfig.builder()
                .address(words.text("address"))
                .clock(clock)
                .tcp(tcp(words))
                .maxSockets(MAX_SOCKETS)
                .memoryLimitBytes(MEMORY_BYTES)
                .receiveBurst((int) words.number("receive-burst", 64))
                .receivePauseNs(words.number("receive-pause-ns", 0))
                .firstPort((int) words.number("first-port", 32768))
                .lastPort((int) words.number("last-port", 60999))
                .build();
        final Nic nic = Nics.open(words.text("nic"), config.filter(), clock);
        return new Stack(nic, Engine.create(config, nic));
    }

    private static TcpConfig tcp(Words words) {
        final TcpConfigBuilder tcp = TcpConfig.builder();
        if (words.has("max-time-wait")) {
            tcp.maxTimeWait((int) words.number("max-time-wait"));
        }
        return tcp.build();
    }

    /** The NIC alone; {@code filter-address=192.0.2.1} is whose frames it takes. */
    static Stack raw(Words words) throws UnknownHostException {
        final int[] addresses = words.has("filter-address")
                ? new int[] {
                    ByteBuffer.wrap(InetAddress.getByName(words.text("filter-address"))
                                    .getAddress())
                            .getInt()
                }
                : new int[0];
        return new Stack(
                Nics.open(words.text("nic"), new NicFilter(addresses, new int[0]), SystemNanoClock.INSTANCE), null);
    }

    Engine engine() {
        return engine;
    }

    Nic nic() {
        return nic;
    }

    /**
     * Figures that tell whether the run was what it says, as {@code name=value} words. The longest turn is that since
     * they were asked for the last time.
     */
    String figures() {
        final StringBuilder text = new StringBuilder();
        nic.visitFigures((name, description, value) ->
                text.append(name).append('=').append(value).append(' '));
        if (engine != null) {
            for (final Counter counter : new Counter[] {
                Counter.TcpRetransSegs,
                Counter.TcpTimeouts,
                Counter.LinkTxRefused,
                Counter.TcpOutSegs,
                Counter.TcpInSegs,
                Counter.EngineLongestTurnNs
            }) {
                text.append(counter)
                        .append('=')
                        .append(engine.counters().get(counter))
                        .append(' ');
            }
            engine.counters().set(Counter.EngineLongestTurnNs, 0);
            text.append("drops=").append(engine.counters().totalDrops());
        }
        return text.toString().strip();
    }

    /** Turns until there is nothing to do: a busy one lasts until the next begins, and that may be much later. */
    void rest() {
        while (engine.doWork() > 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        if (engine == null) {
            nic.close();
        } else {
            engine.close(); // and the NIC with it
        }
    }
}
