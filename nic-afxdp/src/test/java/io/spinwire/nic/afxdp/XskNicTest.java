package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.FrameHandler;
import io.spinwire.nic.Nic;
import io.spinwire.nic.NicFilter;
import io.spinwire.nic.NicProvider;
import io.spinwire.nic.afxdp.FrameLedger.Owner;
import io.spinwire.wire.Ipv4;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("afxdp")
@ExtendWith(Requirements.class)
class XskNicTest {
    private static final NicFilter NONE = new NicFilter(new int[0], new int[0]);
    private static final long PATIENCE_NS = 2_000_000_000L;

    private VethLab lab;

    @BeforeEach
    void makeLab() {
        lab = VethLab.create();
    }

    @AfterEach
    void removeLab() {
        lab.close();
    }

    @Test
    void shouldCarryFramesBothWaysBetweenTwoNics() {
        try (XskNic a = openAll(lab.a());
                XskNic b = openAll(lab.b())) {
            final byte[] packet = Packets.ip(Ipv4.PROTOCOL_TCP, VethLab.ADDRESS_B, 80);
            send(a, packet);
            assertArrayEquals(packet, receiveOne(b));
            send(b, packet);
            assertArrayEquals(packet, receiveOne(a));
            assertFalse(b.isZeroCopy());
            assertEquals("afxdp:sw0,queue=0", a.name());
            assertEquals(1500, a.mtu());
        }
    }

    @Test
    void shouldReportFallbackToCopyModeWhenDriverHasNoZeroCopy() {
        try (XskNic nic = openAll(lab.a())) {
            assertEquals(2, nic.report().size(), () -> nic.report().toString());
            assertTrue(nic.report().getFirst().startsWith("zero-copy: EOPNOTSUPP from driver veth; fell back to copy"));
            assertTrue(nic.report().getLast().contains("native XDP, copy mode, MTU 1500"));
        }
    }

    @Test
    void shouldBeFoundByItsSchemeWhenAskedForByServiceLoader() {
        final NicProvider provider = ServiceLoader.load(NicProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(p -> p.scheme().equals("afxdp"))
                .findFirst()
                .orElseThrow();
        final NicFilter filter = new NicFilter(new int[] {VethLab.ADDRESS_A}, new int[0]);
        try (Nic nic = provider.open("afxdp:sw0,netns=" + lab.a(), filter, System::nanoTime)) {
            assertEquals("afxdp:sw0,queue=0", nic.name());
            assertTrue(lab.hasXdp(lab.a()));
        }
        assertFalse(lab.hasXdp(lab.a()));
    }

    @Test
    void shouldLeaveOtherTrafficToTheKernelWhenFilterDoesNotWantIt() throws Exception {
        lab.configure(lab.a(), "10.77.0.10/24");
        lab.configure(lab.b(), "10.77.0.9/24");
        final NicFilter filter = new NicFilter(new int[] {VethLab.ADDRESS_A}, new int[] {80});
        try (XskNic nic = open("afxdp:sw0,netns=" + lab.a(), filter);
                DatagramSocket server = NetNamespace.call(lab.a(), () -> new DatagramSocket(7000));
                DatagramSocket client = NetNamespace.call(lab.b(), DatagramSocket::new)) {
            server.setSoTimeout(2000);
            client.send(new DatagramPacket(new byte[] {42}, 1, InetAddress.getByName("10.77.0.10"), 7000));
            final DatagramPacket arrived = new DatagramPacket(new byte[10], 10);
            server.receive(arrived);
            assertEquals(42, arrived.getData()[0]);
            assertEquals(0, nic.receive((buffer, offset, length) -> {}, 64));
        }
    }

    private XskNic openAll(String namespace) {
        return open("afxdp:sw0,filter=all,netns=" + namespace, NONE);
    }

    private static XskNic open(String specification, NicFilter filter) {
        return XskNic.open(XskSpecification.parse(specification), filter);
    }

    private static void send(XskNic nic, byte[] packet) {
        final int offset = nic.claim(packet.length);
        nic.txBuffer().putBytes(offset, packet);
        nic.commit(packet.length);
        nic.flush();
        assertEquals(0, nic.underWay());
        assertEquals(0, nic.ledger().count(Owner.TX));
    }

    private static byte[] receiveOne(XskNic nic) {
        final List<byte[]> frames = new ArrayList<>();
        final FrameHandler keep = (buffer, offset, length) -> {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            frames.add(bytes);
        };
        final long startNs = System.nanoTime();
        while (frames.isEmpty()) {
            nic.receive(keep, 64);
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "nothing arrived");
        }
        assertEquals(1, frames.size());
        return frames.getFirst();
    }
}
