package io.spinwire.ip;

import static io.spinwire.ip.IpRig.LOOPBACK_FRAMES;
import static io.spinwire.ip.IpRig.OWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.hook.Drops;
import io.spinwire.hook.HookPoint;
import io.spinwire.stats.Counter;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalDeliveryTest {
    private final IpRig rig = new IpRig();

    @Test
    void shouldDeliverToItselfOnlyWhenDrained() {
        assertTrue(rig.output.isLocal(rig.output.route(OWN)));
        assertEquals(4000, rig.output.mtu(rig.output.route(OWN)));
        rig.send(OWN, false);
        assertEquals(List.of(), rig.segments);
        assertEquals(1, rig.localDelivery.size());

        assertEquals(1, rig.localDelivery.drain(rig.input, 10, 555));
        assertEquals(List.of(new IpRig.Segment(AddressPair.of(OWN, OWN), 20, true, 555)), rig.segments);
        assertEquals(1, rig.link.count(Counter.IpLocalDelivered));
        assertEquals(0, rig.link.nic.committedFrames);
        assertEquals(0, rig.link.counters.totalDrops());
    }

    @Test
    void shouldRefuseClaimWhenFullButKeepOneForPriority() {
        for (int i = 0; i < LOOPBACK_FRAMES - 1; i++) {
            assertTrue(rig.send(OWN, false));
        }
        assertFalse(rig.send(OWN, false));
        assertTrue(rig.send(OWN, true));
        assertFalse(rig.send(OWN, true));
        assertEquals(2, rig.link.count(Counter.IpLocalRefused));

        assertEquals(3, rig.localDelivery.drain(rig.input, 3, 0));
        assertTrue(rig.send(OWN, false));
        assertEquals(6, rig.localDelivery.drain(rig.input, 100, 0));
        assertEquals(9, rig.segments.size());
    }

    @Test
    void shouldStopAtLimitWhenEveryDeliverySendsAgain() {
        final IpInput answering = new IpInput(
                rig.link.local,
                (frame, pair) -> rig.send(OWN, true),
                null,
                new Drops(rig.link.counters, rig.link.hooks),
                rig.link.counters,
                rig.link.hooks);
        rig.send(OWN, false);

        assertEquals(5, rig.localDelivery.drain(answering, 5, 0));
        assertEquals(1, rig.localDelivery.size());
    }

    @Test
    void shouldFollowWalkBothWays() {
        final List<HookPoint> walk = rig.link.watch();
        rig.send(OWN, false);
        rig.localDelivery.drain(rig.input, 1, 0);
        rig.link.hooks.detach();

        assertEquals(
                "[queue_xmit, ip_local_out, ip_output, ip_finish_output, ip_finish_output2,"
                        + " netif_receive_skb, ip_rcv, ip_local_deliver]",
                walk.toString());
    }

    @Test
    void shouldRefuseToBeMadeWhenNotAPowerOfTwo() {
        assertThrows(
                IllegalArgumentException.class, () -> new LocalDelivery(6, 1500, rig.link.counters, rig.link.hooks));
    }
}
