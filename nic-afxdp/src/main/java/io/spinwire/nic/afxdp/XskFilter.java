package io.spinwire.nic.afxdp;

import static io.spinwire.nic.afxdp.BpfAssembler.R0;
import static io.spinwire.nic.afxdp.BpfAssembler.R1;
import static io.spinwire.nic.afxdp.BpfAssembler.R2;
import static io.spinwire.nic.afxdp.BpfAssembler.R3;
import static io.spinwire.nic.afxdp.BpfAssembler.R4;
import static io.spinwire.nic.afxdp.BpfAssembler.R5;
import static io.spinwire.nic.afxdp.BpfAssembler.R6;
import static io.spinwire.nic.afxdp.BpfAssembler.networkInt;
import static io.spinwire.nic.afxdp.BpfAssembler.networkShort;

import io.spinwire.nic.NicException;
import io.spinwire.nic.NicFilter;
import io.spinwire.wire.Arp;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The XDP program that decides which frames leave the kernel: ARP for our addresses, ICMP to them, and unfragmented TCP
 * to our ports (or to all ports), with or without one 802.1Q tag. All else passes on to the kernel, so the machine
 * stays reachable through the same interface. Written for little-endian machines, as all that Spinwire runs on are.
 *
 * <p>Registers: r6 context, r2 start of the frame, r3 its end, r4 the network header, then the TCP header; r0 and r5
 * scratch.
 */
final class XskFilter {
    static final int XDP_PASS = 2;
    static final int XDP_TX = 3;

    static final int MAX_ADDRESSES = 256;
    static final int MAX_PORT_RANGES = 1024;

    private static final int REDIRECT_MAP = 51; // enum bpf_func_id
    private static final int CONTEXT_DATA = 0; // struct xdp_md
    private static final int CONTEXT_DATA_END = 4;
    private static final int CONTEXT_QUEUE = 16;
    private static final int ETHER_TYPE = 12;
    private static final int ARP_TARGET_ADDRESS = 24; // RFC 826
    private static final int IP_FRAGMENT = 6; // RFC 791 section 3.1
    private static final int IP_PROTOCOL = 9;
    private static final int IP_DESTINATION = 16;
    private static final int IHL_MASK = 0x0F;
    private static final int MORE_FRAGMENTS_OR_OFFSET = 0x3FFF;
    private static final int TCP_PORTS_LENGTH = 4;
    private static final int TCP_DESTINATION_PORT = 2; // RFC 9293 section 3.1
    private static final int MAX_PORT = 65535;

    private record PortRange(int first, int last) {}

    private final BpfAssembler program = new BpfAssembler();

    private XskFilter() {}

    /**
     * The program for a filter.
     *
     * @param fallback what happens to a wanted frame when no socket is in the map for its queue: {@link #XDP_PASS};
     *     another value only so that a test can tell it from a frame that was not wanted
     */
    static long[] assemble(NicFilter filter, int mapFd, int fallback) {
        final List<PortRange> ports = portRanges(filter.tcpPorts());
        final XskFilter builder = new XskFilter();
        builder.ethernet();
        builder.arp(filter.addresses());
        builder.ipv4(filter.addresses(), !ports.isEmpty());
        builder.ports(ports);
        builder.verdicts(mapFd, fallback);
        return builder.program.assemble();
    }

    /**
     * The program that takes every frame of the queue: for a NIC that is Spinwire's alone, and for raw measurements.
     */
    static long[] assembleTakingAll(int mapFd) {
        final XskFilter builder = new XskFilter();
        builder.program.move(R6, R1);
        builder.redirect(mapFd, XDP_PASS);
        return builder.program.assemble();
    }

    /** The program that leaves every frame to the kernel: to see whether programs may be loaded at all. */
    static long[] assemblePassingAll() {
        return new BpfAssembler().moveImmediate(R0, XDP_PASS).exit().assemble();
    }

    static void check(NicFilter filter) {
        if (filter.addresses().length == 0) {
            throw new NicException("the filter has no address, so no frame would arrive: give the engine an address, or"
                    + " write filter=all to take every frame of the queue");
        }
        if (filter.addresses().length > MAX_ADDRESSES) {
            throw new NicException("the filter has " + filter.addresses().length + " addresses; at most "
                    + MAX_ADDRESSES + " are possible");
        }
        for (final int port : filter.tcpPorts()) {
            if (port < 0 || port > MAX_PORT) {
                throw new NicException("the filter has port " + port + "; ports are 0 to " + MAX_PORT);
            }
        }
        final int ranges = portRanges(filter.tcpPorts()).size();
        if (ranges > MAX_PORT_RANGES) {
            throw new NicException("the filter has " + ranges + " separate ranges of ports; at most " + MAX_PORT_RANGES
                    + " are possible: use neighbouring ports, or an address of its own with all ports");
        }
    }

