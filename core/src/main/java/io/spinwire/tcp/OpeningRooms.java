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
    final RequestTimers requestTimers;

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
        final RequestTable requests = new RequestTable(config.maxRequests(), config.initialRtoNs(), config.maxRtoNs());
        final Acceptance.Watching watching = new Acceptance.Watching(base.drops, counters);
        final RequestReplies replies = new RequestReplies(requests, base.listeners, sending.sender, opening, counters);
        final PassiveOpen.Tables tables = new PassiveOpen.Tables(requests, base.table, base.listeners);
        final PassiveOpen.Answers answers = new PassiveOpen.Answers(replies, sending.resets, ip, base.hash, watching);
        final Negotiation negotiation = new Negotiation(requests, sending.receiveWindow, opening, base.hash, config);
        final Acceptance acceptance = new Acceptance(requests, base.table, ip, opening, applications, watching);
        final CookieOpen cookies =
                new CookieOpen(new SynCookies(base.hash), requests, negotiation, acceptance, answers, config);
        passive = new PassiveOpen(tables, answers, negotiation, cookies, acceptance, config);
        requestTimers = new RequestTimers(tables, replies, passive, counters, config);
    }

    private static Opening.Measures measures(Foundation base, SendingRooms sending, ReceivingRooms receiving) {
        return new Opening.Measures(
                receiving.ackPolicy,
                receiving.rtt,
                sending.receiveWindow,
                base.congestion,
                sending.pathMtu,
                receiving.ecn);
    }
}
