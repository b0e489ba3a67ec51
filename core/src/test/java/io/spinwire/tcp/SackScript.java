package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;

/** A script of loss recovery: a peer that permits SACK, a round trip of 50 ms, segments of 1000 bytes. */
abstract class SackScript extends TcpScript {
    static final int RTT_MS = 50;

    /** A connection with NewReno, whose round trip is known from the handshake. */
    void established(TcpConfigBuilder config) {
        start(config.congestionControl("reno"));
        connects();
    }

    /** The peer connects, with a round trip. */
    void connects() {
        listens();
        peer.sends(syn());
        stack.emits(synAck());
        after(ms(RTT_MS));
        peer.sends(ack(1, 1));
        stack.emitsNothing();
        assertTrue(app.events.remove("connected"));
    }

    void established() {
        peer.withSack();
        established(TcpConfig.builder());
    }

    /** So many segments are in flight, and nothing more waits; a round trip has passed. */
    void inFlight(int segments) {
        app.writes(segments * 1000);
        emitsData(1, segments);
        after(ms(RTT_MS) - 1);
        clock.update(clock.nanoTime() + 1);
    }

    void emitsData(int seq, int segments) {
        for (int i = 0; i < segments; i++) {
            stack.emits(data(seq + i * 1000, 1, 1000));
        }
    }

    /** The peer acknowledges up to {@code ackSeq}, and reports blocks. */
    void acks(int ackSeq, int... blocks) {
        peer.sends(ack(1, ackSeq).sack(blocks));
    }
}
