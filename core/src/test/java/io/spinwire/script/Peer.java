package io.spinwire.script;

import static io.spinwire.script.Segment.ANY;
import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.RST;
import static io.spinwire.wire.TcpHeader.SYN;

import io.spinwire.wire.Ipv4;
import io.spinwire.wire.TcpHeader;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The other end of one connection, played by the script: makes datagrams of what it sends, and reads what the stack
 * emitted. Its numbers are relative to {@code iss}, the stack's to {@code stackIss}.
 */
final class Peer {
    private static final int ISS = 0x7FFF_0000; // so that numbers wrap soon
    private static final int NS_PER_MS = 1_000_000;

    private static final String SEEN = "seen"; // the last cookie of the stack's

    private final int port;
    private int stackPort = Stage.PORT;
    private int iss = ISS;
    private int stackIss;
    private boolean knowsStackIss;
    private int window = 65535;

    /** Behind the largest number that it has sent or seen, relative. */
    private int sndNxt;

    private int stackNxt;
    private boolean offeredTimestamps;
    private boolean hasTimestamps;
    private long tsOriginMs;
    private int lastTsVal;
    private String lastCookie = "";
    private final Map<String, Integer> tsNames = new HashMap<>();

    Peer(int connection) {
        port = Stage.FIRST_PEER_PORT + connection - 1;
    }

    boolean isAddressed(byte[] datagram) {
        return TcpHeader.destinationPort(new UnsafeBuffer(datagram), Ipv4.HEADER_LENGTH) == port;
    }

    /** Begins a new connection on the same ports. */
    void restart(int issStep) {
        iss += issStep;
        knowsStackIss = false;
        stackIss = 0;
        sndNxt = 0;
        stackNxt = 0;
        window = 65535;
        hasTimestamps = false;
    }

    // ---- Sending ----

