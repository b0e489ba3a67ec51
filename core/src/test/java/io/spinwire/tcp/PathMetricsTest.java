package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.PathRecord;
import io.spinwire.api.SynCookieMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.ip.AddressPair;
import io.spinwire.stats.Counter;
import io.spinwire.tcp.cc.CongestionWindow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of a path for the next connection; values as seen on the kernel. */
class PathMetricsTest extends TcpScript {
    private int port = 5000;

    /** A connection that the peer opens after {@code rttNs}. */
    private void accepts(long rttNs) {
        peer = newPeer(port++, PORT);
        app.writtenBytes = 0;
        peer.sends(syn());
        stack.emits(synAck());
        after(rttNs);
        peer.sends(ack(1, 1));
        app.events.clear();
    }

    /** The stack closes it first. */
    private void closes(long rttNs) {
        app.closes();
        stack.emits(fin(1, 1));
        after(rttNs);
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
    }

    private void serves(long rttNs) {
        accepts(rttNs);
        closes(rttNs);
    }

    private void listensWith(io.spinwire.api.TcpConfigBuilder tcp) {
        start(tcp);
        listens();
    }

    @Test
    void shouldBeginWithTheTimeoutOfTheFormerConnectionWhenItsRoundTripWasLonger() {
        listens();
        serves(ms(300));
        assertEquals(1, count(Counter.EnginePathMetricsInUse));
        accepts(ms(20));
        assertEquals(900_000, info().rtoUs); // 300 + 2 x 300
        assertEquals(20_000, info().rttUs);
        app.writes(10);
        stack.emits(data(1, 1, 10));
        stack.emitsAfter(ms(900), data(1, 1, 10));
    }

    @Test
    void shouldForgetALongRoundTripStepByStepWhenOthersAreShorter() {
        listens();
        serves(ms(300));
        serves(ms(20)); // 300 - 280 / 8 = 265
        accepts(ms(20));
        assertEquals(795_000, info().rtoUs);
    }

    @Test
    void shouldMeasureForItselfAfterTheFirstData() {
        listens();
        serves(ms(300));
        accepts(ms(20));
        app.writes(10);
        stack.emits(data(1, 1, 10));
        after(ms(20));
        peer.sends(ack(1, 11));
        assertEquals(220_000, info().rtoUs);
    }

    @Test
    void shouldSaveAlsoWhenThePeerClosesFirst() {
        listens();
        accepts(ms(300));
        peer.sends(fin(1, 1));
        stack.emits(ack(1, 2));
        app.closes();
        stack.emits(fin(1, 2));
        after(ms(300));
        peer.sends(ack(2, 2));
        accepts(ms(20));
        assertEquals(900_000, info().rtoUs);
    }

    @Test
    void shouldSaveNothingWhenTheConnectionWasReset() {
        listens();
        accepts(ms(300));
        peer.sends(rst(1));
        assertEquals(0, count(Counter.EnginePathMetricsInUse));
    }

    @Test
    void shouldForgetTheRoundTripWhenTheLastOneCouldNotBeMeasured() {
        listens();
        serves(ms(300));
        accepts(ms(20));
        app.closes();
        stack.emits(fin(1, 1));
        stack.emitsAfter(ms(900), fin(1, 1));
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        accepts(ms(20));
        assertEquals(220_000, info().rtoUs);
    }

    @Test
    void shouldNotUseWhatIsOlderThanAnHour() {
        listens();
        serves(ms(300));
        after(s(3601));
        accepts(ms(20));
        assertEquals(220_000, info().rtoUs);
    }

    @Test
    void shouldKeepNothingWhenSwitchedOff() {
        listensWith(TcpConfig.builder().pathMetrics(false));
        serves(ms(300));
        accepts(ms(20));
        assertEquals(220_000, info().rtoUs);
    }

    @Test
    void shouldKeepNothingWhenThereIsNoRoom() {
        listensWith(TcpConfig.builder().maxPathMetrics(0));
        serves(ms(300));
        accepts(ms(20));
        assertEquals(220_000, info().rtoUs);
    }

    @Test
    void shouldForgetWhenFlushed() {
        listens();
        serves(ms(300));
        engine.flushPathMetrics();
        assertEquals(0, count(Counter.EnginePathMetricsInUse));
        accepts(ms(20));
        assertEquals(220_000, info().rtoUs);
    }

