package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.ip.IpOutput;
import io.spinwire.stats.Counters;

/** The rooms of the listening side. */
final class ListeningRooms {
    final PassiveOpen passive;
    final RequestTimers requestTimers;
    final FastOpenCookies fastOpenCookies;

    ListeningRooms(
            IpOutput ip,
            Foundation base,
            SendingRooms sending,
            ReceivingRooms receiving,
            OpeningRooms opening,
            TcpSetup setup) {
        final TcpConfig config = setup.config();
        final Counters counters = setup.counters();
        final RequestTable requests = new RequestTable(config.maxRequests(), config.initialRtoNs(), config.maxRtoNs());
        final Acceptance.Watching watching = new Acceptance.Watching(base.drops, counters);
        final RequestReplies replies =
                new RequestReplies(requests, base.listeners, sending.sender, opening.opening, counters);
        final PassiveOpen.Tables tables = new PassiveOpen.Tables(requests, base.table, base.listeners, base.paths);
        final PassiveOpen.Answers answers = new PassiveOpen.Answers(replies, sending.resets, ip, base.hash, watching);
        final Negotiation negotiation =
                new Negotiation(requests, sending.receiveWindow, opening.opening, base.hash, config);
        final Acceptance acceptance =
                new Acceptance(requests, base.table, ip, opening.opening, opening.making, watching);
        final CookieOpen cookies =
                new CookieOpen(new SynCookies(base.hash), requests, negotiation, acceptance, answers, config);
        fastOpenCookies = new FastOpenCookies(base.hash.hash(1, 0, 0), base.hash.hash(2, 0, 0));
        final FastOpenServer fastOpen = new FastOpenServer(
                fastOpenCookies,
                requests,
                negotiation,
                acceptance,
                new FastOpenServer.Sending(
                        receiving.data,
                        receiving.delivery,
                        base.queues,
                        sending.output,
                        sending.transmit,
                        sending.sender,
                        base.timers,
                        watching),
                config);
        final PassiveOpen.Ways ways = new PassiveOpen.Ways(acceptance, cookies, fastOpen);
        passive = new PassiveOpen(tables, answers, negotiation, ways, config);
        requestTimers = new RequestTimers(tables, replies, passive, counters, config);
    }
}
