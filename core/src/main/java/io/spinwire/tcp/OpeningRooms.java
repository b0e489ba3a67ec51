package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.ip.IpOutput;
import io.spinwire.stats.Counters;

/** The rooms that begin connections, and where applications come in. */
final class OpeningRooms {
    final Opening opening;
    final Applications applications;
    final ActiveOpen active;
    final PassiveOpen passive;

    OpeningRooms(IpOutput ip, Foundation base, SendingRooms sending, ReceivingRooms receiving, TcpSetup setup) {
        final TcpConfig config = setup.config();
        final TcpSetup.Limits limits = setup.limits();
        final Counters counters = setup.counters();
        opening = new Opening(
                ip,
                new Opening.Measures(receiving.ackPolicy, receiving.rtt, sending.receiveWindow, base.congestion),
                base.owed,
                base.timers,
                config);
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
        passive = new PassiveOpen(
                new PassiveOpen.Tables(requests(config), base.table, base.listeners),
                new PassiveOpen.Replies(sending.sender, sending.resets, base.hash, base.drops, counters),
                opening,
                sending.receiveWindow,
                applications,
                config);
    }

    private static RequestTable requests(TcpConfig config) {
        return new RequestTable(config.maxRequests(), config.synAckRetries(), config.initialRtoNs(), config.maxRtoNs());
    }
}
