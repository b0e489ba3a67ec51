package io.spinwire;

import io.spinwire.api.QdiscKind;
import io.spinwire.hook.Drops;
import io.spinwire.hook.Hooks;
import io.spinwire.ip.Icmp;
import io.spinwire.ip.IpInput;
import io.spinwire.ip.IpOutput;
import io.spinwire.ip.LocalDelivery;
import io.spinwire.ip.RouteTable;
import io.spinwire.link.ArpInput;
import io.spinwire.link.ArpOutput;
import io.spinwire.link.EthernetHeader;
import io.spinwire.link.EthernetInput;
import io.spinwire.link.EthernetOutput;
import io.spinwire.link.LocalAddresses;
import io.spinwire.link.NeighbourOutput;
import io.spinwire.link.NeighbourTable;
import io.spinwire.link.NicOutput;
import io.spinwire.link.NoQueue;
import io.spinwire.link.PendingPackets;
import io.spinwire.link.Qdisc;
import io.spinwire.link.QueuedOutput;
import io.spinwire.nic.Nic;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.Tcp;
import io.spinwire.tcp.TcpSetup;
import org.agrona.BitUtil;

/**
 * The layers of one engine, put together from the NIC up, and their shares of the turn. The order of the constructor is
 * the way of a segment: out through the first half, in through the second. Engine thread only.
 */
final class Stack {
    private static final int PFIFO_LIMIT = 1000; // Linux: txqueuelen
    private static final int FQ_LIMIT = 10_000; // Linux: fq limit
    private static final int MIN_MTU = 576; // RFC 791: what every host must take

    private final Nic nic;
    private final Qdisc qdisc;
    private final NeighbourTable neighbours;
    private final LocalDelivery localDelivery;
    private final IpOutput ipOutput;
    private final EthernetInput ethernetInput;
    private final IpInput ipInput;
    private final Tcp tcp;
    private final Hooks hooks = new Hooks();
    private final ReceivePause receivePause;
    private final int receiveBurst;

    Stack(EngineConfig config, Nic nic) {
        this.nic = nic;
        final Counters counters = config.counters();
        final int mtu = mtu(config, nic);
        final Drops drops = new Drops(counters, hooks);
        final LocalAddresses local = new LocalAddresses(
                config.addresses().stream().mapToInt(Cidr::address).toArray(),
                config.addresses().stream().mapToInt(Cidr::prefixLength).toArray());

        final EthernetHeader header = new EthernetHeader(nic.macAddress(), config.vlanId());
        qdisc = qdisc(config, new NicOutput(nic, counters, hooks), header.length() + mtu, drops);
        final EthernetOutput ethernet = new EthernetOutput(qdisc, hooks);
        final ArpOutput arpOutput = new ArpOutput(ethernet, header, local, counters);
        final int pendingSlots = Math.min(config.maxPendingPackets() * 16, 4096);
        final PendingPackets pending =
                new PendingPackets(pendingSlots, mtu, config.maxPendingPackets(), config.maxNeighbours(), drops);
        neighbours = new NeighbourTable(config.maxNeighbours(), pending, header, ethernet, arpOutput, counters);
        config.neighbours().forEach(entry -> neighbours.addStatic(entry.address(), entry.mac()));
        final NeighbourOutput neighbourOutput =
                new NeighbourOutput(neighbours, pending, ethernet, header, drops, hooks);
        final RouteTable routes = new RouteTable(local, mtu, config.ttl());
        config.routes()
                .forEach(route -> routes.add(
                        route.destination().address(), route.destination().prefixLength(), route.gateway()));
        localDelivery =
                new LocalDelivery(BitUtil.findNextPositivePowerOfTwo(config.loopbackFrames()), mtu, counters, hooks);
        ipOutput = new IpOutput(routes, neighbourOutput, localDelivery, counters, hooks);

        tcp = new Tcp(ipOutput, setup(config, drops), config.clock().nanoTime());
        final Icmp icmp = new Icmp(local, ipOutput, tcp.errors(), config.icmpPerSecond(), drops, counters);
        ipInput = new IpInput(local, tcp.input(), icmp, drops, counters, hooks);
        final ArpInput arpInput = new ArpInput(local, neighbours, arpOutput, nic.macAddress(), drops, counters);
        ethernetInput = new EthernetInput(header, arpInput, ipInput, drops, counters, hooks);
        receiveBurst = config.receiveBurst();
        receivePause = new ReceivePause(
                config.receivePauseNs(), receiveBurst, config.clock().nanoTime());
    }

