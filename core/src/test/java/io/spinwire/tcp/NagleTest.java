package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.SocketOptions;
import org.junit.jupiter.api.Test;

/** RFC 9293 section 3.7.4, with Minshall's variant; noDelay, cork, and PSH. */
class NagleTest extends TcpScript {

    @Test
    void shouldSendAtOnceWhenNothingIsInFlight() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10).push());
    }

    @Test
    void shouldHoldASmallSegmentBackWhenASmallOneIsInFlight() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        app.writes(10);
        app.writes(10);
        stack.emitsNothing();
        peer.sends(ack(1, 11));
        stack.emits(data(11, 1, 20).push());
    }

    @Test
    void shouldSendASmallSegmentWhenOnlyFullOnesAreInFlight() {
        accepted();
        app.writes(1000);
        stack.emits(data(1, 1, 1000));
        app.writes(10);
        stack.emits(data(1001, 1, 10)); // Minshall: Nagle himself would wait
        app.writes(10);
        stack.emitsNothing();
    }

    @Test
    void shouldSendFullSegmentsWhenASmallOneIsInFlight() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        app.writes(1500);
        stack.emits(data(11, 1, 1000));
        stack.emitsNothing();
        peer.sends(ack(1, 11));
        stack.emits(data(1011, 1, 500));
    }

    @Test
    void shouldSendEachAtOnceWhenNoDelayIsSet() {
        accepted(options().noDelay(true).build());
        for (int i = 0; i < 5; i++) {
            app.writes(10);
            stack.emits(data(1 + i * 10, 1, 10).push());
        }
    }

    @Test
    void shouldSendWhatWaitsWhenNoDelayIsSetLater() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        app.writes(10);
        stack.emitsNothing();
        app.socket.setNoDelay(true);
        run();
        stack.emits(data(11, 1, 10));
    }

    @Test
    void shouldSendWhatWaitsWithFinWhenClosed() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        app.writes(10);
        stack.emitsNothing();
        app.closes();
        stack.emits(fin(11, 1).length(10).push());
    }

    @Test
    void shouldMergeWhatIsOfferedInOneTurnWhenSending() {
        accepted(options().noDelay(true).build());
        app.offers(10);
        app.offers(20);
        app.offers(30);
        run();
        stack.emits(data(1, 1, 60).push());
    }

    @Test
    void shouldPushOnlyTheLastWhenManySegmentsEmptyTheQueue() {
        accepted();
        app.writes(2500);
        stack.emits(
                data(1, 1, 1000).noPush(),
                data(1001, 1, 1000).noPush(),
                data(2001, 1, 500).push());
    }

    @Test
    void shouldHoldBackLessThanASegmentWhenCorked() {
        accepted(options().cork(true).build());
        app.writes(999);
        stack.emitsNothing();
        app.writes(1);
        stack.emits(data(1, 1, 1000));
        app.writes(500);
        stack.emitsNothing();
        app.socket.setCork(false);
        run();
        stack.emits(data(1001, 1, 500).push());
    }

    @Test
    void shouldSendWhatIsCorkedWhenClosed() {
        accepted(options().cork(true).build());
        app.writes(500);
        stack.emitsNothing();
        app.closes();
        stack.emits(fin(1, 1).length(500));
    }

    @Test
    void shouldSendWhatIsCorkedAfterAWhileWhenLeftAlone() {
        accepted(options().cork(true).build());
        app.writes(500);
        stack.emitsAfter(ms(200), data(1, 1, 500)); // as Linux: the probe timer frees it
    }

    @Test
    void shouldSendFinWhenASmallSegmentIsInFlight() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        app.closes();
        stack.emits(fin(11, 1).noPush());
    }

    @Test
    void shouldTakeNothingWhenOfferedNothing() {
        accepted(SocketOptions.DEFAULTS);
        assertEquals(0, app.offers(0));
        run();
        stack.emitsNothing();
    }
}
