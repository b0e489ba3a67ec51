package io.spinwire.tcp;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.spinwire.api.CloseReason;
import io.spinwire.api.Readiness;
import io.spinwire.api.SocketOptions;
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
 * The engine frees the send ring, and tells the poller if the application waits for room; the application polls, level
 * triggered, for room. In the end it is reported, for who finds none is told.
 */
@JCStressTest
@Outcome(id = "[123]", expect = ACCEPTABLE, desc = "reported")
@State
public class ReadyPollerRoomStress {
    private static final int CAPACITY = 4;

    private final QueuedSocket socket =
            new QueuedSocket(SocketOptions.DEFAULTS, NoConnector.DEFAULTS, new NoConnector(), new DoorbellQueue<>(4));
    private final ReadyPoller poller = new ReadyPoller(4);
    private int reports;

    public ReadyPollerRoomStress() {
        socket.writeQueue.attach(new UnsafeBuffer(new byte[CAPACITY]), 0, CAPACITY);
        socket.end.publish(TcpState.ESTABLISHED, CloseReason.NONE);
        socket.offer(new UnsafeBuffer(new byte[CAPACITY]), 0, CAPACITY);
        poller.add(socket, Readiness.OUT);
    }

    @Actor
    public void engine() {
        socket.writeQueue.release(CAPACITY);
        if (socket.words.isWaitingForRoom()) {
            socket.end.publish(TcpState.ESTABLISHED, CloseReason.NONE);
        }
    }

    @Actor
    public void application() {
        poll();
        poll();
    }

    @Arbiter
    public void afterwards(I_Result result) {
        poll();
        result.r1 = reports;
    }

    private void poll() {
        reports += poller.poll((ready, bits) -> {}, CAPACITY);
    }
}
