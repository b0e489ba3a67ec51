package io.spinwire.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.HystartMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpState;
import io.spinwire.hook.Hooks;
import io.spinwire.queue.SlabPool;
import io.spinwire.queue.WriteQueue;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.CongestionControls;
import io.spinwire.tcp.cc.NewReno;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What no script can bring about in reasonable time. */
class AckProcessorTest {
    private static final int ISS = 0x1234_5678;

    private final Counters counters = new Counters();
    private final SlabPool slabs = new SlabPool(1 << 20);
    private final LentQueues queues = new LentQueues(slabs, TcpConfig.DEFAULTS);
    private final CongestionSignals congestion =
            new CongestionSignals(new CongestionControls(HystartMode.LINUX, counters), TcpConfig.DEFAULTS, false, 1);
    private final SockTimers timers = new SockTimers(1, 0, counters);
    private final RttEstimator rtt = new RttEstimator(TcpConfig.DEFAULTS);
    private final Hooks hooks = new Hooks();
    private final MtuProber prober = new MtuProber(queues, null, counters, TcpConfig.DEFAULTS);
    private final RecoveryRooms rooms = new RecoveryRooms(
            new RecoveryRooms.Sending(null, null, new XmitTimer(timers, TcpConfig.DEFAULTS), timers, prober),
            new RecoveryRooms.Measuring(rtt, congestion),
            counters,
            hooks,
            TcpConfig.DEFAULTS);
    private final AckProcessor acks = new AckProcessor(
            rooms, rtt, queues, (dst, nowNs) -> {}, new AckProcessor.Watching(timers, hooks, counters, 3));

    @Test
    void shouldReleaseEveryByteWhenNumbersHaveComeRoundToTheFirst() {
        final TcpSock sock = new TcpSock(0);
        sock.state = TcpState.ESTABLISHED;
        sock.reordering = 3;
        sock.congestionControl = new NewReno();
        sock.congestion.reset(10);
        sock.writeQueue = new WriteQueue(true);
        sock.writeQueue.borrowShared(slabs, 4096, 4096);
        sock.writeQueue.offer(new UnsafeBuffer(new byte[100]), 0, 100);
        sock.iss = ISS;
        sock.sndUna = ISS; // 4 GiB were acknowledged
        sock.bytesAcked = 0xFFFF_FFFFL;
        sock.sndNxt = ISS + 100;
        sock.writeSeq = sock.sndNxt;
        sock.rtxQueue = new io.spinwire.queue.RtxQueue(slabs, 100);
        sock.rtxQueue.add(ISS, ISS + 100, 0, 0);
        sock.packetsOut = 1;
        final Segment segment = new Segment();
        segment.ackSeq = ISS + 100;
        assertEquals(AckProcessor.TAKEN, acks.process(sock, segment));
        assertEquals(100, sock.writeQueue.releasedPosition());
    }
}
