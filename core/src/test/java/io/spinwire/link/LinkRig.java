package io.spinwire.link;

import io.spinwire.hook.Drops;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.nic.Frame;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Arp;
import io.spinwire.wire.Ethernet;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** The whole link layer of a host 10.0.0.2/24 over a {@link RecordingNic}, on a clock that the test turns. */
public final class LinkRig {
    public static final long SECOND = 1_000_000_000L;
    public static final long OWN_MAC = 0x0200_0000_0002L;
    public static final long PEER_MAC = 0x0200_0000_0001L;
    public static final int OWN = 0x0A00_0002;
    public static final int PEER = 0x0A00_0001;
    public static final int PACKET = 40;

    public final Counters counters = new Counters();
    public final Hooks hooks = new Hooks();
    public final Drops drops = new Drops(counters, hooks);
    public final LocalAddresses local = new LocalAddresses(new int[] {OWN}, new int[] {24});
    public final RecordingNic nic;
    public final EthernetHeader header;
    public final EthernetOutput ethernetOutput;
    public final PendingPackets pending;
    public final NeighbourTable neighbours;
    public final NeighbourOutput neighbourOutput;
    public final ArpInput arpInput;
    public EthernetInput ethernetInput;

    /** What IP would have received: its packet's bytes. */
    public final List<byte[]> packets = new ArrayList<>();

    public final List<Integer> unreachable = new ArrayList<>();
    public long nowNs = 1_000 * SECOND;
    private final Frame tx = new Frame();

    public LinkRig() {
        this(0, 64, 16, 8, 4);
    }

    public LinkRig(int vlanId, int ringFrames, int maxNeighbours, int slots, int maxPerNeighbour) {
        nic = new RecordingNic(OWN_MAC, ringFrames);
        header = new EthernetHeader(OWN_MAC, vlanId);
        ethernetOutput = new EthernetOutput(new NoQueue(new NicOutput(nic, counters, hooks)), hooks);
        final ArpOutput arpOutput = new ArpOutput(ethernetOutput, header, local, counters);
        pending = new PendingPackets(slots, 1500, maxPerNeighbour, maxNeighbours, drops);
        neighbours = new NeighbourTable(maxNeighbours, pending, header, ethernetOutput, arpOutput, counters);
        neighbourOutput = new NeighbourOutput(neighbours, pending, ethernetOutput, header, drops, hooks);
        arpInput = new ArpInput(local, neighbours, arpOutput, OWN_MAC, drops, counters);
        connect(frame -> {
            final byte[] copy = new byte[frame.limit - frame.networkOffset];
            frame.buffer.getBytes(frame.networkOffset, copy);
            packets.add(copy);
        });
    }

    /** Puts another network protocol above the link. */
    public void connect(NetworkProtocol ip) {
        ethernetInput = new EthernetInput(header, arpInput, ip, drops, counters, hooks);
    }

    public void receive(byte[] frame) {
        ethernetInput.beginBurst(nowNs);
        ethernetInput.onFrame(new UnsafeBuffer(frame), 0, frame.length);
    }

    /** Lets time pass, with a poll at each deadline on the way. */
    public void advance(long ns) {
        final long end = nowNs + ns;
        while (neighbours.nextDeadlineNs() <= end) {
            nowNs = Math.max(nowNs, neighbours.nextDeadlineNs());
            final long before = neighbours.nextDeadlineNs();
            neighbours.pollTimers(nowNs, unreachable::add);
            if (neighbours.nextDeadlineNs() == before) {
                throw new AssertionError("a poll at the deadline changed nothing");
            }
        }
        nowNs = end;
    }

    /** Sends a packet that is recognised by its mark; false when refused. */
    public boolean send(long reference, int mark) {
        if (!neighbourOutput.claim(tx, reference, PACKET, false, nowNs)) {
            return false;
        }
        tx.buffer.setMemory(tx.networkOffset, PACKET, (byte) mark);
        neighbourOutput.commit(tx);
        return true;
    }

    /** Sends to {@link #PEER}. */
    public boolean send(int mark) {
        return send(neighbours.reference(PEER), mark);
    }

    public void resolvePeer() {
        receive(reply(PEER_MAC, PEER));
    }

    public int state(int address) {
        final int index = neighbours.find(address);
        return index == NeighbourEntries.ABSENT ? NeighbourEntries.ABSENT : neighbours.state(index);
    }

    public long count(Counter counter) {
        return counters.get(counter);
    }

    public long count(DropReason reason) {
        return counters.get(reason);
    }

    /** Names of all points passed from now on. */
    public List<HookPoint> watch() {
        final List<HookPoint> walk = new ArrayList<>();
        hooks.attach((point, sock, subject, buffer, offset, length) -> walk.add(point), -1L);
        return walk;
    }

    /** An ARP answer to us. */
    public static byte[] reply(long senderMac, int sender) {
        return arp(Arp.REPLY, OWN_MAC, senderMac, sender, OWN);
    }

    /** An ARP question. */
    public static byte[] request(long senderMac, int sender, int target) {
        return arp(Arp.REQUEST, Ethernet.BROADCAST, senderMac, sender, target);
    }

    public static byte[] arp(int operation, long destination, long senderMac, int sender, int target) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[60]);
        Ethernet.put(buffer, 0, destination, senderMac, Ethernet.TYPE_ARP);
        Arp.put(buffer, 14, operation);
        Arp.putSender(buffer, 14, senderMac, sender);
        Arp.putTarget(buffer, 14, Ethernet.isGroup(destination) ? 0 : destination, target);
        return buffer.byteArray();
    }

    /** A frame with a payload of zeros. */
    public static byte[] frame(long destination, int type, int payloadLength) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[14 + payloadLength]);
        Ethernet.put(buffer, 0, destination, PEER_MAC, type);
        return buffer.byteArray();
    }

    public static byte[] tagged(long destination, int vlanId, int type, int payloadLength) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[18 + payloadLength]);
        Ethernet.putTagged(buffer, 0, destination, PEER_MAC, vlanId, type);
        return buffer.byteArray();
    }
}
