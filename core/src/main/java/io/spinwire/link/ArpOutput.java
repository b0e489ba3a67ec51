package io.spinwire.link;

import io.spinwire.nic.Frame;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.wire.Arp;
import io.spinwire.wire.Ethernet;

/** Sends ARP requests and replies, which may use the reserved frames. Engine thread only. Linux: {@code arp_send()}. */
public final class ArpOutput {
    private static final long UNKNOWN_MAC = 0;

    private final EthernetOutput output;
    private final EthernetHeader header;
    private final LocalAddresses local;
    private final Counters counters;
    private final Frame frame = new Frame();

    public ArpOutput(EthernetOutput output, EthernetHeader header, LocalAddresses local, Counters counters) {
        this.output = output;
        this.header = header;
        this.local = local;
        this.counters = counters;
    }

    /**
     * Asks for a neighbour's hardware address. A request that finds no free frame is as good as lost; the next follows.
     *
     * @param destination the hardware address believed right, or {@link Ethernet#BROADCAST}
     */
    void request(int target, long destination) {
        if (claim()) {
            fill(Arp.REQUEST, destination, local.source(target));
            Arp.putTarget(frame.buffer, frame.networkOffset, UNKNOWN_MAC, target);
            counters.increment(Counter.ArpOutRequests);
            output.queueXmit(frame);
        }
    }

    /** Tells {@code targetMac} that {@code own} is ours. */
    void reply(int own, long targetMac, int target) {
        if (claim()) {
            fill(Arp.REPLY, targetMac, own);
            Arp.putTarget(frame.buffer, frame.networkOffset, targetMac, target);
            counters.increment(Counter.ArpOutReplies);
            output.queueXmit(frame);
        }
    }

    private boolean claim() {
        return output.claim(frame, header.length() + Arp.LENGTH, true);
    }

    private void fill(int operation, long destination, int own) {
        frame.networkOffset = frame.macOffset + header.length();
        header.put(frame.buffer, frame.macOffset, destination, Ethernet.TYPE_ARP);
        Arp.put(frame.buffer, frame.networkOffset, operation);
        Arp.putSender(frame.buffer, frame.networkOffset, header.mac(), own);
    }
}
