package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.ip.IpOutput;
import io.spinwire.queue.DoorbellQueue;
import io.spinwire.stats.Counters;

/** The rooms that begin connections, and where applications come in. */
final class OpeningRooms implements QueuedSocket.Connector {
    final Opening opening;
    final SocketMaking making;
    final Figures figures;
    final Applications applications;
    final ActiveOpen active;
    final Connecting connecting;
    final QueuedConnecting queuedConnecting;
    private final NextId ids = new NextId();
    final ListeningRooms listening;
    final FastOpenChild fastOpenChild;

    OpeningRooms(IpOutput ip, Foundation base, SendingRooms sending, ReceivingRooms receiving, TcpSetup setup) {
        final TcpConfig config = setup.config();
        final TcpSetup.Limits limits = setup.limits();
        final Counters counters = setup.counters();
        opening = new Opening(ip, measures(base, sending, receiving), base.owed, base.timers, config);
        final OptionChanges changes = new OptionChanges(ip, base.rooms, base.owed, sending.receiveWindow, config);
        figures = new Figures(base.congestion, config.maxRtoNs());
        final LocalPorts ports = new LocalPorts(
                new LocalPorts.Taken(base.table, base.listeners, sending.timeWait),
                ip,
                base.hash,
                counters,
                limits.firstPort(),
                limits.lastPort());
        active = new ActiveOpen(
                opening,
                sending.receiveWindow,
                new ActiveOpen.Sending(sending.transmit, receiving.acks, receiving.data, base.queues, base.rooms),
                new ActiveOpen.Ending(receiving.teardown, sending.resets, base.drops, base.socks, base.owed),
                new ActiveOpen.Choosing(
                        ports,
                        base.hash,
                        new FastOpenClient(
                                base.paths.table,
                                sending.blackHole,
                                base.congestion,
                                sending.sender.out,
                                counters,
                                config)),
                config);
        connecting = new Connecting(ip, active);
        final InlineSocket.Rooms inline = new InlineSocket.Rooms(
                new InlineWriting(
                        base.queues, base.sendSpace, receiving.telling.memoryWaiters, base.pending, setup.hooks()),
                receiving.telling.reading,
                receiving.teardown,
                base.socks,
                changes,
                figures,
                connecting,
                ids);
        final DoorbellQueue<QueuedSocket> bells = new DoorbellQueue<>(2 * limits.sockets());
        making = new SocketMaking(base.queues, sending.receiveWindow, inline, this, bells, counters);
        applications = new Applications(inline, sending.output, receiving.ackPolicy, base.owed, bells, counters);
        queuedConnecting = new QueuedConnecting(connecting, base.socks, making, applications, base.owed);
        sending.output.setActiveOpen(active);
        fastOpenChild = new FastOpenChild(opening, sending.transmit, receiving, base.owed, base.rooms, config);
        listening = new ListeningRooms(ip, base, sending, receiving, this, setup);
    }

    @Override
    public int connectAgain(QueuedSocket socket, int epoch, int remote, int port) {
        return queuedConnecting.connectAgain(socket, epoch, remote, port);
    }

    @Override
    public long nextId() {
        return ids.next();
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
