package io.spinwire.tcp;

import static io.spinwire.hook.HookPoint.__dev_queue_xmit;
import static io.spinwire.hook.HookPoint.__skb_queue_tail;
import static io.spinwire.hook.HookPoint.__tcp_ack_snd_check;
import static io.spinwire.hook.HookPoint.dev_hard_start_xmit;
import static io.spinwire.hook.HookPoint.dev_queue_xmit;
import static io.spinwire.hook.HookPoint.ip_finish_output;
import static io.spinwire.hook.HookPoint.ip_finish_output2;
import static io.spinwire.hook.HookPoint.ip_local_deliver;
import static io.spinwire.hook.HookPoint.ip_local_out;
import static io.spinwire.hook.HookPoint.ip_output;
import static io.spinwire.hook.HookPoint.ip_rcv;
import static io.spinwire.hook.HookPoint.kfree_skb;
import static io.spinwire.hook.HookPoint.ndo_start_xmit;
import static io.spinwire.hook.HookPoint.neigh_output;
import static io.spinwire.hook.HookPoint.net_dev_queue;
import static io.spinwire.hook.HookPoint.net_dev_start_xmit;
import static io.spinwire.hook.HookPoint.net_dev_xmit;
import static io.spinwire.hook.HookPoint.netdev_start_xmit;
import static io.spinwire.hook.HookPoint.netif_receive_skb;
import static io.spinwire.hook.HookPoint.queue_xmit;
import static io.spinwire.hook.HookPoint.tcp_ack;
import static io.spinwire.hook.HookPoint.tcp_clean_rtx_queue;
import static io.spinwire.hook.HookPoint.tcp_cleanup_rbuf;
import static io.spinwire.hook.HookPoint.tcp_data_queue;
import static io.spinwire.hook.HookPoint.tcp_data_queue_ofo;
import static io.spinwire.hook.HookPoint.tcp_data_snd_check;
import static io.spinwire.hook.HookPoint.tcp_event_new_data_sent;
import static io.spinwire.hook.HookPoint.tcp_push_pending_frames;
import static io.spinwire.hook.HookPoint.tcp_queue_rcv;
import static io.spinwire.hook.HookPoint.tcp_rcv_established;
import static io.spinwire.hook.HookPoint.tcp_sendmsg;
import static io.spinwire.hook.HookPoint.tcp_transmit_skb;
import static io.spinwire.hook.HookPoint.tcp_try_coalesce;
import static io.spinwire.hook.HookPoint.tcp_v4_rcv;
import static io.spinwire.hook.HookPoint.tcp_write_wakeup;
import static io.spinwire.hook.HookPoint.tcp_write_xmit;
import static io.spinwire.hook.HookPoint.xmit_one;
import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.rst;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.hook.HookPoint;
import io.spinwire.stats.DropReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole engine watched: every point that a segment passes, in order, both ways (ARCHITECTURE section 7). */
class HookWalkTest extends TcpScript {
    private static final List<HookPoint> RX = List.of(netif_receive_skb, ip_rcv, ip_local_deliver, tcp_v4_rcv);
    private static final List<HookPoint> TX = List.of(
            tcp_transmit_skb,
            queue_xmit,
            ip_local_out,
            ip_output,
            ip_finish_output,
            ip_finish_output2,
            neigh_output,
            dev_queue_xmit,
            __dev_queue_xmit,
            net_dev_queue,
            dev_hard_start_xmit,
            xmit_one,
            net_dev_start_xmit,
            netdev_start_xmit,
            ndo_start_xmit,
            net_dev_xmit);

    private final List<HookPoint> walk = new ArrayList<>();
    private final List<Integer> socks = new ArrayList<>();
    private int subjectOfDrop = -1;

    @BeforeEach
    void watch() {
        accepted();
        engine.hooks()
                .attach(
                        (point, sock, subject, buffer, offset, length) -> {
                            walk.add(point);
                            socks.add(sock);
                            subjectOfDrop = point == kfree_skb ? subject : subjectOfDrop;
                        },
                        -1L);
    }

    @AfterEach
    void unwatch() {
        engine.hooks().detach();
    }

    /** Compares all points passed since the last call with these, each one or a whole way. */
    private void walked(Object... expected) {
        final List<HookPoint> points = new ArrayList<>();
        for (final Object part : expected) {
            if (part instanceof List<?> way) {
                way.forEach(point -> points.add((HookPoint) point));
            } else {
                points.add((HookPoint) part);
            }
        }
        assertEquals(points, walk);
        walk.clear();
        socks.clear();
    }

    /** The fast path goes past the queue's own decisions. */
    private List<HookPoint> slow(HookPoint point) {
        return fastPath ? List.of() : List.of(point);
    }

