package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.data;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** RFC 2018 section 8: a peer may throw away what it has reported. */
class RenegingTest extends SackScript {

    private void reported() {
        peer.withSack();
        established(TcpConfig.builder().tlp(false));
        inFlight(4);
        acks(1, 1001, 4001);
        stack.emits(data(1, 1, 1000));
        assertEquals(3, info().sacked);
    }

    @Test
    void shouldSendAllAgainWhenAnAckStopsAtReportedData() {
        reported();
        after(ms(RTT_MS));
        acks(1001); // the peer would have said 4001
        stack.emitsAfter(ms(RTT_MS / 2), data(1001, 1, 1000));
        assertEquals(1, count(Counter.TcpSACKReneging));
        assertEquals(0, info().sacked);
        assertEquals(3, info().lost);
        acks(2001);
        stack.emits(data(2001, 1, 1000), data(3001, 1, 1000));
        acks(4001);
    }

    @Test
    void shouldForgetTheSuspicionWhenTheRestIsAcknowledgedInTime() {
        reported();
        after(ms(RTT_MS));
        acks(1001);
        after(ms(10));
        acks(4001);
        after(s(1));
        assertEquals(0, count(Counter.TcpSACKReneging));
        assertEquals(0, count(Counter.TcpTimeouts));
        assertEquals(1, info().totalRetrans);
    }

    @Test
    void shouldBelieveReportsAgainWhenRepaired() {
        reported();
        after(ms(RTT_MS));
        acks(1001);
        stack.emitsAfter(ms(RTT_MS / 2), data(1001, 1, 1000));
        acks(4001);
        stack.emitsNothing();
        app.writes(5000);
        stack.emitsWhatever();
        final int sent = info().unacked;
        after(ms(RTT_MS));
        acks(4001, 5001, 4001 + sent * 1000);
        assertEquals(sent - 1, info().sacked);
        stack.emitsWhatever();
        acks(9001);
        stack.emitsWhatever();
        acks(9001);
    }
}
