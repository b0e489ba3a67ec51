package io.spinwire.tcp;

import io.spinwire.queue.SlabPool;
import io.spinwire.tcp.cc.CongestionControls;

/** What all rooms stand on: tables, pools, lists and timers. Lowest of the four parts that {@link Tcp} is built of. */
final class Foundation {
    final SecretHash hash;
    final TcpTable table;
    final Listeners listeners;
    final LentQueues queues;
    final SockPool socks;
    final SockTimers timers;
    final SegmentDrops drops;
    final OutputList pending = new OutputList();
    final OwedList owed = new OwedList();
    final SendSpace sendSpace;
    final TcpOutput.Rooms rooms;
    final CongestionSignals congestion;
    final PathMetrics paths;
    final Pacing pacing;

    Foundation(TcpSetup setup, long nowNs) {
        final TcpSetup.Limits limits = setup.limits();
        drops = new SegmentDrops(setup.drops());
        hash = new SecretHash(setup.secretHigh(), setup.secretLow());
        table = new TcpTable(hash.hash(0, 0, 0));
        listeners = new Listeners(limits.listeners());
        queues = new LentQueues(new SlabPool(limits.memoryBytes()), setup.config());
        final CongestionControls controls =
                new CongestionControls(setup.config().hystart(), setup.counters());
        paths = new PathMetrics(setup.config());
        congestion =
                new CongestionSignals(controls, setup.config(), setup.qdisc().isPacing(), hash.hash(1, 0, 0));
        final SetbackPool setbacks = new SetbackPool();
        final SockPool.Lent lent = new SockPool.Lent(queues, controls, setbacks);
        socks = new SockPool(table, lent, setup.counters(), limits.sockets());
        timers = new SockTimers(limits.sockets(), nowNs, setup.counters());
        pacing = new Pacing(timers, setup.counters(), setup.qdisc().isPacing());
        sendSpace = new SendSpace(setup.config(), queues, owed);
        rooms = new TcpOutput.Rooms(
                timers,
                pending,
                new SmallQueues(socks, pending, setup),
                sendSpace,
                setbacks,
                congestion,
                setup.counters(),
                setup.hooks());
    }
}