    @Test
    void shouldKeepTheLastQuarterOfTheTableForProvenPeersWhenThereAreNoCookies() {
        listensWith(TcpConfig.builder().synCookies(SynCookieMode.OFF).maxRequests(8));
        for (int i = 0; i < 8; i++) {
            newPeer(6000 + i, PORT).sends(syn());
        }
        for (int i = 0; i < 7; i++) {
            stack.emits(synAck()); // until fewer than a quarter is left
        }
        assertEquals(1, count(Counter.TcpReqQFullDrop));
        peers.get(6000).sends(ack(1, 1));
        peer = peers.get(6000);
        closes(ms(1));
        newPeer(6020, PORT).sends(syn());
        newPeer(6021, PORT).sends(syn());
        stack.emits(synAck(), synAck());
        assertEquals(8, count(Counter.EngineRequestsInUse));
    }

    // ---- Windows ----

    private static TcpSock sock(int cwnd, int ssthresh, int reordering) {
        final TcpSock sock = new TcpSock(0);
        sock.congestion.reset(cwnd);
        sock.congestion.ssthresh = ssthresh;
        sock.srttUs = 8000;
        sock.reordering = reordering;
        return sock;
    }

    @ParameterizedTest
    @CsvSource({"30, 20, 20", "60, 20, 30", "10, 20, 0"}) // a slow start that was cut short is worth nothing
    void shouldKeepSsthreshWhenThatIsSwitchedOn(int cwnd, int ssthresh, int kept) {
        for (final boolean isOn : new boolean[] {true, false}) {
            final PathMetrics paths =
                    new PathMetrics(TcpConfig.builder().pathSsthresh(isOn).build());
            paths.save(sock(cwnd, ssthresh, 3), 0);
            final TcpSock next = sock(10, CongestionWindow.INFINITE_SSTHRESH, 3);
            paths.apply(next, 0);
            assertEquals(isOn && kept != 0 ? kept : CongestionWindow.INFINITE_SSTHRESH, next.congestion.ssthresh);
        }
    }

    @Test
    void shouldKeepReorderingWhenThereWasMoreThanUsual() {
        final PathMetrics paths = new PathMetrics(TcpConfig.DEFAULTS);
        paths.save(sock(10, 20, 7), 0);
        paths.save(sock(10, 20, 5), 0);
        final TcpSock next = sock(10, 20, 3);
        paths.apply(next, 0);
        assertEquals(7, next.reordering);
    }

    // ---- The table ----

    @Test
    void shouldMakeRoomByForgettingWhatWasLongestNotUsed() {
        final PathTable table = new PathTable(3);
        for (long pair = 1; pair <= 3; pair++) {
            table.setCwnd(table.findOrAdd(pair, 0), (int) pair);
        }
        assertEquals(1, table.cwnd(table.find(1)));
        table.findOrAdd(4, 0);
        assertEquals(3, table.size());
        assertEquals(PathTable.NONE, table.find(2));
        assertEquals(3, table.cwnd(table.find(3)));
        assertEquals(0, table.cwnd(table.find(4)));
        table.clear();
        assertEquals(0, table.size());
        assertEquals(PathTable.NONE, table.find(1));
        table.setCookie(table.findOrAdd(5, 0), 16, 1, 2);
        assertEquals(2, table.cookieLow(table.find(5)));
    }

    @Test
    void shouldKeepCookiesWhenTheRestIsTooOld() {
        final PathMetrics paths = new PathMetrics(TcpConfig.DEFAULTS);
        final int path = paths.table.findOrAdd(1, 0);
        paths.table.setRtt(path, 8000, 4000);
        paths.table.setCookie(path, 8, 1, 0);
        assertEquals(true, paths.isProven(1, s(3600)));
        assertEquals(false, paths.isProven(1, s(3601)));
        assertEquals(8, paths.table.cookieLength(paths.table.find(1)));
    }

    @Test
    void shouldListWhatIsKnownUsedLongestAgoFirst() {
        final PathTable table = new PathTable(3);
        final int path = table.findOrAdd(AddressPair.of(1, 2), 0);
        table.setRtt(path, 8000, 400);
        table.setSsthresh(path, 7);
        table.setCwnd(path, 9);
        table.setCookie(path, 8, 1, 0);
        table.findOrAdd(AddressPair.of(1, 3), 0);
        final List<String> listed = new ArrayList<>();
        final PathRecord.Visitor visitor = p -> listed.add(p.local + ">" + p.remote + " rtt " + p.rttUs + "/"
                + p.rttVarUs + " ssthresh " + p.ssthresh + " cwnd " + p.cwnd + " cookie " + p.fastOpenCookieLength
                + " age " + p.ageMs);
        table.forEach(visitor, new PathRecord(), ms(5));
        assertEquals(
                List.of(
                        "1>2 rtt 1000/100 ssthresh 7 cwnd 9 cookie 8 age 5",
                        "1>3 rtt 0/0 ssthresh 0 cwnd 0 cookie 0 age 5"),
                listed);
    }
}
