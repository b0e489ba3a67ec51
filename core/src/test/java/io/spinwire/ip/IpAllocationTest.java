package io.spinwire.ip;

import static io.spinwire.ip.IpRig.FAR;
import static io.spinwire.ip.IpRig.GATEWAY;
import static io.spinwire.ip.IpRig.OWN;
import static io.spinwire.ip.IpRig.PEER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.spinwire.link.LinkRig;
import io.spinwire.link.NeighbourFailure;
import io.spinwire.nic.Frame;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Link and IP allocate nothing: sending, receiving, ARP both ways, failures, evictions, local delivery, drops. */
class IpAllocationTest {
    private static final int ROUNDS = 5_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final IpRig rig = new IpRig();
    private final UnsafeBuffer segment = IpRig.segment(PEER, OWN);
    private final UnsafeBuffer ping = IpRig.echo(PEER, OWN, 56);
    private final UnsafeBuffer error = IpRig.error(3, 4, 1400);
    private final UnsafeBuffer request = new UnsafeBuffer(LinkRig.request(LinkRig.PEER_MAC + 9, PEER + 9, OWN));
    private final UnsafeBuffer reply = new UnsafeBuffer(LinkRig.reply(0x0200_0000_00FEL, GATEWAY));
    private int failures;
    private final NeighbourFailure failure = nextHop -> failures++;
    private int segments;
    private int errors;
    private IpInput input;

    @Test
    void shouldAllocateNothingWhenWarm() {
        rig.link.nic.isRecording = false;
        final Icmp icmp = new Icmp(rig.link.local, rig.output, this::onError, 1000, rig.link.drops, rig.link.counters);
        input = new IpInput(rig.link.local, this::onSegment, icmp, rig.link.drops, rig.link.counters, rig.link.hooks);
        rig.link.connect(input);
        rounds();
        long allocated = -1;
        for (int attempt = 0; attempt < 5 && allocated != 0; attempt++) { // a compilation in between costs a few bytes
            final long before = threads.getCurrentThreadAllocatedBytes();
            final long after = threads.getCurrentThreadAllocatedBytes();
            rounds();
            allocated = threads.getCurrentThreadAllocatedBytes() - after - (after - before);
        }
        assertEquals(0, allocated);
        assertTrue(failures > 0 && errors > 0);
        assertEquals(2 * errors, segments);
    }

    private void rounds() {
        for (int i = 0; i < ROUNDS; i++) {
            round(i);
        }
    }

    private void round(int i) {
        rig.receive(segment, 54);
        rig.receive(segment, 30);
        rig.receive(ping, 98);
        rig.receive(error, 70);
        rig.send(PEER, false);
        rig.send(FAR, false);
        if ((i & 15) < 8) {
            rig.receive(reply, 60);
        }
        request.putByte(31, (byte) (100 + i % 40)); // 40 askers in a table of 16
        rig.receive(request, 60);
        rig.send(0x0A00_0028 + i % 40, false);
        rig.send(OWN, false);
        rig.localDelivery.drain(input, 4, rig.link.nowNs);
        rig.link.nowNs += LinkRig.SECOND / 10;
        rig.link.neighbours.pollTimers(rig.link.nowNs, failure);
    }

    private void onSegment(Frame frame, long pair) {
        segments++;
    }

    private void onError(long pair, int local, int remote, int seq, int typeAndCode, int mtu) {
        errors++;
    }
}
