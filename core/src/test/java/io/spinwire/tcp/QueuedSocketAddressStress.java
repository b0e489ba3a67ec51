package io.spinwire.tcp;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpState;
import io.spinwire.queue.DoorbellQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Who sees the state of a new connection also sees its ports. */
@JCStressTest
@Outcome(id = "0, (0|80)", expect = ACCEPTABLE, desc = "too early to know")
@Outcome(id = "1, 80", expect = ACCEPTABLE, desc = "established, on this port")
@Outcome(id = "1, 0", expect = FORBIDDEN, desc = "established, but on no port")
@State
public class QueuedSocketAddressStress {
    private final QueuedSocket socket =
            new QueuedSocket(SocketOptions.DEFAULTS, NoConnector.DEFAULTS, new NoConnector(), new DoorbellQueue<>(4));
    private final TcpSock sock = new TcpSock(0);

    public QueuedSocketAddressStress() {
        sock.ports = 80 << 16 | 4000;
        sock.state = TcpState.ESTABLISHED;
    }

    @Actor
    public void application(II_Result result) {
        result.r1 = socket.state() == TcpState.ESTABLISHED ? 1 : 0;
        result.r2 = socket.localPort();
    }

    @Actor
    public void engine() {
        socket.end.publish(sock);
    }
}
