package io.spinwire.tcp;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

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
 * A full send ring: the application offers one byte while the engine frees room and then looks whether somebody waits
 * for it. Either the byte is taken, or the engine sees that it must tell.
 */
@JCStressTest
@Outcome(id = "1, [01]", expect = ACCEPTABLE, desc = "there was room in time")
@Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "refused, and the engine will tell")
@Outcome(id = "-1, 0", expect = FORBIDDEN, desc = "refused, and nobody will ever tell")
@State
public class QueuedSocketRoomStress {
    private static final int CAPACITY = 4;

    private final QueuedSocket socket =
            new QueuedSocket(SocketOptions.DEFAULTS, NoConnector.DEFAULTS, new NoConnector(), new DoorbellQueue<>(4));
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[CAPACITY]);

    public QueuedSocketRoomStress() {
        socket.writeQueue.attach(new UnsafeBuffer(new byte[CAPACITY]), 0, CAPACITY);
        socket.end.publish(TcpState.ESTABLISHED, CloseReason.NONE);
        socket.offer(bytes, 0, CAPACITY);
    }

    @Actor
    public void application(II_Result result) {
        result.r1 = socket.offer(bytes, 0, 1);
    }

    @Actor
    public void engine(II_Result result) {
        socket.writeQueue.release(CAPACITY - 1);
        result.r2 = socket.words.isWaitingForRoom() ? 1 : 0;
    }
}
