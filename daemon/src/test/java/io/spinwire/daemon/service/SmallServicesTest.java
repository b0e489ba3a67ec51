package io.spinwire.daemon.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.CloseReason;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SmallServicesTest {

    @Test
    void shouldEchoAllThenCloseWhenPeerHalfClosesAndReadsSlowly() {
        final byte[] content = new byte[20000];
        new Random(1).nextBytes(content);
        final FakeSocket socket = new FakeSocket(new EchoService(), 700).connect();
        socket.receive(content).peerCloses();
        assertEquals(CloseReason.NONE, socket.closed);
        for (int i = 0; i < 30; i++) {
            socket.grant(700);
        }
        assertArrayEquals(content, socket.sentBytes());
        assertEquals(CloseReason.NORMAL, socket.closed);
    }

    @Test
    void shouldTakeAllAndAnswerNothingWhenDiscarding() {
        final FakeSocket socket = new FakeSocket(new DiscardService(), 700).connect();
        socket.receive(new byte[5000]);
        assertEquals(0, socket.available());
        assertEquals(0, socket.sentBytes().length);
        assertEquals(CloseReason.NORMAL, socket.peerCloses().closed);
    }

    @Test
    void shouldSendThePatternOfRfc864WhenPeerReads() {
        final FakeSocket socket = new FakeSocket(new ChargenService(), 1000).connect();
        for (int i = 0; i < 20; i++) {
            socket.grant(1001);
        }
        final String text = socket.takeSent();
        assertEquals(1000 + 20 * 1001, text.length());
        final String[] lines = text.split("\r\n");
        assertTrue(lines[0].startsWith(" !\"#$%&'()*+,-./0123456789"), lines[0]);
        assertTrue(lines[1].startsWith("!\"#$"), lines[1]);
        assertEquals(72, lines[94].length());
        assertEquals(lines[0], lines[95]);
        assertEquals(CloseReason.ABORTED, socket.peerCloses().closed);
    }

    @Test
    void shouldMeasureRoundTripsAndReconnectWhenConnectionEnds() {
        final long[] nowNs = {0};
        final FakeSocket[] last = {null};
        final PingClient client =
                new PingClient(handler -> last[0] = new FakeSocket(handler, 1 << 20), () -> nowNs[0], 64);
        assertEquals(1, client.doWork());
        assertEquals(0, client.doWork());
        last[0].connect();
        for (int i = 0; i < 10; i++) {
            nowNs[0] += 5000;
            final byte[] message = last[0].takeSent().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            assertEquals(64, message.length);
            last[0].receive(java.util.Arrays.copyOf(message, 30));
            last[0].receive(java.util.Arrays.copyOfRange(message, 30, 64));
        }
        assertEquals(10, client.roundTripsNs().getTotalCount());
        assertEquals(5000, client.roundTripsNs().getMaxValue(), 8);
        assertEquals(0, client.mismatches());
        last[0].end(CloseReason.RESET);
        assertEquals(0, client.doWork());
        nowNs[0] += PingClient.MIN_RECONNECT_NS;
        assertEquals(1, client.doWork());
        last[0].connect();
        assertEquals(2, client.connects());
        last[0].receive("another's message of at least sixty-four bytes, as this one is, I hope.");
        assertEquals(1, client.mismatches());
        client.stop();
        assertEquals(CloseReason.NORMAL, last[0].closed);
        nowNs[0] += PingClient.MAX_RECONNECT_NS;
        assertEquals(0, client.doWork());
    }
}
