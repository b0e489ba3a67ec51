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
import io.spinwire.wire.Arp;
import io.spinwire.wire.Checksum;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode=native,copy=copy",
                "mode=generic",
                "frame-size=4096",
                "ring=64,frames=128",
                "ring=4096,frames=5000",
                "busy-poll=on",
                "busy-poll=off"
            })
    void shouldCarryTheLongestFramesWhateverTheOptionsAre(String options) {
        try (XskNic a = openAll(lab.a() + "," + options);
                XskNic b = openAll(lab.b() + "," + options)) {
            for (int i = 0; i < 300; i++) {
                final byte[] packet = longest(1500, i);
                send(a, packet);
                assertArrayEquals(packet, receiveOne(b));
            }
        }
    }

    @Test
    void shouldCarryTheLongestFramesWhenMtuNeedsLargeOnes() {
        for (final String end : new String[] {lab.a(), lab.b()}) {
            lab.ip(end, "link", "set", VethLab.INTERFACE, "mtu", "3490");
        }
        try (XskNic a = openAll(lab.a());
                XskNic b = openAll(lab.b())) {
            final byte[] packet = longest(3490, 5);
            send(a, packet);
            assertArrayEquals(packet, receiveOne(b));
        }
    }

    @Test
    void shouldReportWhenBusyPollingIsForcedWithoutEffect() {
        try (XskNic nic = openAll(lab.a() + ",busy-poll=on")) {
            assertTrue(nic.report()
                    .contains("busy polling: asked for, but the queue has no NAPI id, so it may have no effect"));
        }
    }

    @Test
    void shouldServeItsOwnQueueOnlyWhenInterfaceHasSeveral() {
        final byte[] packet = Packets.ip(Ipv4.PROTOCOL_TCP, VethLab.ADDRESS_B, 80);
        try (VethLab four = VethLab.create(4);
                XskNic one = openAll(four.a() + ",queue=1")) {
            try (XskNic two = openAll(four.b() + ",queue=2")) {
                assertEquals("afxdp:sw0,queue=2", two.name());
                assertTrue(two.report().getFirst().startsWith("queues: sw0 has 4, and frames that arrive on others"));
                send(one, packet); // leaves on queue 1, arrives on queue 1
                assertEquals(0, two.receive((buffer, offset, length) -> {}, 64));
            }
            try (XskNic sameQueue = openAll(four.b() + ",queue=1")) {
                send(one, packet);
                assertArrayEquals(packet, receiveOne(sameQueue));
            }
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
            assertTrue(NetNamespace.call(
                    lab.b(), () -> InetAddress.getByName("10.77.0.10").isReachable(2000)));
            assertEquals(0, nic.receive((buffer, offset, length) -> {}, 64));
            client.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName("10.77.0.1"), 7000));
            final UnsafeBuffer request = new UnsafeBuffer(receiveOne(nic));
            assertEquals(Ethernet.TYPE_ARP, Ethernet.type(request, 0));
            assertEquals(VethLab.ADDRESS_A, Arp.targetAddress(request, Ethernet.HEADER_LENGTH));
        }
    }

    @Test
    void shouldSeeWholeChecksumsWhenThePeersOffloadIsOff() {
        lab.configure(lab.b(), "10.77.0.9/24");
        lab.ip(lab.b(), "neigh", "add", "10.77.0.1", "lladdr", "02:00:00:00:00:01", "dev", "sw0");
        final NicFilter filter = new NicFilter(new int[] {VethLab.ADDRESS_A}, new int[] {80});
        try (XskNic nic = open("afxdp:sw0,netns=" + lab.a(), filter)) {
            assertFalse(isTcpChecksumWhole(synFromKernel(nic)), "veth leaves it undone");
            NetNamespace.run(lab.b(), () -> {
                try (NetDevice peer = NetDevice.open("sw0")) {
                    peer.disableTxOffloads();
                }
            });
            assertTrue(isTcpChecksumWhole(synFromKernel(nic)));
        }
    }

    private byte[] synFromKernel(XskNic nic) {
        return NetNamespace.call(lab.b(), () -> {
            try (SocketChannel client = SocketChannel.open()) {
                client.configureBlocking(false);
                client.connect(new InetSocketAddress("10.77.0.1", 80));
                return receiveOne(nic);
            }
        });
    }

    private static boolean isTcpChecksumWhole(byte[] bytes) {
        final UnsafeBuffer frame = new UnsafeBuffer(bytes);
        final int ip = Ethernet.HEADER_LENGTH;
        final int length = Ipv4.totalLength(frame, ip) - Ipv4.HEADER_LENGTH;
        final long pseudoHeader =
                Ipv4.pseudoHeaderSum(Ipv4.source(frame, ip), Ipv4.destination(frame, ip), Ipv4.PROTOCOL_TCP, length);
        return Checksum.finish(Checksum.add(pseudoHeader, frame, ip + Ipv4.HEADER_LENGTH, length)) == 0;
    }

    /** As long as a tagged frame of this MTU can be. */
    private static byte[] longest(int mtu, int content) {
        final byte[] packet = Packets.tagged(
                Packets.cut(Packets.ip(Ipv4.PROTOCOL_TCP, VethLab.ADDRESS_B, 80), mtu + 14), Ethernet.TYPE_VLAN);
        for (int i = 60; i < packet.length; i++) {
            packet[i] = (byte) (i + content);
        }
        assertEquals(Sizes.maxFrameLength(mtu), packet.length);
        return packet;
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
