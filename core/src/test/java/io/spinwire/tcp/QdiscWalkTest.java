package io.spinwire.tcp;

import static io.spinwire.hook.HookPoint.__dev_queue_xmit;
import static io.spinwire.hook.HookPoint.__dev_xmit_skb;
import static io.spinwire.hook.HookPoint.__netif_reschedule;
import static io.spinwire.hook.HookPoint.__qdisc_run;
import static io.spinwire.hook.HookPoint.dev_hard_start_xmit;
import static io.spinwire.hook.HookPoint.dev_queue_xmit;
import static io.spinwire.hook.HookPoint.ndo_start_xmit;
import static io.spinwire.hook.HookPoint.net_dev_queue;
import static io.spinwire.hook.HookPoint.net_dev_start_xmit;
import static io.spinwire.hook.HookPoint.net_dev_xmit;
import static io.spinwire.hook.HookPoint.net_tx_action;
import static io.spinwire.hook.HookPoint.netdev_start_xmit;
import static io.spinwire.hook.HookPoint.xmit_one;
import static io.spinwire.tcp.Packet.data;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.QdiscKind;
import io.spinwire.api.TcpConfig;
import io.spinwire.hook.HookPoint;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The device layer watched, with a queue and without: the points below {@code neigh_output}, in order. */
class QdiscWalkTest extends TcpScript {
    private static final List<HookPoint> QUEUE = List.of(dev_queue_xmit, __dev_queue_xmit, net_dev_queue);
    private static final List<HookPoint> XMIT =
            List.of(dev_hard_start_xmit, xmit_one, net_dev_start_xmit, netdev_start_xmit, ndo_start_xmit, net_dev_xmit);
    private static final Set<HookPoint> DEVICE = EnumSet.range(dev_queue_xmit, net_dev_xmit);

    private final List<HookPoint> walk = new ArrayList<>();
    private final List<Integer> waiting = new ArrayList<>(); // frames in the queue, as __qdisc_run tells

    private void watch(QdiscKind qdisc) {
        start(config().qdisc(qdisc), TcpConfig.DEFAULTS);
        accepted();
        final long points = DEVICE.stream().mapToLong(HookPoint::bit).reduce(0, (a, b) -> a | b);
        engine.hooks()
                .attach(
                        (point, sock, subject, buffer, offset, length) -> {
                            walk.add(point);
                            if (point == __qdisc_run) {
                                waiting.add(subject);
                            }
                        },
                        points);
    }

    @AfterEach
    void unwatch() {
        engine.hooks().detach();
    }

    private void walked(List<?>... parts) {
        final List<Object> points = new ArrayList<>();
        for (final List<?> part : parts) {
            points.addAll(part);
        }
        assertEquals(points, walk);
        walk.clear();
    }

    @Test
    void shouldPassNoQueueWhenThereIsNone() {
        watch(QdiscKind.NONE);
        app.writes(100);
        stack.emits(data(1, 1, 100));
        walked(QUEUE, XMIT);
    }

    @Test
    void shouldBypassTheQueueWhenNothingWaitsInIt() {
        watch(QdiscKind.PFIFO);
        app.writes(100);
        stack.emits(data(1, 1, 100));
        walked(QUEUE, List.of(__dev_xmit_skb), XMIT);
    }

    @Test
    void shouldWaitForTheLoopsTurnWhenTheNicIsFull() {
        watch(QdiscKind.FQ);
        nic.free = 0;
        app.writes(100);
        walked(
                QUEUE,
                List.of(__dev_xmit_skb, __qdisc_run, __netif_reschedule), // no room
                List.of(net_tx_action, __qdisc_run, __netif_reschedule), // the same turn
                List.of(net_tx_action, __qdisc_run, __netif_reschedule)); // the next, in which nothing is done
        nic.free = Integer.MAX_VALUE;
        run();
        stack.emits(data(1, 1, 100));
        walked(List.of(net_tx_action, __qdisc_run), XMIT);
        assertEquals(List.of(1, 1, 1, 1), waiting);
    }
}
