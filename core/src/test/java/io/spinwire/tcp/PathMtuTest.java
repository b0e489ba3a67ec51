package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.OptionResult;
import io.spinwire.api.PathMtuMode;
import io.spinwire.api.SocketOption;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routers that say what a path takes, RFC 1191; segment for segment as Linux 6.18 was seen to answer. */
class PathMtuTest extends TcpScript {

    @BeforeEach
    void largeSegments() {
        peer.withMss(1460);
    }

    private void needsFragmentation(int mtu, int seq) {
        nic.incoming.add(IcmpFrame.tooLarge(peer, mtu, seq));
        run();
    }

    /** Three full segments are out, and the router cannot pass on the first. */
    private void threeSegmentsMeet(int mtu) {
        app.writes(4380);
        stack.emits(data(1, 1, 1460), data(1461, 1, 1460), data(2921, 1, 1460));
        needsFragmentation(mtu, 1);
    }

    @Test
    void shouldSendSmallerAtOnceWhenFragmentationIsNeeded() {
        accepted();
        final int cwnd = info().sndCwnd;
        threeSegmentsMeet(1000);
        stack.emits(data(1, 1, 960), data(961, 1, 500), data(1461, 1, 960), data(2421, 1, 500));
        stack.emits(data(2921, 1, 960), data(3881, 1, 500));
        assertEquals(1000, info().pmtu);
        assertEquals(960, info().sndMss);
        assertEquals(cwnd, info().sndCwnd);
        assertEquals(1, count(Counter.TcpPathMtuReductions));
        needsFragmentation(1000, 1461); // the other two were too large as well: nothing new
        assertEquals(1, count(Counter.TcpPathMtuReductions));
        peer.sends(ack(1, 4381));
        app.writes(1000);
        stack.emits(data(4381, 1, 960), data(5341, 1, 40));
    }

    @Test
    void shouldCutOnlyWhatIsTooLargeWhenFragmentationIsNeeded() {
        accepted(options().noDelay(true).build());
        app.writes(500);
        stack.emits(data(1, 1, 500));
        app.writes(1460);
        stack.emits(data(501, 1, 1460));
        needsFragmentation(1000, 501);
        stack.emits(data(501, 1, 960), data(1461, 1, 500));
    }

    @Test
    void shouldKeepTheOldRetransmissionTimeoutsWindowWhenFragmentationIsNeeded() {
        accepted();
        app.writes(4380);
        stack.emits(data(1, 1, 1460), data(1461, 1, 1460), data(2921, 1, 1460));
        after(ms(1100));
        stack.emitsWhatever();
        final int cwnd = info().sndCwnd;
        needsFragmentation(1000, 1);
        stack.emits(data(1, 1, 960));
        stack.emitsWhatever();
        assertEquals(cwnd, info().sndCwnd);
    }

    @Test
    void shouldCountTimestampsWhenTheyTakeRoom() {
        peer.withTimestamps();
        accepted();
        app.writes(1448);
        stack.emits(data(1, 1, 1448));
        needsFragmentation(1000, 1);
        stack.emits(data(1, 1, 948), data(949, 1, 500));
    }

    @Test
    void shouldIgnoreWhenNumberIsNotInFlight() {
        accepted();
        app.writes(1460);
        stack.emits(data(1, 1, 1460));
        needsFragmentation(1000, 0);
        needsFragmentation(1000, 1461);
        needsFragmentation(1000, 100_000);
        assertEquals(3, count(Counter.IcmpErrorsIgnored));
        assertEquals(1500, info().pmtu);
    }

    @Test
    void shouldIgnoreWhenThePathTakesMore() {
        accepted();
        threeSegmentsMeet(1500);
        needsFragmentation(1501, 1);
        needsFragmentation(65_535, 1);
        assertEquals(1500, info().pmtu);
        assertEquals(0, count(Counter.TcpPathMtuReductions));
    }

    @Test
    void shouldAllowFragmentsWhenThePathTakesLessThanTheLeast() {
        accepted();
        app.writes(1460);
        stack.emits(data(1, 1, 1460));
        mayFragment = true;
        needsFragmentation(300, 1);
        stack.emits(data(1, 1, 512), data(513, 1, 512), data(1025, 1, 436));
        assertEquals(552, info().pmtu);
    }

    @Test
    void shouldAllowFragmentsWhenAnOldRouterDoesNotSay() {
        accepted();
        app.writes(1000);
        stack.emits(data(1, 1, 1000));
        mayFragment = true;
        needsFragmentation(0, 1);
        stack.emits(data(1, 1, 512), data(513, 1, 488));
    }

