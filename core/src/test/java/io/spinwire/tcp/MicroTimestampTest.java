package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.SynCookieMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Timestamps that tick in microseconds, as the kernel was seen to send them with the route feature tcp_usec_ts. */
class MicroTimestampTest extends TcpScript {

    private static TcpConfig micros() {
        return TcpConfig.builder().timestampsInMicros(true).build();
    }

    private static long us(long count) {
        return count * 1000;
    }

    @BeforeEach
    void begin() {
        peer.withTimestamps();
    }

    @Test
    void shouldTickInMicrosecondsWhenConnecting() {
        start(config(), micros());
        connects(SocketOptions.DEFAULTS);
        final int first = stack.next().tsVal;
        stack.emitsAfter(s(1), syn().ts(first + 1_000_000, 0));
        peer.sends(synAck());
        stack.emits(ack(1, 1).ts(first + 1_000_000, Packet.ANY));
        assertTrue(info().timestampsInMicros);
    }

    @Test
    void shouldTickInMicrosecondsWhenAccepting() {
        start(config(), micros());
        listens();
        peer.sends(syn());
        final int first = stack.next().tsVal;
        after(us(345));
        peer.sends(ack(1, 1));
        assertEquals(345, info().rttUs);
        app.writes(10);
        stack.emits(data(1, 1, 10).ts(first + 345, Packet.ANY));
        assertTrue(info().timestampsInMicros);
    }

    @Test
    void shouldTickForASocketOfAnotherThread() {
        start(config(), micros());
        final TcpSocket socket = engine.connect(inet(PEER), PEER_PORT, SocketOptions.DEFAULTS);
        run();
        peer.stackPort = socket.localPort();
        final int first = stack.next().tsVal;
        after(us(100));
        peer.sends(synAck());
        stack.emits(ack(1, 1).ts(first + 100, Packet.ANY));
    }

    @Test
    void shouldMeasureMicrosecondsFromTheEchoWhenSegmentWasRetransmitted() {
        start(config(), micros());
        listens();
        peer.sends(syn());
        stack.emits(synAck());
        after(us(800));
        peer.sends(ack(1, 1));
        app.writes(10);
        stack.next();
        after(ms(201));
        final Packet second = stack.next();
        peer.sends(ack(1, 11).ts(peer.tsNow(), second.tsVal - 400));
        final int sampleUs = (int) (info().rttUs * 8L - 7 * 800);
        assertTrue(sampleUs >= 400 && sampleUs < 1500, "round trip of " + sampleUs + " us");
        assertEquals(0, info().backoff);
    }

    @Test
    void shouldAnswerInMicrosecondsFromTimeWait() {
        start(config(), micros());
        accepted();
        app.closes();
        final int first = stack.next().tsVal;
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2).ts(first, Packet.ANY));
        after(s(1));
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2).ts(first + 1_000_000, Packet.ANY));
    }

    @Test
    void shouldTickInMillisecondsWhenACookieOpensTheConnection() {
        start(
                config(),
                TcpConfig.builder()
                        .timestampsInMicros(true)
                        .synCookies(SynCookieMode.ALWAYS)
                        .build());
        listens();
        peer.sends(syn());
        stack.next();
        peer.sends(ack(1, 1));
        app.writes(10);
        final int first = stack.next().tsVal;
        peer.sends(ack(1, 11));
        after(ms(100));
        app.writes(10);
        assertEquals(first + 100, stack.next().tsVal);
        assertFalse(info().timestampsInMicros);
    }
}
