package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spinwire.api.TcpSocket;
import io.spinwire.api.WriteClaim;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** Claims that stay open for a while, and claims of every length. */
class ClaimTest extends TcpScript {
    private final WriteClaim claim = new WriteClaim();

    private void fills(int firstSeq, int length) {
        for (int i = 0; i < length; i++) {
            claim.buffer().putByte(claim.offset() + i, pattern(firstSeq + i));
        }
    }

    @Test
    void shouldKeepTheClaimWhenAllElseIsAcknowledgedMeanwhile() {
        accepted();
        app.writes(100);
        stack.emits(data(1, 1, 100));
        assertEquals(50, app.socket.tryClaim(50, claim));
        peer.sends(ack(1, 101));
        fills(101, 50);
        claim.commit(50);
        run();
        stack.emits(data(101, 1, 50).push());
        peer.sends(ack(1, 151));
        run();
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @Test
    void shouldGiveTheMemoryBackWhenSuchAClaimIsAborted() {
        accepted();
        app.writes(100);
        stack.emits(data(1, 1, 100));
        assertEquals(50, app.socket.tryClaim(50, claim));
        peer.sends(ack(1, 101));
        claim.abort();
        run();
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @Test
    void shouldClaimTheWholeBufferWhenNothingIsInFlight() {
        accepted(options().sendBuffer(100_000).build());
        assertEquals(100_000, app.socket.tryClaim(100_000, claim));
        fills(1, 100_000);
        claim.commit(100_000);
        assertEquals(TcpSocket.BACK_PRESSURED, app.socket.tryClaim(1, claim));
        run();
        assertEquals(1000, stack.next().length);
        stack.emitsWhatever();
        app.aborts();
        stack.emitsWhatever();
    }

    @Test
    void shouldClaimMoreThanTheFirstWindowWhenBufferMayGrow() {
        accepted();
        assertEquals(60_000, app.socket.tryClaim(60_000, claim));
        claim.abort();
        run();
    }

    @Test
    void shouldThrowWhenClaimCanNeverFit() {
        accepted(options().sendBuffer(100_000).build());
        assertThrows(IllegalArgumentException.class, () -> app.socket.tryClaim(100_001, claim));
    }
}
