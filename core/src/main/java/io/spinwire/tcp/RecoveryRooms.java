package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.hook.Hooks;
import io.spinwire.stats.Counters;

/** The rooms that find out what has arrived, what is lost and what follows from it. */
final class RecoveryRooms {
    final CongestionSignals congestion;
    final XmitTimer xmitTimer;
    final Scoreboard scoreboard;
    final Reduction reduction;
    final LossState lossState;
    final Recovery recovery;
    final LossProbe lossProbe;
    final RtxCleaner cleaner;

    RecoveryRooms(Sending sending, Measuring measuring, Counters counters, Hooks hooks, TcpConfig config) {
        congestion = measuring.congestion();
        xmitTimer = sending.xmitTimer();
        final SockTimers timers = sending.timers();
        scoreboard = new Scoreboard(congestion, counters, config);
        reduction = new Reduction(congestion, new Undo(scoreboard, counters), counters);
        final RenoSacks reno = new RenoSacks(config.maxReordering(), counters);
        lossState = new LossState(reduction, reno, counters, config);
        recovery =
                new Recovery(reduction, lossState, new Rack(timers, counters, config), reno, timers, sending.prober());
        lossProbe = new LossProbe(sending.probing(), sending.retransmit(), reduction, xmitTimer, counters);
        cleaner = new RtxCleaner(measuring.rtt(), scoreboard, reno, congestion, hooks);
    }

    /** Rooms that send, and when. */
    record Sending(Probing probing, Retransmit retransmit, XmitTimer xmitTimer, SockTimers timers, MtuProber prober) {}

    /** Rooms that are told what was measured. */
    record Measuring(RttEstimator rtt, CongestionSignals congestion) {}
}
