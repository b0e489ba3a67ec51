package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.ip.IpOutput;
import io.spinwire.stats.Counters;

/** The rooms that begin connections, and where applications come in. */
final class OpeningRooms {
    final Opening opening;
    final Applications applications;
    final ActiveOpen active;
    final ListeningRooms listening;
    final FastOpenChild fastOpenChild;

    OpeningRooms(IpOutput ip, Foundation base, SendingRooms sending, ReceivingRooms receiving, TcpSetup setup) {
        final TcpConfig config = setup.config();
        final TcpSetup.Limits limits = setup.limits();
        final Counters counters = setup.counters();
        opening = new Opening(ip, measures(base, sending, receiving), base.owed, base.timers, config);
        applications = new Applications(
                new InlineSocket.Rooms(
                        base.queues,
                        receiving.telling.reading,
                        receiving.telling.memoryWaiters,
                        receiving.teardown,
                        sending.output,
                        base.socks,
                        base.pending,
                        setup.hooks()),
                receiving.ackPolicy,
                sending.receiveWindow,
                base.owed,
                counters,
                limits.sockets());
        final LocalPorts ports =
                new LocalPorts(base.table, base.listeners, base.hash, counters, limits.firstPort(), limits.lastPort());
        active = new ActiveOpen(
                opening,
                sending.receiveWindow,
                new ActiveOpen.Sending(sending.transmit, receiving.acks, base.queues, base.rooms),
                new ActiveOpen.Ending(receiving.teardown, sending.resets, base.drops, base.socks),
                new ActiveOpen.Choosing(ports, base.hash),
                config);
        fastOpenChild = new FastOpenChild(opening, sending.transmit, receiving, base.owed, base.rooms, config);
        listening = new ListeningRooms(ip, base, sending, receiving, this, setup);
    }

    private static Opening.Measures measures(Foundation base, SendingRooms sending, ReceivingRooms receiving) {
        return new Opening.Measures(
                receiving.ackPolicy,
                receiving.rtt,
                sending.receiveWindow,
                base.congestion,
                sending.prober,
                receiving.ecn,
                base.paths);
    }
}
