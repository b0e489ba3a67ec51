package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.hook.Hooks;
import io.spinwire.ip.IpOutput;
import io.spinwire.stats.Counters;

/** The rooms that a segment's parts go to, and those that tell the application. */
final class ReceivingRooms {
    final AckPolicy ackPolicy;
    final RttEstimator rtt;
    final RecoveryRooms recovery;
    final AckProcessor acks;
    final Teardown teardown;
    final TellingRooms telling;
    final Delivery delivery;
    final EcnInput ecn;
    final DataQueue data;

    ReceivingRooms(IpOutput ip, Foundation base, SendingRooms sending, TcpSetup setup) {
        final TcpConfig config = setup.config();
        final Counters counters = setup.counters();
        final Hooks hooks = setup.hooks();
        final ReceiveTuning tuning = new ReceiveTuning(config, base.queues);
        ackPolicy = new AckPolicy(config, sending.receiveWindow, tuning, base.timers, hooks);
        rtt = new RttEstimator(config);
        recovery = new RecoveryRooms(
                new RecoveryRooms.Sending(
                        sending.output.probing(), sending.retransmit, sending.xmitTimer, base.timers, sending.prober),
                new RecoveryRooms.Measuring(rtt, base.congestion),
                counters,
                hooks,
                config);
        base.rooms.smallQueues().setReduction(ip, recovery.reduction);
        acks = new AckProcessor(
                recovery,
                rtt,
                base.queues,
                ip::confirm,
                new AckProcessor.Watching(base.timers, hooks, counters, config.reordering()));
        teardown = new Teardown(
                base.socks,
                new Teardown.Traces(sending.timeWait, base.paths, sending.blackHole),
                sending.transmit,
                base.owed,
                base.rooms,
                config);
        telling = new TellingRooms(base, ackPolicy, teardown, counters);
        delivery = telling.delivery;
        ecn = new EcnInput(config, ackPolicy, base.congestion, sending.transmit);
        data = new DataQueue(
                base.queues,
                new DataQueue.Acknowledging(ackPolicy, tuning, ecn, config.dsack()),
                delivery,
                sending.output,
                new DataQueue.Watching(base.drops, counters, hooks));
        data.setTeardown(teardown);
    }
}