    /** Writes those of the layers below TCP. */
    void publishGauges() {
        ipInput.publishGauges();
    }

    private static int mtu(EngineConfig config, Nic nic) {
        final int mtu = config.mtu() == 0 ? nic.mtu() : config.mtu();
        if (mtu > nic.mtu()) {
            throw new IllegalArgumentException(
                    "mtu " + mtu + " exceeds the " + nic.mtu() + " of " + nic.name() + ": lower it, or leave it out");
        }
        if (mtu < MIN_MTU) {
            throw new IllegalArgumentException("mtu " + mtu + " of " + nic.name() + " is below " + MIN_MTU
                    + ", the least that every IPv4 host takes");
        }
        return mtu;
    }

    private Qdisc qdisc(EngineConfig config, NicOutput output, int frameLength, Drops drops) {
        if (config.qdisc() == QdiscKind.NONE) {
            return new NoQueue(output);
        }
        final boolean isFq = config.qdisc() == QdiscKind.FQ;
        final int limit = config.qdiscLimit() > 0 ? config.qdiscLimit() : isFq ? FQ_LIMIT : PFIFO_LIMIT;
        final QueuedOutput.Size size = new QueuedOutput.Size(limit, frameLength, config.maxSockets());
        final QueuedOutput.Watch watch = new QueuedOutput.Watch(drops, config.counters(), hooks);
        return isFq ? QueuedOutput.fq(output, size, watch) : QueuedOutput.pfifo(output, size, watch);
    }

    private TcpSetup setup(EngineConfig config, Drops drops) {
        return new TcpSetup(
                config.tcp(),
                new TcpSetup.Limits(
                        config.memoryLimitBytes(),
                        config.maxSockets(),
                        config.maxListeners(),
                        config.commandLimit(),
                        config.timerLimit(),
                        config.firstPort(),
                        config.lastPort(),
                        config.acceptPartialChecksums(),
                        config.fastPath()),
                qdisc,
                config.counters(),
                drops,
                hooks,
                config.secretHigh(),
                config.secretLow());
    }

    /** Time of the turn. */
    void beginTurn(long nowNs) {
        qdisc.beginTurn(nowNs);
        ipOutput.beginTurn(nowNs);
        tcp.beginTurn(nowNs);
    }

    /** A burst from the NIC, and what the engine has sent to itself. */
    int receive(long nowNs) {
        ethernetInput.beginBurst(nowNs);
        int work = 0;
        if (receivePause.isOver(nowNs)) {
            work = nic.receive(ethernetInput, receiveBurst);
            receivePause.onReceived(work, nowNs);
        }
        if (localDelivery.size() > 0) {
            work += localDelivery.drain(ipInput, receiveBurst, nowNs);
        }
        return work;
    }

    /** Timers of all layers. */
    int timers(long nowNs) {
        return neighbours.pollTimers(nowNs, tcp.neighbourFailure()) + tcp.timers(nowNs);
    }

    /** Frames that waited for the NIC, or for their time. Linux: {@code net_tx_action()}. */
    int netTxAction() {
        return qdisc.netTxAction();
    }

    /** The last turn's: what waits leaves as far as the NIC takes it. */
    void drain() {
        qdisc.drain();
    }

    long nextDeadlineNs() {
        if (localDelivery.size() > 0 || tcp.hasWork()) {
            return Long.MIN_VALUE; // work waits already
        }
        final long arrivalNs = receivePause.nextDeadlineNs(nic.nextDeadlineNs());
        final long sendingNs = Math.min(qdisc.nextDeadlineNs(), neighbours.nextDeadlineNs());
        return Math.min(Math.min(arrivalNs, sendingNs), tcp.nextDeadlineNs());
    }

    Tcp tcp() {
        return tcp;
    }

    Hooks hooks() {
        return hooks;
    }
}
