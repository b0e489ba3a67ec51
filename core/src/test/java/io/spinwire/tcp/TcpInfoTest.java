package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOption;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The figures of a connection at every moment: those that the kernel's tcp_info was seen to have in the same. */
class TcpInfoTest extends EitherSocketScript {
    private static final long TICK_US = 1049; // of the busy times

    private static void isAbout(long expectedUs, long actualUs) {
        assertTrue(Math.abs(expectedUs - actualUs) <= 2 * TICK_US, "expected " + expectedUs + " but was " + actualUs);
    }

    /** Accepted after a round trip of 70 ms, by a socket without Nagle. */
    private void acceptedAfter70Millis() {
        start(config(), TcpConfig.builder().congestionControl("reno").build());
        listens(options().noDelay(true).build());
        app.appetite = 0;
        peer.sends(syn());
        stack.emits(synAck());
        after(ms(70));
        peer.sends(ack(1, 1));
        app.heard("connected");
    }

    @Test
    void shouldBeginWithWhatTheHandshakeFound() {
        peer.withWindowScale(7);
        acceptedAfter70Millis();
        final TcpInfo info = info();
        assertEquals(TcpState.ESTABLISHED, info.state);
        assertEquals(0, info.caState);
        assertTrue(info.windowScaling);
        assertFalse(info.timestamps);
        assertEquals(7, info.sndWscale);
        assertEquals(10, info.rcvWscale);
        assertEquals(70_000, info.rttUs);
        assertEquals(35_000, info.rttVarUs);
        assertEquals(70_000, info.minRttUs);
        assertEquals(0, info.atoUs);
        assertEquals(1000, info.sndMss);
        assertEquals(536, info.rcvMss);
        assertEquals(1460, info.advMss);
        assertEquals(1500, info.pmtu);
        assertEquals(10, info.sndCwnd);
        assertEquals(Integer.MAX_VALUE, info.sndSsthresh);
        assertEquals(65535 << 7, info.sndWnd);
        assertEquals(64240, info.rcvWnd);
        assertEquals(3, info.reordering);
        assertEquals(2, info.segsIn);
        assertEquals(0, info.segsOut);
        assertEquals(1, info.delivered);
        assertEquals(1000L * 10 * 2 * 1_000_000 / 70_000, info.pacingRate);
        assertEquals(Long.MAX_VALUE, info.maxPacingRate);
        assertTrue(info.deliveryRateAppLimited);
        assertEquals(0, info.deliveryRate);
        assertEquals(0, info.busyTimeUs);
    }

    @Test
    void shouldCountWhatIsSentAndAcknowledged() {
        acceptedAfter70Millis();
        after(ms(50));
        app.writes(100);
        stack.emits(data(1, 1, 100));
        after(ms(40));
        TcpInfo info = info();
        assertEquals(1, info.unacked);
        assertEquals(40, info.lastDataSentMs);
        assertEquals(90, info.lastAckRecvMs);
        assertEquals(90, info.lastDataRecvMs);
        assertEquals(100, info.bytesSent);
        assertEquals(1, info.dataSegsOut);
        isAbout(40_000, info.busyTimeUs);
        peer.sends(ack(1, 101));
        after(ms(20));
        info = info();
        assertEquals(0, info.unacked);
        assertEquals(100, info.bytesAcked);
        assertEquals(20, info.lastAckRecvMs);
        assertEquals(40_000, info.minRttUs);
        assertEquals(2, info.delivered);
        assertEquals(1000L * 1_000_000 / 40_000, info.deliveryRate); // a segment, of whatever size
        isAbout(40_000, info.busyTimeUs);
    }

    @Test
    void shouldCountWhatIsReceived() {
        acceptedAfter70Millis();
        peer.sends(data(1, 1, 500));
        stack.emits(ack(1, 501));
        after(ms(30));
        peer.sends(data(601, 1, 100));
        stack.emits(ack(1, 501));
        final TcpInfo info = info();
        assertEquals(30, info.lastDataRecvMs);
        assertEquals(40_000, info.atoUs);
        assertEquals(500, info.bytesReceived);
        assertEquals(2, info.dataSegsIn);
        assertEquals(4, info.segsIn);
        assertEquals(2, info.segsOut);
        assertEquals(1, info.rcvOooPack);
    }