    @Test
    void shouldTellFragmentsApartWhenTheyAreAllowed() {
        accepted(options().pathMtuMode(PathMtuMode.DONT).build());
        mayFragment = true;
        app.writes(2920);
        final int first = identification(stack.next());
        assertEquals(first + 1, identification(stack.next()));
    }

    private static int identification(Packet packet) {
        return Ipv4.identification(new UnsafeBuffer(packet.frame), Ethernet.HEADER_LENGTH);
    }

    // ---- Modes ----

    @Test
    void shouldFollowOnlyLaterWhenModeIsDont() {
        accepted(options().pathMtuMode(PathMtuMode.DONT).build());
        mayFragment = true;
        threeSegmentsMeet(1000);
        stack.emitsNothing(); // it was cut in pieces, and arrived
        peer.sends(ack(1, 4381));
        app.writes(960);
        stack.emits(data(4381, 1, 960));
        assertEquals(1000, info().pmtu);
    }

    @Test
    void shouldNeverAllowFragmentsWhenModeIsDo() {
        accepted(options().pathMtuMode(PathMtuMode.DO).build());
        app.writes(1000);
        stack.emits(data(1, 1, 1000));
        needsFragmentation(300, 1);
        stack.emits(data(1, 1, 512), data(513, 1, 488));
    }

    @Test
    void shouldAllowFragmentsAndFollowWhenModeIsProbe() {
        accepted(options().pathMtuMode(PathMtuMode.PROBE).build());
        mayFragment = true;
        app.writes(1460);
        stack.emits(data(1, 1, 1460));
        needsFragmentation(1000, 1);
        stack.emits(data(1, 1, 960), data(961, 1, 500));
    }

    @Test
    void shouldChangeWhenModeIsSetLater() {
        accepted();
        app.writes(100);
        stack.emits(data(1, 1, 100));
        peer.sends(ack(1, 101));
        assertEquals(OptionResult.SET, app.socket.setOption(SocketOption.PATH_MTU_MODE, PathMtuMode.DONT.ordinal()));
        mayFragment = true;
        app.writes(100);
        stack.emits(data(101, 1, 100));
    }

    @Test
    void shouldAllowFragmentsWhenDiscoveryIsOff() {
        start(TcpConfig.builder().pathMtuDiscovery(false));
        accepted();
        mayFragment = true;
        threeSegmentsMeet(1000);
        stack.emitsNothing();
    }

    // ---- What others learn from it ----

    @Test
    void shouldBeKnownToOthersWhenOneConnectionHasLearnt() {
        accepted();
        final App first = new App(this);
        first.socket = app.socket;
        first.writtenBytes = app.writtenBytes;
        final Peer second = newPeer(4001, PORT).withMss(1460);
        second.sends(syn());
        stack.emits(synAck().mss(1460));
        second.sends(ack(1, 1));
        app.socket = first.socket;
        threeSegmentsMeet(1000);
        stack.emitsWhatever();
        peer.sends(ack(1, 4381));
        final Peer third = newPeer(4002, PORT).withMss(1460);
        third.sends(syn());
        stack.emits(synAck().mss(960));
        third.sends(ack(1, 1));
        app.events.clear();
    }

    @Test
    void shouldAnnounceLessWhenConnectingOnAPathThatIsKnown() {
        accepted();
        threeSegmentsMeet(1000);
        stack.emitsWhatever();
        peer.sends(ack(1, 4381));
        peer = newPeer(5000, 0).withMss(1460);
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn().mss(960));
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        app.events.clear();
        app.writtenBytes = 0;
        app.writes(1500);
        stack.emits(data(1, 1, 960), data(961, 1, 540));
    }

    @Test
    void shouldSendLargeAgainWhenTenMinutesHavePassed() {
        accepted();
        threeSegmentsMeet(1000);
        stack.emitsWhatever();
        peer.sends(ack(1, 4381));
        after(s(599));
        app.writes(1000);
        stack.emits(data(4381, 1, 960), data(5341, 1, 40));
        peer.sends(ack(1, 5381));
        after(s(2));
        app.writes(1460);
        stack.emits(data(5381, 1, 1460));
        assertEquals(1500, info().pmtu);
    }

    @Test
    void shouldSendSmallWhenTheSynWasTooLarge() {
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn());
        needsFragmentation(1000, 0);
        stack.emitsNothing();
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        app.events.clear();
        app.writes(1000);
        stack.emits(data(1, 1, 960), data(961, 1, 40));
    }

    @Test
    void shouldRepeatDataButNotFinWhenFragmentationIsNeeded() {
        accepted();
        app.writes(1460);
        stack.emits(data(1, 1, 1460));
        app.closes();
        stack.emits(fin(1461, 1));
        needsFragmentation(1000, 1);
        stack.emits(data(1, 1, 960), data(961, 1, 500));
    }
}
