package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.Readiness;
import io.spinwire.api.SocketOption;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import org.junit.jupiter.api.Test;

/** TCP_NOTSENT_LOWAT: an application is kept from writing far ahead of what can be sent. */
class NotSentLowatTest extends TcpScript {

    @Test
    void shouldTakeWholeSegmentsUpToTheLimit() {
        accepted(options().notSentLowat(2500).build());
        assertEquals(3000, app.offers(10_000)); // nothing has been sent in this turn
        assertEquals(TcpSocket.BACK_PRESSURED, app.offers(1));
        run();
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000), data(2001, 1, 1000));
        app.heard("writable");
    }

    @Test
    void shouldTellOfRoomWhenHalfTheLimitIsUnsent() {
        peer.withWindow(3000);
        accepted(options().notSentLowat(4000).build());
        assertEquals(4000, app.offers(10_000));
        run();
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000), data(2001, 1, 1000));
        app.heard("writable"); // 1000 are unsent
        assertEquals(3000, app.offers(10_000));
        run();
        stack.emitsNothing();
        peer.sends(ack(1, 1001).window(3000));
        stack.emits(data(3001, 1, 1000));
        app.heard(); // 3000
        peer.sends(ack(1, 2001).window(3000));
        stack.emits(data(4001, 1, 1000));
        app.heard(); // 2000 is no less than half
        peer.sends(ack(1, 3001).window(3000));
        stack.emits(data(5001, 1, 1000));
        app.heard("writable");
    }

    @Test
    void shouldNotLimitByDefault() {
        peer.withWindow(2000);
        accepted();
        assertEquals(16_384, app.offers(16_384));
        run();
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000));
    }

    @Test
    void shouldTakeTheEnginesLimitWhenTheSocketHasNone() {
        start(TcpConfig.builder().notSentLowat(1500));
        accepted();
        assertEquals(2000, app.offers(10_000));
        run();
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000));
        app.heard("writable");
    }

    @Test
    void shouldDoTheSameForASocketOfAnotherThread() {
        start();
        peer.withWindow(2000);
        final TcpListener listener =
                engine.listen(PORT, options().notSentLowat(2000).build());
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        app.socket = listener.accept();
        assertEquals(2000, app.socket.writable());
        assertEquals(2000, app.offers(10_000));
        assertEquals(TcpSocket.BACK_PRESSURED, app.offers(1));
        run();
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000));
        assertEquals(2000, app.socket.writable());
        app.socket.setOption(SocketOption.NOT_SENT_LOWAT, 5000);
        assertEquals(5000, app.offers(10_000));
        run();
        assertEquals(0, app.socket.writable());
        peer.sends(ack(1, 1001));
        stack.emits(data(2001, 1, 1000));
        assertEquals(1000, app.socket.writable());
    }

    @Test
    void shouldReportToAPollerWhenHalfTheLimitIsUnsent() {
        start();
        peer.withWindow(2000);
        final TcpListener listener =
                engine.listen(PORT, options().notSentLowat(2000).build());
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        app.socket = listener.accept();
        final SocketPoller poller = engine.newPoller();
        poller.add(app.socket, Readiness.OUT);
        assertEquals(2000, app.offers(10_000));
        assertEquals(0, poller.poll((socket, bits) -> {}, 1));
        run();
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000));
        assertEquals(1, poller.poll((socket, bits) -> assertEquals(Readiness.OUT, bits), 1));
        assertEquals(2000, app.offers(10_000));
        run();
        assertEquals(0, poller.poll((socket, bits) -> {}, 1));
        peer.sends(ack(1, 1001));
        stack.emits(data(2001, 1, 1000));
        assertEquals(0, poller.poll((socket, bits) -> {}, 1)); // half of the limit is unsent
        peer.sends(ack(1, 2001));
        stack.emits(data(3001, 1, 1000));
        assertEquals(1, poller.poll((socket, bits) -> assertEquals(Readiness.OUT, bits), 1));
    }
}
