package io.spinwire.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.queue.RtxQueue;
import io.spinwire.queue.SlabPool;
import io.spinwire.tcp.cc.AckSample;
import org.junit.jupiter.api.Test;

/** The delivery-rate sample: what an ACK says about how fast segments get through. */
class DeliveryRateTest {
    private static final int MSS = 1000;
    private static final long MS = 1_000_000;

    private final TcpSock sock = new TcpSock(0);
    private final AckSample sample = new AckSample();
    private long nowNs = 1_000 * MS;

    DeliveryRateTest() {
        sock.reset();
        sock.appLimited = 0;
        sock.delivered = 1; // SYN
        sock.mss = MSS;
        sock.congestion.reset(10);
        sock.rtxQueue = new RtxQueue(new SlabPool(1 << 20), 100);
        sample.clear();
    }

    private void send(int segments) {
        for (int i = 0; i < segments; i++) {
            sock.rtxQueue.add(sock.sndNxt, sock.sndNxt + MSS, nowNs, 0);
            DeliveryRate.onSent(sock, sock.rtxQueue.size() - 1, nowNs);
            sock.sndNxt += MSS;
            sock.packetsOut++;
        }
    }

    private void ack(int segments) {
        sample.clear();
        for (int i = 0; i < segments; i++) {
            DeliveryRate.onDelivered(sock, 0, sample);
            sock.rtxQueue.removeFirst();
            sock.packetsOut--;
        }
        sock.delivered += segments;
        sample.ackedSacked = segments;
        DeliveryRate.measure(sock, sample, false, nowNs);
    }

    @Test
    void shouldMeasureSegmentsOverRoundTripWhenWindowIsAcknowledgedAtOnce() {
        send(10);
        nowNs += 20 * MS;
        ack(10);
        assertEquals(10, sample.rateDelivered);
        assertEquals(20_000, sample.intervalUs);
        assertEquals(500_000, DeliveryRate.bytesPerSecond(sock));
        assertFalse(sample.isAppLimited);
        assertEquals(10, sample.txInFlight);
    }

    /** ACKs that were compressed on their way must not make the rate look higher than that of sending. */
    @Test
    void shouldUseTimeOfSendingWhenAcksComeCompressed() {
        send(1);
        nowNs += 10 * MS;
        send(1);
        nowNs += 10 * MS;
        ack(1);
        send(1); // sent 20 ms after the first
        nowNs += 1 * MS;
        ack(2);
        assertEquals(20_000, sample.sendIntervalUs);
        assertEquals(20_000, sample.intervalUs, "since the first was sent");
        assertEquals(2, sample.rateDelivered);
    }

    @Test
    void shouldCountFromNewestSegmentSentWhenSeveralAreAcknowledged() {
        send(2);
        nowNs += 10 * MS;
        ack(1);
        send(1);
        nowNs += 10 * MS;
        ack(2);
        assertEquals(2, sample.priorDelivered);
        assertEquals(2, sample.rateDelivered);
        assertEquals(10_000, sample.intervalUs);
    }

    @Test
    void shouldMarkSampleWhenApplicationWasTheLimit() {
        sock.writeSeq = sock.sndNxt;
        DeliveryRate.checkAppLimited(sock);
        send(1);
        nowNs += 10 * MS;
        ack(1);
        assertTrue(sample.isAppLimited);
        assertTrue(sock.isRateAppLimited);
        sock.writeSeq = sock.sndNxt + 20 * MSS;
        DeliveryRate.checkAppLimited(sock);
        send(10);
        nowNs += 10 * MS;
        ack(10);
        assertFalse(sample.isAppLimited, "there was more to send than a segment");
        assertEquals(0, sock.appLimited);
    }

    @Test
    void shouldKeepBetterRateWhenApplicationWasTheLimitAfterwards() {
        send(10);
        nowNs += 10 * MS;
        ack(10);
        sock.writeSeq = sock.sndNxt;
        DeliveryRate.checkAppLimited(sock);
        send(1);
        nowNs += 10 * MS;
        ack(1);
        assertEquals(1_000_000, DeliveryRate.bytesPerSecond(sock));
    }

    @Test
    void shouldGiveNoSampleWhenIntervalIsShorterThanAnyRoundTrip() {
        sock.minRttUs = 10_000;
        send(1);
        nowNs += 5 * MS;
        ack(1);
        assertEquals(AckSample.NONE, sample.intervalUs);
        assertEquals(0, DeliveryRate.bytesPerSecond(sock));
    }

    @Test
    void shouldStartAnewWhenNothingIsInFlight() {
        send(1);
        nowNs += 10 * MS;
        ack(1);
        nowNs += 5_000 * MS;
        send(1);
        nowNs += 10 * MS;
        ack(1);
        assertEquals(10_000, sample.intervalUs);
        assertEquals(1, sample.rateDelivered);
    }

    @Test
    void shouldCountRecordOnceWhenReportedAndThenAcknowledged() {
        send(1);
        nowNs += 10 * MS;
        DeliveryRate.onDelivered(sock, 0, sample); // by a SACK
        sample.clear();
        DeliveryRate.onDelivered(sock, 0, sample);
        assertEquals(0, sample.priorDeliveredNs);
    }

    @Test
    void shouldGiveNoSampleWhenPeerTakesBack() {
        send(1);
        nowNs += 10 * MS;
        DeliveryRate.onDelivered(sock, 0, sample);
        DeliveryRate.measure(sock, sample, true, nowNs);
        assertEquals(AckSample.NONE, sample.rateDelivered);
    }

    @Test
    void shouldTellLossesSinceTheSegmentWasSent() {
        send(2);
        sock.lost += 3;
        nowNs += 10 * MS;
        ack(1);
        assertEquals(3, sample.rateLost);
    }
}
