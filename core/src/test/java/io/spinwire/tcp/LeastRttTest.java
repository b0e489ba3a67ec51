package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.TcpConfig;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The least round trip of the last five minutes. Linux: tcp_min_rtt_wlen. */
class LeastRttTest extends TcpScript {
    private static final long WINDOW_S = 300;

    private final TcpSock sock = new TcpSock(0);
    private final LeastRtt least = new LeastRtt(s(WINDOW_S));

    private int sample(int rttUs, long atS) {
        least.sample(sock, rttUs, s(atS));
        return sock.minRttUs;
    }

    @Test
    void shouldTakeTheFirstAndWhatIsLess() {
        assertEquals(20_000, sample(20_000, 0));
        assertEquals(20_000, sample(30_000, 1));
        assertEquals(10_000, sample(10_000, 2));
    }

    @Test
    void shouldGoToTheSecondBestWhenTheBestIsTooOld() {
        sample(10_000, 0);
        sample(30_000, 80);
        sample(20_000, 160);
        for (int at = 161; at <= 300; at++) {
            assertEquals(10_000, sample(50_000, at));
        }
        assertEquals(20_000, sample(50_000, 301));
        assertEquals(20_000, sample(50_000, 460));
        assertEquals(50_000, sample(50_000, 461));
    }

    /**
     * Seen on 6.18 with tcp_min_rtt_wlen 4: times in hundredths of a second, round trips in tenths of a millisecond.
     */
    @Test
    void shouldFollowTheKernel() {
        final LeastRtt four = new LeastRtt(s(4));
        final int[][] seen = {
            {3, 203, 203}, {54, 303, 203}, {105, 303, 203}, {158, 603, 203}, {209, 603, 203}, {258, 404, 203},
            {308, 405, 203}, {363, 802, 203}, {414, 802, 303}, {464, 802, 303}, {515, 802, 404}, {565, 802, 404},
            {616, 802, 404}, {667, 802, 802}, {717, 802, 802}, {1021, 802, 802},
        };
        for (final int[] each : seen) {
            four.sample(sock, each[1] * 100, ms(each[0] * 10));
            assertEquals(each[2] * 100, sock.minRttUs, "at " + each[0] + "0 ms");
        }
    }

    @Test
    void shouldBeginAnewWhenNothingWasMeasuredForTheWholeWindow() {
        sample(10_000, 0);
        sample(20_000, 10);
        assertEquals(70_000, sample(70_000, 1000));
    }

    @Test
    void shouldNeverBeOlderThanTheWindowNorMissWhatIsLess() {
        final Random random = new Random(5);
        final int[] rtts = new int[5000];
        for (int at = 0; at < rtts.length; at++) {
            rtts[at] = 1000 + random.nextInt(random.nextInt(20) == 0 ? 1000 : 100_000);
            final int answer = sample(rtts[at], at);
            int exact = Integer.MAX_VALUE;
            boolean isOfTheWindow = false;
            for (int i = Math.max(at - (int) WINDOW_S - 1, 0); i <= at; i++) {
                exact = i >= at - WINDOW_S ? Math.min(exact, rtts[i]) : exact;
                isOfTheWindow |= rtts[i] == answer;
            }
            assertTrue(isOfTheWindow, answer + " us at " + at + " s is too old");
            assertTrue(answer <= rtts[at] && answer <= 2 * exact, answer + " us at " + at + " s, exactly " + exact);
        }
    }

    @Test
    void shouldOutliveTheWrapOfItsClock() {
        final long wrapS = (1L << 32) / 1000;
        sample(10_000, wrapS - 100);
        sample(20_000, wrapS + 100);
        assertEquals(10_000, sample(30_000, wrapS + 199));
        assertEquals(20_000, sample(30_000, wrapS + 202));
    }

    @Test
    void shouldShowInTcpInfoWhenThePathHasBecomeLonger() {
        start(TcpConfig.builder().minRttWindowNs(s(4)));
        accepted();
        app.socket.setNoDelay(true);
        int acked = 0;
        for (int i = 0; i < 12; i++) {
            app.writes(1000);
            stack.emitsWhatever();
            after(ms(i == 0 ? 20 : 80));
            acked += 1000;
            peer.sends(ack(1, 1 + acked));
            after(ms(420));
        }
        assertTrue(info().minRttUs >= 80_000, "least round trip " + info().minRttUs + " us");
    }

    @Test
    void shouldNotTakeADelayedAckForALongerPath() {
        start(TcpConfig.builder().minRttWindowNs(s(4)));
        peer.withSack();
        accepted();
        int acked = 0;
        for (int i = 0; i < 16; i++) {
            app.writes(10);
            stack.emitsWhatever();
            after(ms(i == 0 ? 20 : 60)); // a lone small segment: the peer waits
            acked += 10;
            peer.sends(ack(1, 1 + acked));
            after(ms(440));
        }
        assertEquals(0, info().minRttUs - 1, 1.0);
    }
}
