package io.spinwire.tcp;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.spinwire.api.Readiness;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import io.spinwire.queue.DoorbellQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The engine queues a connection and tells the poller, to which the listener is just being added: it is accepted. */
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "the connection was accepted")
@State
public class ReadyPollerAcceptStress implements SocketPoller.ReadyHandler {
    private final Listener listener = new Listener(0, 80, 0, SocketOptions.DEFAULTS, null, 0);
    private final QueuedListener queued = new QueuedListener(listener, null);
    private final QueuedSocket socket =
            new QueuedSocket(SocketOptions.DEFAULTS, NoConnector.DEFAULTS, new NoConnector(), new DoorbellQueue<>(4));
    private final ReadyPoller poller = new ReadyPoller(4);
    private int accepted;

    @Actor
    public void engine() {
        listener.acceptQueue.offer(socket);
        ReadyPoller.tell(queued, Readiness.IN);
    }

    @Actor
    public void application() {
        poller.add(queued, Readiness.IN | SocketPoller.EDGE);
        poller.poll(this, 1);
    }

    @Arbiter
    public void afterwards(I_Result result) {
        poller.poll(this, 1);
        result.r1 = accepted;
    }

    @Override
    public void onReady(TcpSocket ready, int bits) {}

    @Override
    public void onAcceptable(TcpListener acceptable) {
        accepted += acceptable.accept() == socket ? 1 : 0;
    }
}