    /** A datagram of what a script says, with what it leaves out. */
    byte[] datagram(Segment said, long nowNs) {
        final Segment segment = complete(said, nowNs);
        final byte[] options = Options.of(segment, segment.is(SYN), stackIss, tsNames);
        final int headerLength = TcpHeader.LENGTH + options.length;
        final int total = Ipv4.HEADER_LENGTH + headerLength + segment.length;
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[total]);
        final int tos = (segment.tos == ANY ? 0 : segment.tos) | segment.ecn;
        Ipv4.put(buffer, 0, tos, total, 7, Ipv4.ttlProtocol(64, Ipv4.PROTOCOL_TCP));
        Ipv4.seal(buffer, 0, Stage.PEER_ADDRESS, Stage.STACK_ADDRESS);
        final int tcp = Ipv4.HEADER_LENGTH;
        TcpHeader.putPorts(buffer, tcp, port, stackPort);
        TcpHeader.putSeqAndAck(buffer, tcp, iss + segment.seq, segment.ack == ANY ? 0 : stackIss + segment.ack);
        final int urgent = segment.urgent == ANY ? 0 : segment.urgent;
        TcpHeader.putControl(buffer, tcp, headerLength, segment.flags, segment.window, urgent);
        buffer.putBytes(tcp + TcpHeader.LENGTH, options);
        for (int i = 0; i < segment.length; i++) {
            buffer.putByte(tcp + headerLength + i, Stage.pattern(segment.firstByte() + i));
        }
        final int length = total - Ipv4.HEADER_LENGTH;
        final int wrong = segment.isChecksumWrong ? 1 : 0;
        final long sum = Ipv4.pseudoHeaderSum(Stage.PEER_ADDRESS, Stage.STACK_ADDRESS, 6, length);
        TcpHeader.seal(buffer, tcp, sum + wrong, length);
        sndNxt = Math.max(sndNxt, segment.seq + segment.span());
        return buffer.byteArray();
    }

    /** Fills in what the script leaves to the peer: numbers in order, the last window, its clock. */
    Segment complete(Segment said, long nowNs) {
        if (said.is(SYN)) {
            offeredTimestamps = said.has("ts");
            tsOriginMs = nowNs / NS_PER_MS - (said.has("ts") ? tsStart(said) : 0);
        }
        final Segment segment = new Segment();
        segment.flags = said.flags;
        segment.seq = said.seq != ANY ? said.seq : said.is(SYN) ? 0 : sndNxt;
        segment.ack = said.ack != ANY ? said.ack : said.is(ACK) ? stackNxt : ANY;
        segment.length = said.length;
        window = said.window != ANY ? said.window : window;
        segment.window = window;
        segment.urgent = said.urgent;
        segment.mss = said.mss;
        segment.windowScale = said.windowScale;
        segment.sack = said.sack;
        segment.cookie = SEEN.equals(said.cookie) ? lastCookie : said.cookie;
        segment.options.addAll(said.options);
        segment.ecn = said.ecn;
        segment.tos = said.tos;
        segment.isChecksumWrong = said.isChecksumWrong;
        if (hasTimestamps() && !said.has("ts") && !said.isWithoutTimestamps && !said.is(SYN)) {
            segment.options.addFirst("ts");
        }
        segment.tsVal = said.tsVal.equals(Segment.STAR) ? Long.toString(nowNs / NS_PER_MS - tsOriginMs) : said.tsVal;
        segment.tsEcr = said.tsEcr.equals(Segment.STAR) ? Integer.toString(lastTsVal) : said.tsEcr;
        return segment;
    }

    private static int tsStart(Segment syn) {
        return syn.tsVal.equals(Segment.STAR) ? 1000 : (int) Long.parseLong(syn.tsVal);
    }

    /** The ICMP message about a segment of the stack's. */
    byte[] complaint(Script.PeerComplains complaint) {
        return Complaint.datagram(complaint, stackPort, port, stackIss + complaint.seq());
    }

    // ---- Reading ----

    /** Reads what the stack emitted. */
    Segment read(byte[] datagram) {
        final UnsafeBuffer buffer = new UnsafeBuffer(datagram);
        final int tcp = Ipv4.HEADER_LENGTH;
        final int headerLength = TcpHeader.headerLength(buffer, tcp);
        final Segment segment = new Segment();
        segment.flags = TcpHeader.flags(buffer, tcp);
        final int seq = TcpHeader.seq(buffer, tcp);
        if (segment.is(SYN)) {
            stackIss = seq;
            knowsStackIss = true;
            stackPort = TcpHeader.sourcePort(buffer, tcp);
        }
        segment.seq = knowsStackIss && !(segment.is(RST) && seq == 0) ? seq - stackIss : seq;
        segment.ack = segment.is(ACK) ? TcpHeader.ackSeq(buffer, tcp) - iss : ANY;
        segment.window = TcpHeader.window(buffer, tcp);
        segment.urgent = segment.is(TcpHeader.URG) ? TcpHeader.urgentPointer(buffer, tcp) : ANY;
        segment.length = Ipv4.totalLength(buffer, 0) - tcp - headerLength;
        segment.ecn = Ipv4.tos(buffer, 0) & 3;
        segment.tos = Ipv4.tos(buffer, 0) & ~3;
        segment.ttl = Ipv4.ttl(buffer, 0);
        Options.read(segment, buffer, tcp + TcpHeader.LENGTH, tcp + headerLength, iss);
        if (segment.cookie != null) {
            lastCookie = segment.cookie;
        }
        if (segment.has("ts")) {
            lastTsVal = (int) Long.parseLong(segment.tsVal);
        }
        if (segment.is(SYN)) {
            hasTimestamps = segment.has("ts") && (offeredTimestamps || !segment.is(ACK));
        }
        stackNxt = Math.max(stackNxt, segment.seq + segment.span());
        return segment;
    }

    /** Whether its data are those of the stream, the first wrong byte otherwise. */
    int wrongByte(byte[] datagram, Segment segment) {
        final int data = datagram.length - segment.length;
        for (int i = 0; i < segment.length; i++) {
            if (datagram[data + i] != Stage.pattern(segment.firstByte() + i)) {
                return segment.firstByte() + i;
            }
        }
        return -1;
    }

    /** Whether segments of the stack's, other than SYNs, must have timestamps. */
    boolean hasTimestamps() {
        return hasTimestamps && offeredTimestamps;
    }

    /** Compares a timestamp with a name of the script's, which the first time it takes. */
    boolean isNamed(String name, String value) {
        final int actual = (int) Long.parseLong(value);
        return tsNames.computeIfAbsent(name, n -> actual) == actual;
    }
}
