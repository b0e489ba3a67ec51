package io.spinwire.tcp;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketError;
import io.spinwire.api.TcpState;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The engine publishes an error and the end of the connection while the application asks: the error is taken once, and
 * who sees the end has it, or had it.
 */
@JCStressTest
@Outcome(id = "1, [01], 1", expect = ACCEPTABLE, desc = "taken once, and not after the end without an error")
@State
public class QueuedErrorStress {
    private final QueuedWords words = new QueuedWords();
    private int taken;

    @Actor
    public void engine() {
        words.publishError(SocketError.ECONNRESET);
        words.publish(TcpState.CLOSED, CloseReason.RESET, false, false);
    }

    @Actor
    public void application(III_Result result) {
        take();
        result.r2 = words.isEnd() ? 1 : 0;
        take();
        result.r3 = result.r2 == 0 ? 1 : taken;
    }

    @Arbiter
    public void afterwards(III_Result result) {
        take();
        result.r1 = taken;
    }

    private void take() {
        taken += words.takeError() == SocketError.ECONNRESET ? 1 : 0;
    }
}
