package io.spinwire.tcp;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.queue.DoorbellQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The engine publishes a byte, twice, and each time tells the poller, while the application adds the socket and reads
 * whenever it is reported: in the end both bytes were read without looking unasked.
 */
@JCStressTest
@Outcome(id = "2", expect = ACCEPTABLE, desc = "all bytes were reported")
@State
public class ReadyPollerStress {
    private static final int CAPACITY = 4;

    private final QueuedSocket socket =
            new QueuedSocket(SocketOptions.DEFAULTS, NoConnector.DEFAULTS, new NoConnector(), new DoorbellQueue<>(4));
    private final ReadyPoller poller = new ReadyPoller(4);
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[] {7});
    private int read;

    public ReadyPollerStress() {
        socket.receiveQueue.attach(new UnsafeBuffer(new byte[CAPACITY]), 0, CAPACITY);
        socket.end.publish(TcpState.ESTABLISHED, CloseReason.NONE);
    }

    @Actor
    public void engine() {
        for (int i = 0; i < 2; i++) {
            socket.receiveQueue.write(i, bytes, 0, 1);
            socket.receiveQueue.publish(i + 1);
            socket.end.publish(TcpState.ESTABLISHED, CloseReason.NONE);
        }
    }

    @Actor
    public void application() {
        poller.add(socket);
        poller.poll(this::onReady, CAPACITY);
        poller.poll(this::onReady, CAPACITY);
    }

    @Arbiter
    public void afterwards(I_Result result) {
        poller.poll(this::onReady, CAPACITY);
        result.r1 = read;
    }

    private void onReady(TcpSocket ready, int bits) {
        read += Math.max(ready.poll((buffer, offset, length) -> length, CAPACITY), 0);
    }
}
