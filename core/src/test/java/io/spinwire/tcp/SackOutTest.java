package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpConfig;
import org.junit.jupiter.api.Test;

/** RFC 2018 as a receiver: which blocks we send, in which order. What the kernel was seen to do. */
class SackOutTest extends TcpScript {
    private static final String PLAIN = "nop nop sack";
    private static final String WITH_TIMESTAMPS = "nop nop ts nop nop sack";

    private void acceptedWithSack() {
        peer.withSack();
        accepted();
    }

    private void acceptedWithTimestamps() {
        peer.withTimestamps();
        acceptedWithSack();
    }

    @Test
    void shouldNameTheLatestBlockFirst() {
        acceptedWithSack();
        peer.sends(data(201, 1, 100));
        stack.emits(ack(1, 1).sack(201, 301).options(PLAIN));
        peer.sends(data(401, 1, 100));
        stack.emits(ack(1, 1).sack(401, 501, 201, 301));
        peer.sends(data(301, 1, 50));
        stack.emits(ack(1, 1).sack(201, 351, 401, 501));
        peer.sends(data(351, 1, 50));
        stack.emits(ack(1, 1).sack(201, 501));
    }

    @Test
    void shouldSendFourBlocksAtMostWithoutTimestamps() {
        acceptedWithSack();
        for (int i = 1; i <= 5; i++) {
            peer.sends(data(1 + i * 200, 1, 100));
        }
        peer.sends(data(1201, 1, 100));
        for (int i = 0; i < 5; i++) {
            stack.next();
        }
        stack.emits(ack(1, 1).sack(1201, 1301, 1001, 1101, 801, 901, 601, 701).options(PLAIN));
    }

    @Test
    void shouldSendThreeBlocksAtMostWithTimestamps() {
        acceptedWithTimestamps();
        peer.sends(data(201, 1, 100), data(401, 1, 100), data(601, 1, 100), data(801, 1, 100));
        stack.emits(ack(1, 1).sack(201, 301), ack(1, 1).sack(401, 501, 201, 301));
        stack.emits(ack(1, 1).sack(601, 701, 401, 501, 201, 301).options(WITH_TIMESTAMPS));
        stack.emits(ack(1, 1).sack(801, 901, 601, 701, 401, 501).options(WITH_TIMESTAMPS));
    }

    @Test
    void shouldForgetWhatIsPushedOutWhenThereAreMoreThanFourBlocks() {
        acceptedWithTimestamps();
        for (int i = 1; i <= 6; i++) {
            peer.sends(data(1 + i * 200, 1, 100));
            stack.next();
        }
        peer.sends(data(301, 1, 100)); // joins both, but only the one is known still
        stack.emits(ack(1, 1).sack(301, 401, 1201, 1301, 1001, 1101));
        peer.sends(data(101, 1, 100));
        stack.emits(ack(1, 1).sack(101, 201, 301, 401, 1201, 1301));
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 501).sack(1201, 1301, 1001, 1101));
        peer.sends(data(501, 1, 100));
        stack.emits(ack(1, 701).sack(1201, 1301, 1001, 1101));
    }

    @Test
    void shouldSendNoBlockWhenAllIsInOrder() {
        acceptedWithTimestamps();
        peer.sends(data(101, 1, 100));
        stack.emits(ack(1, 1).sack(101, 201));
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 201).options("nop nop ts"));
        peer.sends(data(201, 1, 100));
        stack.emits(ack(1, 301).options("nop nop ts"));
    }

    @Test
    void shouldNameTheNumberOfAFinThatIsAhead() {
        acceptedWithSack();
        peer.sends(fin(101, 1));
        stack.emits(ack(1, 1).sack(101, 102));
        peer.sends(data(51, 1, 10));
        stack.emits(ack(1, 1).sack(51, 61, 101, 102));
        peer.sends(data(1, 1, 50));
        stack.emits(ack(1, 61).sack(101, 102));
        peer.sends(data(61, 1, 40));
        stack.emits(ack(1, 102).options(""));
        app.heard("peerClosed");
    }

    @Test
    void shouldNameAFinWithItsData() {
        acceptedWithSack();
        peer.sends(fin(101, 1).length(50));
        stack.emits(ack(1, 1).sack(101, 152));
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 152).options(""));
    }

    @Test
    void shouldMakeRoomForTheBlocksInDataSegments() {
        acceptedWithTimestamps();
        peer.sends(data(201, 1, 100));
        stack.emits(ack(1, 1).sack(201, 301));
        app.writes(2000);
        stack.emits(
                data(1, 1, 976).sack(201, 301).options(WITH_TIMESTAMPS),
                data(977, 1, 976).sack(201, 301));
        stack.emits(data(1953, 1, 48).sack(201, 301));
        peer.sends(data(401, 1, 100).ack(2001));
        stack.emits(ack(2001, 1).sack(401, 501, 201, 301));
        app.writes(960);
        stack.emits(data(2001, 1, 960).sack(401, 501, 201, 301));
        assertEquals(988, info().sndMss);
    }

    @Test
    void shouldMakeRoomForTheBlocksWhenSentAgain() {
        acceptedWithTimestamps();
        app.writes(988);
        stack.emits(data(1, 1, 988).options("nop nop ts"));
        peer.sends(data(201, 1, 100));
        stack.emits(ack(989, 1).sack(201, 301));
        after(s(3));
        final Packet first = stack.next();
        assertEquals(1, first.seq);
        assertEquals(976, first.length);
        stack.emitsWhatever();
    }

    @Test
    void shouldSendNoBlocksWhenThePeerDoesNotPermitThem() {
        peer.withTimestamps();
        accepted();
        peer.sends(data(101, 1, 100), data(1, 1, 50));
        stack.emits(ack(1, 1).options("nop nop ts"), ack(1, 51).options("nop nop ts"));
        peer.sends(data(1, 1, 50));
        stack.emits(ack(1, 51).options("nop nop ts"));
    }

    @Test
    void shouldSendNoBlocksWhenSackIsOff() {
        start(TcpConfig.builder().sack(false));
        acceptedWithSack();
        peer.sends(data(101, 1, 100));
        stack.emits(ack(1, 1).options(""));
    }

    @Test
    void shouldNameOnlyWhatWasKeptWhenMemoryIsShort() {
        acceptedWithSack();
        for (int i = 0; i < 128; i++) {
            peer.sends(data(3 + 2 * i, 1, 1));
            stack.next();
        }
        peer.sends(data(1003, 1, 1)); // one hole too many
        stack.emits(ack(1, 1).sack(257, 258, 255, 256, 253, 254, 251, 252));
    }
}
