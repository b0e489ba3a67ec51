package io.spinwire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import io.spinwire.nic.Nic;
import io.spinwire.nic.Pipe;
import io.spinwire.stats.Counter;
import java.net.InetAddress;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a pause of receiving makes of a stream, between two engines in virtual time. */
class ReceivePauseTurnTest {
    private static final long TURN_NS = 1_000;
    private static final int LENGTH = 4 << 20;
    private static final int CHUNK = 3_000; // in each turn of the sender: its receiver is never behind

    private final CachedNanoClock clock = new CachedNanoClock();
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[CHUNK]);
    private int received;

    private Engine engine(String address, long seed, long pauseNs, Nic nic) {
        clock.update(1_000_000_000L);
        return Engine.create(
                EngineConfig.builder()
                        .address(address)
                        .clock(clock)
                        .seed(seed)
                        .receivePauseNs(pauseNs)
                        .build(),
                nic);
    }

    private long acksOfOneStream(long pauseNs) throws Exception {
        received = 0;
        final Pipe wire = new Pipe();
        try (Engine sender = engine("10.0.0.1/24", 1, 0, wire.a());
                Engine receiver = engine("10.0.0.2/24", 2, pauseNs, wire.b())) {
            receiver.listen(7, SocketOptions.DEFAULTS, new End());
            final End end = new End();
            sender.connect(InetAddress.getByName("10.0.0.2"), 7, SocketOptions.DEFAULTS, end);
            for (int sent = 0; received < LENGTH; clock.update(clock.nanoTime() + TURN_NS)) {
                if (end.socket != null && sent < LENGTH) {
                    sent += Math.max(end.socket.offer(bytes, 0, Math.min(CHUNK, LENGTH - sent)), 0);
                }
                sender.doWork();
                receiver.doWork();
            }
            assertEquals(LENGTH, received);
            return receiver.counters().get(Counter.TcpOutSegs);
        }
    }

    @Test
    void shouldAcknowledgeManySegmentsAtOnceWhenReceivingPauses() throws Exception {
        final long without = acksOfOneStream(0);
        final long with = acksOfOneStream(30_000);
        assertTrue(with < without / 8, with + " ACKs with a pause, " + without + " without");
    }

    /** Counts what comes, and lets the test write. */
    private final class End implements TcpHandler {
        private TcpSocket socket;

        @Override
        public void onConnected(TcpSocket connected) {
            socket = connected;
        }

        @Override
        public int onData(TcpSocket from, DirectBuffer buffer, int offset, int length) {
            received += length;
            return length;
        }
    }
}
