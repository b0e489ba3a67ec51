package io.spinwire.tcp;

import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketOptionsBuilder;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpSocket;
import io.spinwire.nic.FaultNic;
import io.spinwire.nic.FaultProfile;
import io.spinwire.nic.Pipe;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A sender that never runs out of data, a receiver that reads all at once, and between them a link of limited rate with
 * a queue before it, in virtual time.
 */
final class Bottleneck implements AutoCloseable {
    static final long MS = 1_000_000;
    private static final int PORT = 9;

    final CachedNanoClock clock = new CachedNanoClock();
    final Engine sender;
    final Engine receiver;
    final FaultNic link;
    private final Pipe pipe = new Pipe();
    private final TcpInfo info = new TcpInfo();
    private final TcpSocket socket;
    private final UnsafeBuffer data = new UnsafeBuffer(new byte[65_536]);
    private long receivedBytes;

    /** @param path the way from the sender; the way back has its delay only */
    Bottleneck(TcpConfigBuilder tcp, FaultProfile path, long backDelayNs) {
        this(tcp.build(), path, backDelayNs, options -> options);
    }

    /** @param options of the sender */
    Bottleneck(TcpConfig config, FaultProfile path, long backDelayNs, UnaryOperator<SocketOptionsBuilder> options) {
        clock.update(1_000_000 * MS);
        final FaultProfile back =
                FaultProfile.builder().delay(backDelayNs, 0).holdFrames(100_000).build();
        link = new FaultNic(pipe.a(), clock, 1, FaultProfile.none(), path);
        sender = Engine.create(engine("10.0.0.1/24", config), link);
        receiver = Engine.create(
                engine("10.0.0.2/24", config), new FaultNic(pipe.b(), clock, 2, FaultProfile.none(), back));
        receiver.listen(PORT, SocketOptions.DEFAULTS, new Reader());
        socket = sender.connect(
                TcpScript.inet(0x0A00_0002),
                PORT,
                options.apply(SocketOptions.builder()).build(),
                new Writer());
    }

    private EngineConfig engine(String address, TcpConfig tcp) {
        return EngineConfig.builder()
                .address(address)
                .neighbour("10.0.0.1", Pipe.DEFAULT_MAC_A)
                .neighbour("10.0.0.2", Pipe.DEFAULT_MAC_B)
                .clock(clock)
                .seed(1)
                .tcp(tcp)
                .build();
    }

    TcpInfo info() {
        socket.info(info);
        return info;
    }

    /** The sender's connection, looked into. */
    TcpSock sock() {
        return ((InlineSocket) socket).sock;
    }

    /** Lets so much time pass, with turns whenever an engine wants one. */
    void run(long ns) {
        run(ns, () -> false);
    }

    /** The same, until {@code isDone} after a turn. */
    void run(long ns, BooleanSupplier isDone) {
        final long end = clock.nanoTime() + ns;
        while (clock.nanoTime() < end && !isDone.getAsBoolean()) {
            while (sender.doWork() + receiver.doWork() > 0) {}
            final long next = Math.min(sender.nextDeadlineNs(), receiver.nextDeadlineNs());
            clock.update(Math.min(Math.max(next, clock.nanoTime() + 1), end));
        }
    }

    /** Bytes a second that have arrived over the next {@code ns}. */
    long goodput(long ns) {
        final long before = receivedBytes;
        run(ns);
        return (receivedBytes - before) * 1_000 * MS / ns;
    }

    @Override
    public void close() {
        sender.close();
        receiver.close();
    }

    /** Takes all. */
    private final class Reader implements TcpHandler {
        @Override
        public int onData(TcpSocket reading, DirectBuffer buffer, int offset, int length) {
            receivedBytes += length;
            return length;
        }
    }

    /** Fills the send buffer whenever there is room. */
    private final class Writer implements TcpHandler {
        @Override
        public void onConnected(TcpSocket writing) {
            fill(writing);
        }

        @Override
        public void onWritable(TcpSocket writing) {
            fill(writing);
        }

        private void fill(TcpSocket writing) {
            while (writing.offer(data, 0, data.capacity()) > 0) {}
        }

        @Override
        public int onData(TcpSocket reading, DirectBuffer buffer, int offset, int length) {
            return length;
        }
    }
}
