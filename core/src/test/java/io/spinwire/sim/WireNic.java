package io.spinwire.sim;

import io.spinwire.nic.FrameHandler;
import io.spinwire.nic.Nic;
import io.spinwire.nic.SplitMix64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * Sits between an engine and its NIC, and holds each frame that the engine sends against what it has received; also
 * keeps a digest of all that was sent, and when.
 */
final class WireNic implements Nic {
    private static final int RESERVED = 16; // frames that data leaves free, and more

    private final Nic nic;
    private final NanoClock clock;
    private final Flows flows;
    private final Consumer<String> failures;
    private final Consumer<String> trace;
    private final WireSegment segment = new WireSegment();
    private final Map<Key, WireFlow> known = new HashMap<>();
    private final CRC32C crc = new CRC32C();
    private byte[] scratch = new byte[2048];
    private int claimed;
    private boolean maySkip; // a segment may be lost before the NIC: refused, or pushed out while it waited for ARP
    private boolean hasBeenFull;
    private long lastAskedNs; // for a neighbour's address, while segments wait for it
    private long sentFrames;
    private long receivedFrames;
    private long digest;
    private FrameHandler handler;

    private record Key(int local, int remote, int ports) {}

    /** What is known of this end of a connection. */
    @FunctionalInterface
    interface Flows {
        WireFlow.Known of(int localPort, int remotePort);
    }

    /** Who is told of a broken rule, and of every frame (or null). */
    record Listeners(Consumer<String> failures, Consumer<String> trace) {}

    WireNic(Nic nic, NanoClock clock, Flows flows, Listeners listeners) {
        this.nic = nic;
        this.clock = clock;
        this.flows = flows;
        failures = listeners.failures();
        trace = listeners.trace();
    }

    @Override
    public int receive(FrameHandler frameHandler, int frameLimit) {
        handler = frameHandler;
        return nic.receive(this::onReceived, frameLimit);
    }

    private void onReceived(MutableDirectBuffer buffer, int offset, int length) {
        receivedFrames++;
        final String fault = segment.parse(buffer, offset, length);
        say("<", fault);
        if (fault == null && segment.isTcp) {
            final int ports = segment.destinationPort << 16 | segment.sourcePort;
            flow(new Key(segment.destination, segment.source, ports)).onReceived(segment);
        } else if (fault == null && segment.isTooBig) {
            final int ports = segment.sourcePort << 16 | segment.destinationPort;
            flow(new Key(segment.source, segment.destination, ports)).onTooBig();
        }
        handler.onFrame(buffer, offset, length);
    }

    @Override
    public void commit(int length) {
        sentFrames++;
        final MutableDirectBuffer buffer = nic.txBuffer();
        digest(buffer, claimed, length);
        String fault = segment.parse(buffer, claimed, length);
        say(">", fault);
        maySkip |= !segment.isTcp;
        lastAskedNs = segment.isTcp ? lastAskedNs : clock.nanoTime();
        if (fault == null && segment.isTcp) {
            final int ports = segment.sourcePort << 16 | segment.destinationPort;
            final WireFlow flow = flow(new Key(segment.source, segment.destination, ports));
            if (hasBeenFull) {
                flow.onFullNic();
            }
            fault = flow.onSent(segment, buffer, maySkip, lastAskedNs, clock.nanoTime());
            fault = fault == null ? null : fault + "; the wire: " + flow;
        }
        if (fault != null) {
            failures.accept(name() + " sent " + segment + ": " + fault);
        }
        nic.commit(length);
    }

    private WireFlow flow(Key key) {
        return known.computeIfAbsent(key, k -> new WireFlow(flows.of(k.ports >>> 16, k.ports & 0xFFFF)));
    }

    private void digest(MutableDirectBuffer buffer, int offset, int length) {
        if (scratch.length < length) {
            scratch = new byte[2 * length];
        }
        buffer.getBytes(offset, scratch, 0, length);
        crc.reset();
        crc.update(scratch, 0, length);
        digest = SplitMix64.next(digest ^ crc.getValue() ^ clock.nanoTime() << 32);
    }

    private void say(String arrow, String fault) {
        if (trace != null) {
            final String other = segment.isTooBig ? "ICMP: too big" : "not TCP";
            final String what = fault != null ? "broken: " + fault : segment.isTcp ? segment.toString() : other;
            trace.accept(String.format("%14.6f %s %s %s", clock.nanoTime() / 1e6, name(), arrow, what));
        }
    }

    /** Follows from all frames sent, and their times. */
    long digest() {
        return digest;
    }

    long sentFrames() {
        return sentFrames;
    }

    long receivedFrames() {
        return receivedFrames;
    }

    // ---- Passed on ----

    @Override
    public MutableDirectBuffer txBuffer() {
        return nic.txBuffer();
    }

    @Override
    public int claim(int length) {
        claimed = nic.claim(length);
        maySkip |= claimed == REFUSED;
        hasBeenFull |= claimed == REFUSED;
        return claimed;
    }

    @Override
    public void abort() {
        nic.abort();
    }

    @Override
    public int txFree() {
        final int free = nic.txFree();
        hasBeenFull |= free < RESERVED;
        return free;
    }

    @Override
    public int flush() {
        return nic.flush();
    }

    @Override
    public long nextDeadlineNs() {
        return nic.nextDeadlineNs();
    }

    @Override
    public int mtu() {
        return nic.mtu();
    }

    @Override
    public long macAddress() {
        return nic.macAddress();
    }

    @Override
    public String name() {
        return nic.name();
    }

    @Override
    public void close() {
        nic.close();
    }
}