    private void ethernet() {
        program.move(R6, R1)
                .loadInt(R2, R1, CONTEXT_DATA)
                .loadInt(R3, R1, CONTEXT_DATA_END)
                .move(R4, R2)
                .add(R4, Ethernet.HEADER_LENGTH)
                .jumpIfRegisterGreater(R4, R3, "pass")
                .loadShort(R5, R2, ETHER_TYPE)
                .jumpIfNotEqual(R5, networkShort(Ethernet.TYPE_VLAN), "network")
                .add(R4, Ethernet.VLAN_TAG_LENGTH)
                .jumpIfRegisterGreater(R4, R3, "pass")
                .loadShort(R5, R4, -Short.BYTES)
                .label("network")
                .jumpIfEqual(R5, networkShort(Ethernet.TYPE_IPV4), "ipv4")
                .jumpIfNotEqual(R5, networkShort(Ethernet.TYPE_ARP), "pass");
    }

    private void arp(int[] addresses) {
        needBytes(Arp.LENGTH);
        program.loadInt(R0, R4, ARP_TARGET_ADDRESS);
        for (final int address : addresses) {
            program.jumpIfWordEqual(R0, networkInt(address), "redirect");
        }
        program.jump("pass");
    }

    private void ipv4(int[] addresses, boolean hasPorts) {
        program.label("ipv4");
        needBytes(Ipv4.HEADER_LENGTH);
        program.loadInt(R0, R4, IP_DESTINATION);
        for (final int address : addresses) {
            program.jumpIfWordEqual(R0, networkInt(address), "ours");
        }
        program.jump("pass")
                .label("ours")
                .loadByte(R0, R4, IP_PROTOCOL)
                .jumpIfEqual(R0, Ipv4.PROTOCOL_ICMP, "redirect")
                .jumpIfNotEqual(R0, Ipv4.PROTOCOL_TCP, "pass")
                .loadShort(R0, R4, IP_FRAGMENT)
                .and(R0, networkShort(MORE_FRAGMENTS_OR_OFFSET))
                .jumpIfNotEqual(R0, 0, "pass");
        if (hasPorts) {
            program.loadByte(R0, R4, 0).and(R0, IHL_MASK).shiftLeft(R0, 2).addRegister(R4, R0); // IHL counts words
        }
    }

    private void ports(List<PortRange> ranges) {
        if (ranges.isEmpty()) {
            program.jump("redirect");
            return;
        }
        needBytes(TCP_PORTS_LENGTH);
        program.loadShort(R0, R4, TCP_DESTINATION_PORT).shortFromNetwork(R0);
        for (final PortRange range : ranges) {
            if (range.first() == range.last()) {
                program.jumpIfEqual(R0, range.first(), "redirect");
            } else {
                // Ranges ascend: below this one's first port, no later one can match.
                program.jumpIfLess(R0, range.first(), "pass").jumpIfLessOrEqual(R0, range.last(), "redirect");
            }
        }
        program.jump("pass");
    }

    private void verdicts(int mapFd, int fallback) {
        program.label("redirect");
        redirect(mapFd, fallback);
        program.label("pass").moveImmediate(R0, XDP_PASS).exit();
    }

    /**
     * To the socket in the map at the frame's own queue; the index must be the queue, or the kernel drops the frame.
     */
    private void redirect(int mapFd, int fallback) {
        program.loadInt(R2, R6, CONTEXT_QUEUE)
                .loadMap(R1, mapFd)
                .moveImmediate(R3, fallback)
                .call(REDIRECT_MAP)
                .exit();
    }

    /** Passes a frame that ends before {@code bytes} bytes from r4: the check that the kernel's verifier asks for. */
    private void needBytes(int bytes) {
        program.move(R0, R4).add(R0, bytes).jumpIfRegisterGreater(R0, R3, "pass");
    }

    /** Sorted, without duplicates, neighbours joined. */
    private static List<PortRange> portRanges(int[] ports) {
        final List<PortRange> ranges = new ArrayList<>();
        for (final int port : Arrays.stream(ports).sorted().distinct().toArray()) {
            final PortRange last = ranges.isEmpty() ? null : ranges.getLast();
            if (last != null && last.last() + 1 == port) {
                ranges.set(ranges.size() - 1, new PortRange(last.first(), port));
            } else {
                ranges.add(new PortRange(port, port));
            }
        }
        return ranges;
    }
}
