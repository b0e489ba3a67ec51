package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.NicException;
import io.spinwire.nic.NicFilter;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the real program in the kernel over packets. The map is empty, so a wanted frame gets the fallback verdict:
 * XDP_TX here, to tell it from one that was not wanted.
 */
@Tag("afxdp")
@ExtendWith(Requirements.class)
class XskFilterTest {
    private static final int TAKEN = XskFilter.XDP_TX;
    private static final int PASSED = XskFilter.XDP_PASS;

    private static final int ONE = 0x0A4D_0001;
    private static final int HIGH = 0xC0A8_01FE; // 192.168.1.254: all bytes with the top bit set somewhere
    private static final int OTHER = 0x0A4D_0002;
    private static final int SERVICE_TAG = 0x88A8; // 802.1ad

    private final Teardown teardown = new Teardown();
    private Place place;
    private int mapFd;

    @BeforeEach
    void makeMap() {
        place = new Place("lo", "test", 0, 1);
        mapFd = XskMap.create(place, teardown).fd();
    }

    @AfterEach
    void removeMap() {
        teardown.run();
    }

    static Stream<Arguments> packets() {
        final byte[] tcp = Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 8000);
        return Stream.of(
                Arguments.of("ARP for us", TAKEN, Packets.arp(ONE)),
                Arguments.of("ARP for our second address", TAKEN, Packets.arp(HIGH)),
                Arguments.of("ARP for another", PASSED, Packets.arp(OTHER)),
                Arguments.of("ARP with a tag", TAKEN, Packets.tagged(Packets.arp(ONE), Ethernet.TYPE_VLAN)),
                Arguments.of("ARP cut short", PASSED, Packets.cut(Packets.arp(ONE), 41)),
                Arguments.of("ARP without padding", TAKEN, Packets.cut(Packets.arp(ONE), 42)),
                Arguments.of("ping to us", TAKEN, Packets.ip(Ipv4.PROTOCOL_ICMP, ONE, 0)),
                Arguments.of("ping to another", PASSED, Packets.ip(Ipv4.PROTOCOL_ICMP, OTHER, 0)),
                Arguments.of("UDP to us", PASSED, Packets.ip(Packets.UDP, ONE, 8000)),
                Arguments.of("TCP to the first port of a range", TAKEN, tcp),
                Arguments.of("TCP inside a range", TAKEN, Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 8001)),
                Arguments.of("TCP to the last port of a range", TAKEN, Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 8002)),
                Arguments.of("TCP below a range", PASSED, Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 7999)),
                Arguments.of("TCP above a range", PASSED, Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 8003)),
                Arguments.of("TCP to a single port", TAKEN, Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 80)),
                Arguments.of("TCP to the greatest port", TAKEN, Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 65535)),
                Arguments.of("TCP to ssh", PASSED, Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 22)),
                Arguments.of("TCP to port 0", PASSED, Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 0)),
                Arguments.of("TCP to our second address", TAKEN, Packets.ip(Ipv4.PROTOCOL_TCP, HIGH, 80)),
                Arguments.of("TCP to another", PASSED, Packets.ip(Ipv4.PROTOCOL_TCP, OTHER, 8000)),
                Arguments.of("TCP with IP options", TAKEN, Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 8000, 10)),
                Arguments.of("options, wrong port", PASSED, Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 22, 10)),
                Arguments.of("TCP, don't fragment", TAKEN, Packets.fragment(tcp, 0x4000)),
                Arguments.of("first fragment", PASSED, Packets.fragment(tcp, 0x2000)),
                Arguments.of("later fragment", PASSED, Packets.fragment(tcp, 0x0001)),
                Arguments.of("last fragment", PASSED, Packets.fragment(tcp, 0x1F00)),
                Arguments.of("TCP with a tag", TAKEN, Packets.tagged(tcp, Ethernet.TYPE_VLAN)),
                Arguments.of(
                        "two tags",
                        PASSED,
                        Packets.tagged(Packets.tagged(tcp, Ethernet.TYPE_VLAN), Ethernet.TYPE_VLAN)),
                Arguments.of("service tag", PASSED, Packets.tagged(tcp, SERVICE_TAG)),
                Arguments.of("IP cut short", PASSED, Packets.cut(tcp, 33)),
                Arguments.of("TCP without ports", PASSED, Packets.cut(tcp, 37)),
                Arguments.of("TCP with ports only", TAKEN, Packets.cut(tcp, 38)),
                Arguments.of("Ethernet only", PASSED, Packets.cut(tcp, 14)),
                Arguments.of("tag only", PASSED, Packets.cut(Packets.tagged(tcp, Ethernet.TYPE_VLAN), 18)),
                Arguments.of("IPv6", PASSED, ipv6()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("packets")
    void shouldTakeWhatIsOursAndPassTheRestWhenPortsAreListed(String name, int verdict, byte[] packet) {
        final NicFilter filter = new NicFilter(new int[] {ONE, HIGH}, new int[] {8002, 80, 8000, 8001, 65535, 80});
        assertEquals(verdict, run(filter, packet), name);
    }

    @Test
    void shouldTakeEveryPortWhenNoneIsListed() {
        final NicFilter filter = new NicFilter(new int[] {ONE}, new int[0]);
        final byte[] tcp = Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 22);
        assertEquals(TAKEN, run(filter, tcp));
        assertEquals(TAKEN, run(filter, Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 65535)));
        assertEquals(PASSED, run(filter, Packets.fragment(tcp, 0x2000)));
        assertEquals(PASSED, run(filter, Packets.ip(Packets.UDP, ONE, 22)));
        assertEquals(PASSED, run(filter, Packets.ip(Ipv4.PROTOCOL_TCP, HIGH, 22)));
    }

    @Test
    void shouldLoadWhenAddressesAndPortsAreAtTheirLimits() {
        final int[] addresses =
                IntStream.range(0, XskFilter.MAX_ADDRESSES).map(i -> ONE + i).toArray();
        final int[] ports = IntStream.range(0, XskFilter.MAX_PORT_RANGES)
                .map(i -> 60_000 - 2 * i)
                .toArray();
        final NicFilter filter = new NicFilter(addresses, ports);
        XskFilter.check(filter);
        assertEquals(TAKEN, run(filter, Packets.ip(Ipv4.PROTOCOL_TCP, ONE + XskFilter.MAX_ADDRESSES - 1, 60_000)));
        assertEquals(PASSED, run(filter, Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 59_999)));
        assertEquals(PASSED, run(filter, Packets.ip(Ipv4.PROTOCOL_TCP, ONE + XskFilter.MAX_ADDRESSES, 60_000)));
    }

    @Test
    void shouldPassEveryFrameWhenTakingAllAndNoSocketIsThere() {
        final int fd = XdpLink.load(XskFilter.assembleTakingAll(mapFd), place, teardown);
        assertEquals(PASSED, Bpf.testRun(fd, Packets.arp(ONE)));
    }

    @Test
    void shouldShowTheVerifiersWordsWhenProgramIsRefused() {
        final long[] readsBeyondTheFrame = new BpfAssembler()
                .loadInt(BpfAssembler.R2, BpfAssembler.R1, 0)
                .loadByte(BpfAssembler.R0, BpfAssembler.R2, 0)
                .exit()
                .assemble();
        final NicException e =
                assertThrows(NicException.class, () -> XdpLink.load(readsBeyondTheFrame, place, teardown));
        assertTrue(
                e.getMessage().startsWith("cannot load the filter program on lo queue 0 of 1 (driver test): EACCES"));
        assertTrue(e.getMessage().contains("invalid access to packet"), e::getMessage);
    }

    private int run(NicFilter filter, byte[] packet) {
        final int fd = XdpLink.load(XskFilter.assemble(filter, mapFd, TAKEN), place, teardown);
        return Bpf.testRun(fd, packet);
    }

    private static byte[] ipv6() {
        final byte[] packet = Packets.ip(Ipv4.PROTOCOL_TCP, ONE, 8000);
        packet[12] = (byte) 0x86;
        packet[13] = (byte) 0xDD;
        return packet;
    }
}
