package io.spinwire.nic.afxdp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The {@code bpf(2)} system call: the commands that the driver needs, each with its part of {@code union bpf_attr}.
 * Results are file descriptors or negated errnos. Control plane.
 */
final class Bpf {
    static final int ATTACH_NATIVE = 4; // XDP_FLAGS_DRV_MODE
    static final int ATTACH_GENERIC = 2; // XDP_FLAGS_SKB_MODE

    private static final long SYSCALL_NUMBER = syscallNumber(System.getProperty("os.arch"));

    private static final int MAP_CREATE = 0;
    private static final int MAP_UPDATE = 2;
    private static final int MAP_DELETE = 3;
    private static final int PROG_LOAD = 5;
    private static final int PROG_TEST_RUN = 10;
    private static final int LINK_CREATE = 28;

    private static final int MAP_TYPE_XSKMAP = 17;
    private static final int PROG_TYPE_XDP = 6;
    private static final int ATTACH_TYPE_XDP = 37;
    private static final int ATTR_LENGTH = 80;
    private static final int NAME_LENGTH = 16;
    private static final int LOG_LENGTH = 64 * 1024;
    private static final String PROGRAM_NAME = "spinwire";
    private static final String LICENSE = "Dual BSD/GPL";

    private Bpf() {}

    static long syscallNumber(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" -> 321;
            case "aarch64", "arm64" -> 280;
            default ->
                throw new UnsupportedOperationException(
                        "the AF_XDP driver knows x86_64 and aarch64, not " + architecture);
        };
    }

    static int createXskMap(int entries) {
        try (Struct attr = attr()) {
            attr.u32(0, MAP_TYPE_XSKMAP)
                    .u32(4, Integer.BYTES)
                    .u32(8, Integer.BYTES)
                    .u32(12, entries);
            attr.text(28, PROGRAM_NAME, NAME_LENGTH);
            return bpf(MAP_CREATE, attr);
        }
    }

    static int updateMap(int mapFd, int key, int value) {
        try (Struct attr = attr();
                Struct keyWord = new Struct(Integer.BYTES).u32(0, key);
                Struct valueWord = new Struct(Integer.BYTES).u32(0, value)) {
            attr.u32(0, mapFd).u64(8, keyWord.address()).u64(16, valueWord.address());
            return bpf(MAP_UPDATE, attr);
        }
    }

    static int deleteFromMap(int mapFd, int key) {
        try (Struct attr = attr();
                Struct keyWord = new Struct(Integer.BYTES).u32(0, key)) {
            attr.u32(0, mapFd).u64(8, keyWord.address());
            return bpf(MAP_DELETE, attr);
        }
    }

    static int loadXdpProgram(long[] instructions) {
        return loadXdpProgram(instructions, null);
    }

    /** What the verifier says about a program that it refuses: the last lines say why. */
    static String verifierLog(long[] instructions) {
        try (Struct log = new Struct(LOG_LENGTH)) {
            final int fd = loadXdpProgram(instructions, log);
            if (fd >= 0) {
                Libc.close(fd);
            }
            return log.text(0, LOG_LENGTH);
        }
    }

    private static int loadXdpProgram(long[] instructions, Struct log) {
        final ByteBuffer bytes =
                ByteBuffer.allocate(instructions.length * Long.BYTES).order(ByteOrder.nativeOrder());
        bytes.asLongBuffer().put(instructions);
        try (Struct attr = attr();
                Struct code = Struct.ofBytes(bytes.array());
                Struct license = Struct.ofString(LICENSE)) {
            attr.u32(0, PROG_TYPE_XDP).u32(4, instructions.length).u64(8, code.address());
            attr.u64(16, license.address()).text(48, PROGRAM_NAME, NAME_LENGTH).u32(68, ATTACH_TYPE_XDP);
            if (log != null) {
                attr.u32(24, 1).u32(28, log.size()).u64(32, log.address());
            }
            return bpf(PROG_LOAD, attr);
        }
    }

    /** @param mode {@link #ATTACH_NATIVE} or {@link #ATTACH_GENERIC} */
    static int createXdpLink(int programFd, int interfaceIndex, int mode) {
        try (Struct attr = attr()) {
            attr.u32(0, programFd)
                    .u32(4, interfaceIndex)
                    .u32(8, ATTACH_TYPE_XDP)
                    .u32(12, mode);
            return bpf(LINK_CREATE, attr);
        }
    }

    /**
     * Runs a program over a packet without any NIC (BPF_PROG_TEST_RUN).
     *
     * @return its verdict, or a negated errno
     */
    static int testRun(int programFd, byte[] packet) {
        try (Struct attr = attr();
                Struct input = Struct.ofBytes(packet)) {
            attr.u32(0, programFd)
                    .u32(8, packet.length)
                    .u64(16, input.address())
                    .u32(32, 1);
            final int result = bpf(PROG_TEST_RUN, attr);
            return result < 0 ? result : attr.u32(4);
        }
    }

    private static Struct attr() {
        return new Struct(ATTR_LENGTH);
    }

    private static int bpf(int command, Struct attr) {
        return (int) Libc.syscall(SYSCALL_NUMBER, command, attr.address(), attr.size());
    }
}
