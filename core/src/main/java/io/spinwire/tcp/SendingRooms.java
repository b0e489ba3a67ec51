package io.spinwire.tcp;

import io.spinwire.ip.IpOutput;
import io.spinwire.nic.Frame;

/** The rooms of the way out, lowest first. */
final class SendingRooms {
    final SegmentSender sender;
    final ReceiveWindow receiveWindow;
    final Transmit transmit;
    final XmitTimer xmitTimer;
    final Retransmit retransmit;
    final PathMtu pathMtu;
    final MtuProber prober;
    final TcpOutput output;
    final ResetReply resets;
    final TimeWaitTable timeWait;
    final FastOpenBlackHole blackHole;

    SendingRooms(IpOutput ip, Foundation base, TcpSetup setup) {
        sender = new SegmentSender(ip, new Frame(), setup.counters());
        receiveWindow = new ReceiveWindow(setup.config(), base.queues, setup.counters());
        transmit = new Transmit(sender, receiveWindow, base.pacing, setup.config(), setup.counters(), setup.hooks());
        xmitTimer = new XmitTimer(base.timers, setup.config());
        retransmit = new Retransmit(transmit, xmitTimer, base.rooms.smallQueues(), setup.counters());
        pathMtu = new PathMtu(ip, base.congestion, base.pending, setup.counters(), setup.config());
        prober = new MtuProber(base.queues, pathMtu, setup.counters(), setup.config());
        final FreshSegments fresh = new FreshSegments(transmit, base.queues, base.rooms);
        final Probing probing = new Probing(fresh, transmit, xmitTimer, base.rooms, setup.config());
        output = new TcpOutput(transmit, retransmit, prober, probing, base.rooms, setup.config());
        resets = new ResetReply(sender);
        blackHole = new FastOpenBlackHole(ip, setup.config(), setup.counters());
        timeWait = new TimeWaitTable(base.table, sender, base.drops, setup.counters(), setup.config());
    }
}