    @Test
    void shouldShowATimeoutAndTheTimeThatItTakes() {
        acceptedAfter70Millis();
        for (int i = 0; i < 12; i++) {
            app.offers(1000);
        }
        run();
        stack.emitsWhatever();
        assertEquals(2000, info().notsentBytes);
        final int rtoUs = info().rtoUs;
        assertEquals(270_000, rtoUs);
        after(ms(272));
        stack.emits(data(1, 1, 1000));
        TcpInfo info = info();
        assertEquals(4, info.caState);
        assertEquals(1, info.retransmits);
        assertEquals(1, info.backoff);
        assertEquals(2 * rtoUs, info.rtoUs);
        assertEquals(10, info.unacked);
        assertEquals(10, info.lost);
        assertEquals(1, info.retrans);
        assertEquals(1, info.totalRetrans);
        assertEquals(1000, info.bytesRetrans);
        assertEquals(11_000, info.bytesSent);
        assertEquals(1, info.sndCwnd);
        assertEquals(5, info.sndSsthresh);
        assertEquals(1, info.totalRto);
        assertEquals(1, info.totalRtoRecoveries);
        assertEquals(2, info.totalRtoTimeMs);
        after(ms(100));
        assertEquals(102, info().totalRtoTimeMs);
    }

    @Test
    void shouldSayThatTheWindowHoldsBack() {
        peer.withWindow(0);
        acceptedAfter70Millis();
        app.writes(2000);
        after(ms(100));
        TcpInfo info = info();
        assertEquals(2000, info.notsentBytes);
        isAbout(100_000, info.rwndLimitedUs);
        isAbout(100_000, info.busyTimeUs);
        assertEquals(0, info.probes);
        after(ms(200));
        stack.emits(ack(0, 1));
        assertEquals(1, info().probes);
        peer.withWindow(65535).sends(ack(1, 1));
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000));
        after(ms(50));
        info = info();
        assertEquals(0, info.probes);
        assertEquals(0, info.backoff);
        isAbout(300_000, info.rwndLimitedUs);
        isAbout(350_000, info.busyTimeUs);
        peer.sends(ack(1, 2001));
        after(ms(50));
        isAbout(350_000, info().busyTimeUs);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSayThatTheSendBufferHoldsBack(boolean isQueued) {
        accepted(isQueued, options().noDelay(true).sendBuffer(8192).build());
        while (app.offers(1000) > 0) {}
        run();
        stack.emitsWhatever();
        after(ms(80));
        peer.sends(ack(1, 8193));
        after(ms(20));
        final TcpInfo info = fresh();
        isAbout(80_000, info.sndbufLimitedUs);
        isAbout(80_000, info.busyTimeUs);
        assertEquals(0, info.rwndLimitedUs);
    }

    /** A socket of another thread is shown what the engine published for the call before. */
    private TcpInfo fresh() {
        info();
        run();
        return info();
    }

    @Test
    void shouldKnowLittleWhenConnecting() {
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn());
        TcpInfo info = info();
        assertEquals(TcpState.SYN_SENT, info.state);
        assertEquals(1, info.unacked);
        assertEquals(1, info.segsOut);
        assertEquals(0, info.rttUs);
        assertEquals(250_000, info.rttVarUs);
        assertEquals(1_000_000, info.rtoUs);
        assertEquals(0, info.pacingRate);
        after(ms(1001));
        stack.emits(syn());
        info = info();
        assertEquals(1, info.totalRto);
        assertEquals(1, info.retransmits);
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        info = info();
        assertEquals(0, info.unacked);
        assertEquals(1, info.delivered);
        assertEquals(0, info.retransmits);
        assertEquals(1, info.totalRtoTimeMs);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldShowTheLimitOfPacing(boolean isQueued) {
        accepted(isQueued);
        app.socket.setOption(SocketOption.MAX_PACING_RATE, 1_000_000);
        run();
        assertEquals(1_000_000, fresh().maxPacingRate);
    }

    @Test
    void shouldCopyEveryField() throws IllegalAccessException {
        acceptedAfter70Millis();
        app.writes(100);
        peer.sends(fin(1, 1).length(10));
        stack.emitsWhatever();
        final TcpInfo from = info();
        final TcpInfo to = new TcpInfo();
        to.set(from);
        for (final java.lang.reflect.Field field : TcpInfo.class.getFields()) {
            if (field.getType() == int.class && field.getInt(from) == 0) {
                field.setInt(from, 7);
            } else if (field.getType() == boolean.class) {
                field.setBoolean(from, true);
            } else if (field.getType() == long.class && field.getLong(from) == 0) {
                field.setLong(from, 7);
            }
        }
        to.set(from);
        for (final java.lang.reflect.Field field : TcpInfo.class.getFields()) {
            assertEquals(field.get(from), field.get(to), field.getName());
        }
    }
}