    @Test
    void shouldWalkDownWhenDataIsSent() {
        app.writes(100);
        stack.emits(data(1, 1, 100));
        assertEquals(List.of(0), socks.stream().distinct().toList()); // its socket is named in every room
        walked(tcp_sendmsg, tcp_push_pending_frames, tcp_write_xmit, TX, tcp_event_new_data_sent);
    }

    @Test
    void shouldWalkUpWhenPureAckIsReceived() {
        app.writes(100);
        stack.emits(data(1, 1, 100));
        walk.clear();
        peer.sends(ack(1, 101));
        walked(RX, tcp_rcv_established, tcp_ack, tcp_clean_rtx_queue, tcp_data_snd_check);
    }

    @Test
    void shouldWalkUpAndDownWhenDataIsReceivedAndAcknowledged() {
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        walked(
                RX,
                tcp_rcv_established,
                tcp_ack,
                slow(tcp_data_queue),
                tcp_queue_rcv,
                __skb_queue_tail,
                __tcp_ack_snd_check,
                tcp_cleanup_rbuf,
                tcp_data_snd_check,
                TX);
    }

    @Test
    void shouldCoalesceWhenDataWaitsAlready() {
        app.appetite = 0;
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        walk.clear();
        peer.sends(data(11, 1, 10));
        stack.emits(ack(1, 21));
        walked(
                RX,
                tcp_rcv_established,
                tcp_ack,
                slow(tcp_data_queue),
                tcp_queue_rcv,
                tcp_try_coalesce,
                __tcp_ack_snd_check,
                tcp_data_snd_check,
                TX);
        app.reads(20);
        walked(tcp_cleanup_rbuf);
    }

    @Test
    void shouldPassTheOutOfOrderQueueWhenAHoleIsOpen() {
        peer.sends(data(11, 1, 10));
        stack.emits(ack(1, 1));
        walked(RX, tcp_rcv_established, tcp_ack, tcp_data_queue, tcp_data_queue_ofo, TX, tcp_data_snd_check);
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 21));
        walked(
                RX,
                tcp_rcv_established,
                tcp_ack,
                tcp_data_queue,
                tcp_queue_rcv,
                tcp_try_coalesce,
                __tcp_ack_snd_check,
                tcp_cleanup_rbuf,
                tcp_data_snd_check,
                TX);
    }

    @Test
    void shouldWakeUpWhenWindowIsClosed() {
        peer.sends(ack(1, 1).window(0));
        app.writes(10);
        walk.clear();
        stack.emitsAfter(ms(200), ack(0, 1));
        walked(tcp_write_wakeup, TX);
    }

    @Test
    void shouldTransmitWithoutWriteXmitWhenRepeated() {
        app.writes(10);
        stack.emits(data(1, 1, 10));
        walk.clear();
        stack.emitsAfter(ms(200), data(1, 1, 10));
        walked(TX);
    }

    @Test
    void shouldTellReasonAndSocketWhenSegmentOfAConnectionIsDropped() {
        peer.sends(data(100_000, 1, 10));
        stack.emits(ack(1, 1));
        assertEquals(DropReason.TCP_INVALID_SEQUENCE.ordinal(), subjectOfDrop);
        assertEquals(0, socks.get(walk.indexOf(kfree_skb)));
        walked(RX, tcp_rcv_established, kfree_skb, TX, tcp_data_snd_check);
    }

    @Test
    void shouldTellReasonWhenSegmentHasNoConnection() {
        peer.stackPort = 99;
        peer.sends(data(1, 77, 10));
        stack.emits(rst(77));
        assertEquals(DropReason.NO_SOCKET.ordinal(), subjectOfDrop);
        assertEquals(-1, socks.get(walk.indexOf(kfree_skb)));
        walked(RX, kfree_skb, TX.subList(1, TX.size()));
    }

    @Test
    void shouldTellReasonWhenChecksumIsWrong() {
        final byte[] frame = peer.frame(data(1, 1, 10));
        frame[frame.length - 7] ^= 1;
        nic.incoming.add(frame);
        run();
        assertEquals(DropReason.TCP_CSUM.ordinal(), subjectOfDrop);
        walked(netif_receive_skb, ip_rcv, ip_local_deliver, kfree_skb);
    }

    @Test
    void shouldPassOnlyWhatTheMaskNamesWhenAttached() {
        engine.hooks().attach((point, sock, subject, buffer, offset, length) -> walk.add(point), tcp_ack.bit());
        peer.sends(ack(1, 1));
        walked(tcp_ack);
    }

    @Test
    void shouldShowThePacketItselfWhenItHasOne() {
        final List<Integer> lengths = new ArrayList<>();
        engine.hooks()
                .attach(
                        (point, sock, subject, buffer, offset, length) -> lengths.add(length),
                        net_dev_xmit.bit() | tcp_v4_rcv.bit());
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        assertEquals(List.of(30, 54), lengths);
        assertTrue(walk.isEmpty());
    }
}
