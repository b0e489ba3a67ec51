package io.spinwire.link;

import io.spinwire.hook.Drops;
import io.spinwire.hook.Hooks;
import io.spinwire.nic.Frame;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Ethernet;
import java.util.ArrayList;
import java.util.List;

/** A qdisc over a {@link RecordingNic}. Frames are recognised by a mark; time is what the test says. */
final class QdiscRig {
    static final int LENGTH = 1000;
    static final int FULL = 1514;
    static final int SOCKETS = 64;

    final Counters counters = new Counters();
    final Hooks hooks = new Hooks();
    final RecordingNic nic = new RecordingNic(LinkRig.OWN_MAC, 0);
    final NicOutput output = new NicOutput(nic, counters, hooks);
    final QueuedOutput.Watch watch = new QueuedOutput.Watch(new Drops(counters, hooks), counters, hooks);
    final List<String> left = new ArrayList<>();
    final Frame frame = new Frame();
    final QueuedOutput qdisc;
    long nowNs = LinkRig.SECOND;

    private QdiscRig(boolean isFq, int limit) {
        final QueuedOutput.Size size = new QueuedOutput.Size(limit, FULL, SOCKETS);
        qdisc = isFq ? QueuedOutput.fq(output, size, watch) : QueuedOutput.pfifo(output, size, watch);
        qdisc.owner((sock, isDropped) -> left.add(sock + (isDropped ? " dropped" : "")));
        qdisc.beginTurn(nowNs);
    }

    static QdiscRig pfifo(int limit) {
        return new QdiscRig(false, limit);
    }

    static QdiscRig fq(int limit) {
        return new QdiscRig(true, limit);
    }

    /** Sends a frame at once. False when it is refused. */
    boolean send(int sock, int mark) {
        return send(sock, mark, LENGTH, 0);
    }

    boolean send(int sock, int mark, int length, long departureNs) {
        if (!qdisc.claim(frame, length, false)) {
            return false;
        }
        fill(mark);
        frame.sock = sock;
        frame.departureNs = departureNs;
        qdisc.enqueue(frame);
        return true;
    }

    boolean sendUrgent(int sock, int mark) {
        if (!qdisc.claim(frame, 60, true)) {
            return false;
        }
        fill(mark);
        frame.sock = sock;
        qdisc.enqueue(frame);
        return true;
    }

    private void fill(int mark) {
        frame.networkOffset = frame.macOffset + Ethernet.HEADER_LENGTH;
        frame.buffer.setMemory(frame.macOffset, frame.length(), (byte) mark);
    }

    /** The NIC has room for more frames; a turn passes. */
    void room(int frames) {
        nic.free += frames;
        turn();
    }

    int turn() {
        qdisc.beginTurn(nowNs);
        return qdisc.netTxAction();
    }

    void after(long ns) {
        nowNs += ns;
        turn();
    }

    /** Marks of what the NIC was given since the last call. */
    List<Integer> sent() {
        final List<Integer> marks =
                nic.sent.stream().map(bytes -> bytes[0] & 0xFF).toList();
        nic.sent.clear();
        return marks;
    }

    long count(Counter counter) {
        return counters.get(counter);
    }

    long count(DropReason reason) {
        return counters.get(reason);
    }
}
