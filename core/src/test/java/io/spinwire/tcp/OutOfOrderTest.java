package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Data ahead of a hole: kept in its place, acknowledged one by one with the same number, delivered when whole. */
class OutOfOrderTest extends TcpScript {

    @BeforeEach
    void establish() {
        accepted();
    }

    @Test
    void shouldSendADuplicateForEachWhenDataIsAhead() {
        peer.sends(data(101, 1, 100), data(201, 1, 100), data(301, 1, 100));
        stack.emits(ack(1, 1), ack(1, 1), ack(1, 1));
        assertEquals(0, app.readBytes);
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 401));
        assertEquals(400, app.readBytes);
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @Test
    void shouldAcknowledgeAtOnceWhenHoleIsFilledInPart() {
        peer.sends(data(201, 1, 100));
        stack.emits(ack(1, 1));
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101));
        peer.sends(data(101, 1, 100));
        stack.emits(ack(1, 301));
        assertEquals(300, app.readBytes);
    }

    @Test
    void shouldKeepManyHolesWhenEverySecondSegmentIsMissing() {
        for (int i = 19; i > 0; i -= 2) {
            peer.sends(data(1 + i * 100, 1, 100));
            stack.emits(ack(1, 1));
        }
        for (int i = 0; i < 20; i += 2) {
            peer.sends(data(1 + i * 100, 1, 100));
            stack.emits(ack(1, 1 + (i + 2) * 100));
        }
        assertEquals(2000, app.readBytes);
    }

    @Test
    void shouldMergeWhenSegmentsOverlap() {
        peer.sends(data(101, 1, 100), data(151, 1, 100), data(51, 1, 100), data(101, 1, 20));
        stack.emits(ack(1, 1), ack(1, 1), ack(1, 1), ack(1, 1));
        peer.sends(data(1, 1, 200));
        stack.emits(ack(1, 251));
        assertEquals(250, app.readBytes);
        assertEquals(1, count(DropReason.TCP_OLD_DATA));
    }

    @Test
    void shouldHoldFinBackWhenItIsAhead() {
        peer.sends(fin(101, 1).length(50));
        stack.emits(ack(1, 1));
        isIn(TcpState.ESTABLISHED);
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 152));
        isIn(TcpState.CLOSE_WAIT);
        app.heard("peerClosed");
        assertEquals(150, app.readBytes);
    }

    @Test
    void shouldHoldBareFinBackWhenItIsAhead() {
        peer.sends(fin(101, 1));
        stack.emits(ack(1, 1));
        peer.sends(data(1, 1, 50));
        stack.emits(ack(1, 51));
        isIn(TcpState.ESTABLISHED);
        peer.sends(data(51, 1, 50));
        stack.emits(ack(1, 102));
        isIn(TcpState.CLOSE_WAIT);
    }

    @Test
    void shouldCutWhenSegmentReachesBeyondTheWindow() {
        final int edge = 1 + 64240;
        peer.sends(data(edge - 50, 1, 100));
        stack.emits(ack(1, 1));
        app.appetite = 0;
        assertEquals(1, info().rcvOooPack);
    }

    @Test
    void shouldDropWhenThereAreTooManyHoles() {
        for (int i = 0; i < 200; i++) {
            peer.sends(data(3 + 2 * i, 1, 1));
            stack.emits(ack(1, 1));
        }
        assertEquals(200 - 128, count(DropReason.TCP_OFO_QUEUE_FULL));
        peer.sends(data(1, 1, 500));
        stack.emits(ack(1, 501));
        assertEquals(500, app.readBytes);
    }

    @Test
    void shouldFreeEverythingWhenResetWithHolesLeft() {
        peer.sends(data(101, 1, 100));
        stack.emits(ack(1, 1));
        peer.sends(Packet.rst(1));
        app.heard("closed RESET");
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @Test
    void shouldCloseInOrderWhenClosedWithHolesLeft() {
        peer.sends(data(101, 1, 100));
        stack.emits(ack(1, 1));
        app.closes();
        stack.emits(fin(1, 1));
    }
}
