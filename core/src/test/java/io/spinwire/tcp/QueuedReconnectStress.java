package io.spinwire.tcp;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketError;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpState;
import io.spinwire.queue.DoorbellQueue;
import java.net.InetAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The application disconnects and connects again while the engine still ends the old connection, and then begins the
 * new one with a byte in its ring: the application sees connecting, or the new connection with its byte; nothing of the
 * old one, and no error.
 */
@JCStressTest
@Outcome(id = "0, [01], 0", expect = ACCEPTABLE, desc = "connecting, and perhaps established a moment later")
@Outcome(id = "4, 1, 0", expect = ACCEPTABLE, desc = "the new connection with its byte")
@State
public class QueuedReconnectStress {
    private static final int CAPACITY = 4;
    private static final int CONNECTING = TcpState.SYN_SENT.ordinal();

    private final NoConnector connector = new NoConnector();
    private final QueuedSocket socket =
            new QueuedSocket(SocketOptions.DEFAULTS, NoConnector.DEFAULTS, connector, new DoorbellQueue<>(4));
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[] {7, 7});

    public QueuedReconnectStress() {
        socket.receiveQueue.attach(new UnsafeBuffer(new byte[CAPACITY]), 0, CAPACITY);
        socket.receiveQueue.write(0, bytes, 0, 2);
        socket.receiveQueue.publish(2);
        socket.end.publish(TcpState.ESTABLISHED, CloseReason.NONE);
    }

    @Actor
    public void engine() {
        socket.words.publishError(SocketError.ECONNRESET);
        socket.end.publish(TcpState.CLOSED, CloseReason.RESET);
        if (connector.epochAsked == 0) {
            return;
        }
        socket.end.beginAgain(connector.epochAsked);
        socket.receiveQueue.attach(new UnsafeBuffer(new byte[CAPACITY]), 0, CAPACITY);
        socket.receiveQueue.write(0, bytes, 0, 1);
        socket.receiveQueue.publish(1);
        socket.end.publish(TcpState.ESTABLISHED, CloseReason.NONE);
    }

    @Actor
    public void application(III_Result result) {
        socket.disconnect();
        socket.connect(InetAddress.getLoopbackAddress(), 80);
        final TcpState state = socket.state();
        result.r1 = state.ordinal() == CONNECTING ? 0 : state.ordinal();
        result.r2 = socket.poll((buffer, offset, length) -> length, CAPACITY);
        result.r3 = socket.takeError().ordinal();
    }
}
