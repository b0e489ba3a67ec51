package io.spinwire.tcp;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpState;
import io.spinwire.queue.DoorbellQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The last byte and the peer's FIN arrive while the application reads: it is never told of the end (-3) before it has
 * read the byte (1).
 */
@JCStressTest
@Outcome(id = "0, [01]", expect = ACCEPTABLE, desc = "the byte came after the first look")
@Outcome(id = "1, (0|-3)", expect = ACCEPTABLE, desc = "the byte, then perhaps the end")
@State
public class QueuedSocketEndStress {
    private static final int CAPACITY = 4;

    private final QueuedSocket socket =
            new QueuedSocket(SocketOptions.DEFAULTS, NoConnector.DEFAULTS, new NoConnector(), new DoorbellQueue<>(4));
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[] {7});

    public QueuedSocketEndStress() {
        socket.receiveQueue.attach(new UnsafeBuffer(new byte[CAPACITY]), 0, CAPACITY);
        socket.end.publish(TcpState.ESTABLISHED, CloseReason.NONE);
    }

    @Actor
    public void application(II_Result result) {
        result.r1 = socket.poll((buffer, offset, length) -> length, CAPACITY);
        result.r2 = socket.poll((buffer, offset, length) -> length, CAPACITY);
    }

    @Actor
    public void engine() {
        socket.receiveQueue.write(0, bytes, 0, 1);
        socket.receiveQueue.publish(1);
        socket.words.publish(TcpState.CLOSE_WAIT, CloseReason.NONE, true, false);
    }
}
