package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spinwire.api.SynCookieMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.api.TcpListener;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A listener's two queues, and what happens at the end of each; as seen on the kernel over TUN. */
class AcceptQueueTest extends TcpScript {
    private static final int ALL = 60; // seconds in which the last SYN-ACK is repeated and given up

    private TcpListener listener;

    private static TcpConfigBuilder withoutCookies() {
        return TcpConfig.builder().synCookies(SynCookieMode.OFF);
    }

    private void listensQueued(TcpConfigBuilder tcp, int backlog) {
        start(tcp);
        listener = engine.listen(PORT, options().backlog(backlog).build());
    }

    private Peer opens(int port) {
        final Peer other = newPeer(port, PORT);
        other.sends(syn());
        return other;
    }

    /** The last of three connections whose ACK found the accept queue full; a request still. */
    private Peer overflows() {
        final Peer first = opens(5000);
        final Peer second = opens(5001);
        first.sends(ack(1, 1));
        final Peer third = opens(5002);
        second.sends(ack(1, 1));
        stack.emits(synAck(), synAck(), synAck());
        third.sends(ack(1, 1));
        return third;
    }

    @Test
    void shouldTakeOneMoreThanTheBacklogWhenNobodyAccepts() {
        listensQueued(TcpConfig.builder(), 1);
        for (int port = 5000; port < 5002; port++) {
            final Peer other = opens(port);
            stack.emits(synAck());
            other.sends(ack(1, 1));
        }
        opens(5002);
        opens(5003);
        stack.emitsNothing();
        assertEquals(2, count(Counter.TcpListenOverflows));
        assertEquals(2, count(Counter.TcpListenDrops));
        assertEquals(2, count(DropReason.TCP_LISTEN_OVERFLOW));
    }

    @Test
    void shouldIgnoreAckAndRepeatSynAckWhenAcceptQueueIsFull() {
        listensQueued(TcpConfig.builder(), 1);
        final Peer late = overflows();
        stack.emitsNothing();
        assertEquals(1, count(Counter.TcpListenOverflows));
        assertEquals(1, count(Counter.TcpListenDrops));
        stack.emitsAfter(s(1), synAck());
        stack.emitsAfter(s(2), synAck());
        assertNotNull(listener.accept());
        late.sends(data(1, 1, 5));
        stack.emits(ack(1, 6));
        assertNotNull(listener.accept());
        assertNotNull(listener.accept());
        assertNull(listener.accept());
    }

    @Test
    void shouldForgetRequestWhenResetComesWhileAcceptQueueIsFull() {
        listensQueued(TcpConfig.builder(), 1);
        final Peer late = overflows();
        late.sends(rst(1));
        assertEquals(0, count(Counter.EngineRequestsInUse));
        late.sends(ack(1, 1));
        stack.emits(rst(1));
    }

    @Test
    void shouldResetWhenAcceptQueueIsFullAndOverflowAborts() {
        listensQueued(TcpConfig.builder().abortOnOverflow(true), 1);
        final Peer late = overflows();
        stack.emits(rst(1));
        assertEquals(0, count(Counter.EngineRequestsInUse));
        assertEquals(1, count(Counter.TcpAttemptFails));
        late.sends(ack(1, 1));
        stack.emits(rst(1));
    }

    @Test
    void shouldDropSynsWhenTheListenersRequestQueueIsFull() {
        listensQueued(withoutCookies(), 3);
        for (int port = 5000; port < 5007; port++) {
            opens(port);
        }
        stack.emits(synAck(), synAck(), synAck(), synAck());
        stack.emitsNothing();
        assertEquals(3, count(Counter.TcpReqQFullDrop));
        assertEquals(3, count(Counter.TcpListenDrops));
        assertEquals(0, count(Counter.TcpListenOverflows));
        final TcpListener other = engine.listen(81, options().backlog(1).build());
        newPeer(6000, 81).sends(syn());
        stack.emits(synAck()); // that one's queue is its own
        assertNull(other.accept());
    }

    @Test
    void shouldTakeSynsAgainWhenRequestsHaveGone() {
        listensQueued(withoutCookies(), 1);
        final Peer first = opens(5000);
        opens(5001);
        opens(5002);
        stack.emits(synAck(), synAck());
        first.sends(ack(1, 1));
        opens(5003);
        stack.emits(synAck());
    }

    @Test
    void shouldGiveUpOldRequestsWhenTheyTakeTheRoomOfYoungOnes() {
        listensQueued(withoutCookies(), 8);
        for (int port = 5000; port < 5009; port++) {
            opens(port);
        }
        after(s(5));
        assertEquals(9, count(Counter.EngineRequestsInUse));
        after(s(3));
        assertEquals(4, count(Counter.EngineRequestsInUse)); // half of the room is for young ones
        assertEquals(5, count(Counter.TcpAttemptFails));
        after(s(ALL));
        assertEquals(0, count(Counter.EngineRequestsInUse));
        stack.emitsWhatever();
    }

    @Test
    void shouldRepeatSynAckAsOftenAsTheListenersSynCountSays() {
        start();
        engine.listen(PORT, options().synCount(1).build(), app);
        peer.sends(syn());
        stack.emits(synAck());
        stack.emitsAfter(s(1), synAck());
        after(s(ALL));
        assertEquals(0, count(Counter.EngineRequestsInUse));
    }

    @Test
    void shouldBeginCarefullyWhenSynAckWasRepeated() {
        listens();
        peer.sends(syn());
        stack.emits(synAck());
        stack.emitsAfter(s(1), synAck());
        peer.sends(ack(1, 1));
        assertEquals(3_000_000, info().rtoUs); // RFC 6298 section 5.7
        assertEquals(0, info().rttUs);
        assertEquals(1, info().totalRetrans);
        assertEquals(10, info().sndCwnd);
    }

    @Test
    void shouldMeasureByTimestampWhenSynAckWasRepeated() {
        listens();
        peer.withTimestamps().sends(syn());
        stack.emits(synAck());
        stack.emitsAfter(s(1), synAck());
        after(ms(80));
        peer.sends(ack(1, 1));
        assertEquals(80, (info().rttUs + 500) / 1000);
    }

    @Test
    void shouldServeSynByTheNewListenerWhenTheOldOneIsClosed() {
        listensQueued(TcpConfig.builder(), 1);
        peer.sends(syn());
        stack.emits(synAck());
        listener.close();
        run();
        engine.listen(PORT, options().build(), app);
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        app.heard("connected");
        assertEquals(0, count(Counter.EngineRequestsInUse));
    }

    @Test
    void shouldResetConnectionsThatNobodyAcceptedWhenListenerIsClosed() {
        listensQueued(TcpConfig.builder(), 2);
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        listener.close();
        run();
        stack.emits(Packet.rstAck(1, 1));
        assertNull(listener.accept());
    }

    @Test
    void shouldForgetListenersWhenTheyAreClosed() {
        final Listeners listeners = new Listeners(2);
        final List<Listener> made = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            final Listener one =
                    new Listener(listeners.nextIndex(), 80 + i % 2, 0, options().build(), app, 0);
            listeners.add(one);
            made.add(one);
            if (i % 2 == 1) {
                made.get(0).requests++; // it must be found until its last request is gone
                made.forEach(listeners::remove);
                assertEquals(made.get(0), listeners.get(made.get(0).index));
                listeners.onRequestGone(made.get(0));
                made.clear();
            }
        }
        assertEquals(2, listeners.places());
        assertNull(listeners.get(0));
        assertNull(listeners.find(0, 80));
    }
}
