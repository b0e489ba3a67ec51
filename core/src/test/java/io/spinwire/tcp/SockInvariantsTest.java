package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.queue.RtxQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asserted of every socket after every segment finds what is wrong with one: each thing is set wrong here. */
class SockInvariantsTest extends TcpScript {
    private TcpSock sock;

    @BeforeEach
    void sendThree() {
        peer.withMss(1000);
        accepted(options().keepAlive(true).build());
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        app.writes(3_000);
        stack.emits(data(1, 11, 1000), data(1001, 11, 1000), data(2001, 11, 1000));
        sock = ((InlineSocket) app.socket).sock;
        assertTrue(SockInvariants.hold(sock) && SockInvariants.isArmed(sock));
    }

    private void finds(String invariant, Consumer<TcpSock> wrong) {
        wrong.accept(sock);
        final AssertionError error = assertThrows(AssertionError.class, () -> {
            SockInvariants.hold(sock);
            SockInvariants.isArmed(sock);
        });
        assertTrue(error.getMessage().startsWith("broken: " + invariant), error.getMessage());
    }

    @Test
    void shouldFindSegmentsMiscounted() {
        finds("packetsOut counts the rtx queue", s -> s.packetsOut++);
    }

    @Test
    void shouldFindLostMiscounted() {
        finds("lostOut counts the lost records", s -> s.lostOut++);
    }

    @Test
    void shouldFindLostRecordThatIsNotCounted() {
        finds("lostOut counts the lost records", s -> s.rtxQueue.setFlags(1, RtxQueue.LOST));
    }

    @Test
    void shouldFindRetransmissionsMiscounted() {
        finds("retransOut counts the retransmitted records", s -> s.retransOut++);
    }

    @Test
    void shouldFindSackedMiscounted() {
        finds("sackedOut counts the sacked records", s -> {
            s.rtxQueue.setFlags(1, RtxQueue.SACKED);
            s.sackedOut = 2;
        });
    }

    @Test
    void shouldFindSequenceNumbersOutOfOrder() {
        finds("sndUna <= sndNxt", s -> s.sndUna = s.sndNxt + 1);
    }

    @Test
    void shouldFindAcknowledgedMoreThanReceived() {
        finds("rcvWup <= rcvNxt", s -> s.rcvWup = s.rcvNxt + 1);
    }

    @Test
    void shouldFindDataInFlightWithoutATimer() {
        finds("data in flight has a timer", s -> s.rtxDeadlineNs = Long.MAX_VALUE);
    }

    @Test
    void shouldFindOwedAckWithoutATimer() {
        finds("an ACK that is owed has a timer", s -> {
            s.isAckScheduled = true;
            s.delackDeadlineNs = Long.MAX_VALUE;
        });
    }

    @Test
    void shouldFindKeepaliveWithoutATimer() {
        finds("keepalive has a timer", s -> s.sockDeadlineNs = Long.MAX_VALUE);
    }

    @Test
    void shouldFindDeadlineThatTheWheelDoesNotKnow() {
        finds("the wheel knows the earliest deadline", s -> s.wheelDeadlineNs = Long.MAX_VALUE);
    }
}
