package io.spinwire.nic.afxdp;

import io.spinwire.script.ScriptException;
import java.util.Map;

/** Linux's struct tcp_info of one socket, by the names of Spinwire's TcpInfo. */
record TcpInfoOfKernel(byte[] bytes) {
    private static final int SOL_TCP = 6;
    private static final int TCP_INFO = 11;
    private static final int SIZE = 280;
    private static final int BYTE_FIELDS_END = 8;
    private static final int SYN_DATA = 32; // Linux: TCPI_OPT_SYN_DATA

    /** Offsets; those below 8 are bytes, those above 1000 are of 64 bits. */
    private static final Map<String, Integer> OFFSETS = Map.ofEntries(
            Map.entry("retransmits", 2),
            Map.entry("probes", 3),
            Map.entry("backoff", 4),
            Map.entry("rtoUs", 8),
            Map.entry("atoUs", 12),
            Map.entry("sndMss", 16),
            Map.entry("rcvMss", 20),
            Map.entry("unacked", 24),
            Map.entry("sacked", 28),
            Map.entry("lost", 32),
            Map.entry("retrans", 36),
            Map.entry("pmtu", 60),
            Map.entry("rttUs", 68),
            Map.entry("rttVarUs", 72),
            Map.entry("sndSsthresh", 76),
            Map.entry("sndCwnd", 80),
            Map.entry("advMss", 84),
            Map.entry("reordering", 88),
            Map.entry("totalRetrans", 100),
            Map.entry("bytesAcked", 1120),
            Map.entry("bytesReceived", 1128),
            Map.entry("segsOut", 136),
            Map.entry("segsIn", 140),
            Map.entry("notsentBytes", 144),
            Map.entry("minRttUs", 148),
            Map.entry("dataSegsIn", 152),
            Map.entry("dataSegsOut", 156),
            Map.entry("delivered", 192),
            Map.entry("deliveredCe", 196),
            Map.entry("bytesSent", 1200),
            Map.entry("bytesRetrans", 1208),
            Map.entry("dsackDups", 216),
            Map.entry("reordSeen", 220),
            Map.entry("rcvOooPack", 224),
            Map.entry("sndWnd", 228),
            Map.entry("rcvWnd", 232));

    static TcpInfoOfKernel of(int fd) {
        try (Struct info = new Struct(SIZE)) {
            TunLab.check("TCP_INFO", Libc.getsockopt(fd, SOL_TCP, TCP_INFO, info));
            return new TcpInfoOfKernel(info.bytes(0, SIZE));
        }
    }

    int u8(int offset) {
        return bytes[offset];
    }

    Object figure(String name) {
        return switch (name) {
            case "synData" -> (bytes[5] & SYN_DATA) != 0;
            case "fastOpenClientFail" -> bytes[7] >> 1 & 3;
            default -> number(name);
        };
    }

    private long number(String name) {
        final Integer offset = OFFSETS.get(name);
        if (offset == null) {
            throw new ScriptException("no figure of tcp_info is called " + name);
        }
        try (Struct struct = Struct.ofBytes(bytes)) {
            return offset < BYTE_FIELDS_END
                    ? struct.u8(offset)
                    : offset >= 1000 ? struct.u64(offset - 1000) : struct.u32(offset);
        }
    }
}
