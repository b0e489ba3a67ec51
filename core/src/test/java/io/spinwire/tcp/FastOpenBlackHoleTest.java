package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** Fast Open is given up for a while where a network seems to swallow what follows it; as seen on the kernel. */
class FastOpenBlackHoleTest extends TcpScript {
    private static final SocketOptions FAST =
            SocketOptions.builder().fastOpen(true).build();

    private int port = 7000;

    private TcpConfigBuilder watched() {
        return TcpConfig.builder().timestamps(false).sack(false).fastOpenBlackHoleTimeoutNs(s(10));
    }

    private void connectsNext() {
        peer = newPeer(port++, 0);
        app.events.clear();
        app.writtenBytes = 0;
        app.readBytes = 0;
        connects(FAST);
    }

    private void opens() {
        connectsNext();
        stack.emits(syn().cookie(""));
        peer.sends(synAck().cookie(""));
        stack.emits(ack(1, 1));
    }

    /** How the next connection is opened. */
    private void opensPlainly(boolean isPlain) {
        connectsNext();
        stack.emits(syn().options(isPlain ? "mss nop ws" : "mss nop ws tfo nop nop"));
        peer.sends(rstAck(0, 1)); // of no more interest
    }

    /** Three timeouts in a row. */
    private void meetsBlackHole() {
        opens();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        stack.emitsAfter(ms(200), data(1, 1, 10));
        stack.emitsAfter(ms(400), data(1, 1, 10));
        stack.emitsAfter(ms(800), data(1, 1, 10));
        app.aborts();
        stack.emitsWhatever();
    }

    @Test
    void shouldPauseWhenThreeTimeoutsAreInARow() {
        start(watched());
        meetsBlackHole();
        assertEquals(1, count(Counter.TcpFastOpenBlackhole));
        opensPlainly(true);
        after(ms(9900));
        opensPlainly(true);
        after(ms(100));
        opensPlainly(false);
    }

    @Test
    void shouldGoOnWhenTwoTimeoutsAreInARow() {
        start(watched());
        opens();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        stack.emitsAfter(ms(200), data(1, 1, 10));
        stack.emitsAfter(ms(400), data(1, 1, 10));
        peer.sends(ack(1, 11));
        opensPlainly(false);
        assertEquals(0, count(Counter.TcpFastOpenBlackhole));
    }

    @Test
    void shouldPauseTwiceAsLongEachTimeWhenItIsMetAgain() {
        start(watched());
        meetsBlackHole();
        after(s(10));
        meetsBlackHole();
        after(s(19));
        opensPlainly(true);
        after(s(1));
        opensPlainly(false);
        assertEquals(2, count(Counter.TcpFastOpenBlackhole));
    }

    @Test
    void shouldForgetItWhenATrialGoesWell() {
        start(watched());
        meetsBlackHole();
        after(s(10));
        opens();
        peer.sends(data(1, 1, 5));
        stack.emitsWhatever();
        app.aborts();
        stack.emitsWhatever();
        meetsBlackHole();
        after(s(10)); // not twice that
        opensPlainly(false);
    }

    @Test
    void shouldPauseWhenOnlyAFinComesThrough() {
        start(watched());
        opens();
        peer.sends(fin(101, 1));
        stack.emits(ack(1, 1));
        assertEquals(0, count(Counter.TcpFastOpenBlackhole)); // what was before it may be late
        app.aborts();
        stack.emits(rstAck(1, 1));
        assertEquals(1, count(Counter.TcpFastOpenBlackhole));
        opensPlainly(true);
    }

    @Test
    void shouldPauseWhenAResetIsOutOfOrder() {
        start(watched());
        opens();
        peer.sends(rst(100));
        stack.emits(ack(1, 1));
        assertEquals(1, count(Counter.TcpFastOpenBlackhole));
        opensPlainly(true);
    }

    @Test
    void shouldGoOnWhenAResetIsOutOfOrderBehindData() {
        start(watched());
        opens();
        peer.sends(data(1, 1, 5));
        stack.emitsWhatever();
        peer.sends(rst(100));
        stack.emitsWhatever();
        opensPlainly(false);
    }

    @Test
    void shouldNotPauseWhenOff() {
        start(watched().fastOpenBlackHoleTimeoutNs(0));
        meetsBlackHole();
        opensPlainly(false);
        assertEquals(0, count(Counter.TcpFastOpenBlackhole));
    }
}
