package io.spinwire.bench.end;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.Pipe;
import io.spinwire.nic.PipeNic;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CostsTest {
    private static String answerTo(String command) throws InterruptedException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayInputStream in = new ByteArrayInputStream((command + "\n").getBytes(StandardCharsets.UTF_8));
        new EndProcess(in, new PrintStream(out, true, StandardCharsets.UTF_8)).run();
        return out.toString(StandardCharsets.UTF_8).lines().skip(1).findFirst().orElseThrow();
    }

    @Test
    void shouldAnswerNanosecondsWhenAskedForACost() throws InterruptedException {
        for (final String what : new String[] {"clock", "system-call"}) {
            final String answer = answerTo("cost of=" + what);
            assertTrue(answer.startsWith("ok "), answer);
            assertTrue(Double.parseDouble(answer.substring(3)) > 0, answer);
        }
    }

    @Test
    void shouldSayWhichWordIsUnknownWhenTheCostIs() throws InterruptedException {
        assertTrue(answerTo("cost of=nothing").startsWith("failed cost of=nothing"), answerTo("cost of=nothing"));
    }

    @Test
    void shouldSendAsManyFramesAsAreLeftWhenTheRingFills() {
        final Pipe pipe = new Pipe();
        final PipeNic nic = pipe.a();
        final int capacity = nic.txFree();
        final RawFlood flood = new RawFlood(nic, 60, capacity + 1);
        assertEquals(capacity, flood.turn());
        assertEquals(0, flood.turn());
    }
}
