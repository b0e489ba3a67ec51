package io.spinwire.nic.afxdp;

import io.spinwire.script.ScriptException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * A network namespace of the calling thread's own, with a TUN device in it: 10.0.0.2/24 is the kernel's, what is
 * written to the device comes from the wire. A packet socket beside it sees all that passes, with the kernel's own
 * time. The namespace goes with its thread and its descriptors; nothing of it has a name.
 */
final class TunLab implements AutoCloseable {
    private static final String DEVICE = "tun0";
    private static final long TUNSETIFF = 0x4004_54CAL;
    private static final int IFF_TUN_NO_PI = 0x1001;
    private static final int SIOCGIFINDEX = 0x8933;
    private static final int SIOCSIFADDR = 0x8916;
    private static final int SIOCSIFNETMASK = 0x891C;
    private static final int SIOCSIFFLAGS = 0x8914;
    private static final int SIOCSIFMTU = 0x8922;
    private static final int IFF_UP = 1;
    private static final int IFREQ = 40;
    private static final int IFREQ_VALUE = 16;
    private static final int AF_INET = 2;
    private static final int AF_PACKET = 17;
    private static final int ETH_P_ALL_BIG_ENDIAN = 0x0300;
    private static final int SO_TIMESTAMPNS = 35;
    private static final int RTM_NEWLINK = 16;
    private static final int IFLA_GSO_MAX_SEGS = 40;
    private static final int MAX_DATAGRAM = 65_536;
    private static final int PACKET_OUTGOING = 4;
    private static final int IPV4 = 0x45;
    private static final int PROTOCOL = 9;
    private static final int ICMP = 1;
    private static final int TCP = 6;

    private final int tun;
    private final int tap;
    private final Struct datagram = new Struct(MAX_DATAGRAM);
    private final Struct discarded = new Struct(MAX_DATAGRAM);
    private final Struct control = new Struct(128);
    private final Struct vector = new Struct(16);
    private final Struct sender = new Struct(20);
    private final Struct message = new Struct(56);

    /**
     * Makes it, on the thread that will use it.
     *
     * @param sysctls by their path under /proc/sys
     * @param mtu of the device
     * @param areSegmentsBatched whether TCP may hand several segments down at once
     */
    TunLab(Map<String, String> sysctls, int mtu, boolean areSegmentsBatched) {
        check("unshare(CLONE_NEWNET)", Posix.unshare(Posix.CLONE_NEWNET));
        tun = check("open /dev/net/tun", Posix.open("/dev/net/tun", Posix.O_RDWR_NONBLOCK_CLOEXEC));
        try (Struct request = request(DEVICE).u16(IFREQ_VALUE, IFF_TUN_NO_PI)) {
            check("ioctl TUNSETIFF", Libc.ioctl(tun, TUNSETIFF, request));
        }
        write("net/ipv6/conf/all/disable_ipv6", "1");
        sysctls.forEach(TunLab::write);
        configure(mtu, areSegmentsBatched);
        tap = tap(index(DEVICE));
        vector.u64(0, datagram.address()).u64(8, MAX_DATAGRAM);
    }

    private static Struct request(String device) {
        return new Struct(IFREQ).text(0, device, IFREQ_VALUE);
    }

    private static int index(String device) {
        final int socket = check("socket", Libc.socket(AF_INET, Posix.SOCK_DGRAM, 0));
        try (Struct request = request(device)) {
            check("ioctl SIOCGIFINDEX", Libc.ioctl(socket, SIOCGIFINDEX, request));
            return request.u32(IFREQ_VALUE);
        } finally {
            Libc.close(socket);
        }
    }

    private static void configure(int mtu, boolean areSegmentsBatched) {
        if (!areSegmentsBatched) {
            sendEverySegmentAlone(index(DEVICE));
        }
        final int socket = check("socket", Libc.socket(AF_INET, Posix.SOCK_DGRAM, 0));
        address(socket, SIOCSIFADDR, 10, 0, 0, 2);
        address(socket, SIOCSIFNETMASK, 255, 255, 255, 0);
        try (Struct up = request(DEVICE).u16(IFREQ_VALUE, IFF_UP);
                Struct loop = request("lo").u16(IFREQ_VALUE, IFF_UP);
                Struct size = request(DEVICE).u32(IFREQ_VALUE, mtu)) {
            check("mtu " + mtu, Libc.ioctl(socket, SIOCSIFMTU, size));
            check("lo up", Libc.ioctl(socket, SIOCSIFFLAGS, loop));
            check(DEVICE + " up", Libc.ioctl(socket, SIOCSIFFLAGS, up));
        } finally {
            Libc.close(socket);
        }
    }

    private static void address(int socket, int request, int... bytes) {
        try (Struct ifreq = request(DEVICE).u16(IFREQ_VALUE, AF_INET)) {
            for (int i = 0; i < bytes.length; i++) {
                ifreq.u8(IFREQ_VALUE + 4 + i, bytes[i]);
            }
            check("address", Libc.ioctl(socket, request, ifreq));
        }
    }

    /** Linux would hand several segments down as one; an engine has no such thing, and decides for each. */
    private static void sendEverySegmentAlone(int index) {
        final ByteBuffer request = ByteBuffer.allocate(40).order(ByteOrder.nativeOrder());
        request.putInt(request.capacity())
                .putShort((short) RTM_NEWLINK)
                .putShort((short) 5)
                .putInt(1)
                .putInt(0);
        request.put((byte) 0)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(index)
                .putInt(0)
                .putInt(0);
        request.putShort((short) 8).putShort((short) IFLA_GSO_MAX_SEGS).putInt(1);
        final int socket = check("netlink", Libc.socket(16, 3, 0));
        try (Struct bytes = Struct.ofBytes(request.array());
                Struct reply = new Struct(1024)) {
            check("send", (int) Libc.send(socket, bytes, request.capacity()));
            check("receive", (int) Libc.receive(socket, reply));
            check("gso_max_segs", reply.u32(16)); // the error of NLMSG_ERROR, 0 for none
        } finally {
            Libc.close(socket);
        }
    }

    private static int tap(int index) {
        final int tap = check(
                "packet socket",
                Libc.socket(AF_PACKET, Posix.SOCK_DGRAM | Posix.SOCK_NONBLOCK_CLOEXEC, ETH_P_ALL_BIG_ENDIAN));
        try (Struct address =
                new Struct(20).u16(0, AF_PACKET).u16(2, ETH_P_ALL_BIG_ENDIAN).u32(4, index)) {
            check("bind", Libc.bind(tap, address));
        }
        check("SO_TIMESTAMPNS", Libc.setsockopt(tap, 1, SO_TIMESTAMPNS, 1));
        return tap;
    }

    /** Writes a sysctl of this thread's namespace. */
    static void write(String path, String value) {
        final int file = Posix.open("/proc/sys/" + path, Posix.O_WRONLY_CLOEXEC);
        if (file < 0 && path.contains("ipv6")) {
            return; // a kernel without
        }
        check("open /proc/sys/" + path, file);
        try (Struct bytes = Struct.ofString(value)) {
            check(path + " = " + value, (int) Posix.write(file, bytes, value.length()));
        } finally {
            Libc.close(file);
        }
    }

    /** Gives a datagram to the kernel, which takes it in before this returns. */
    void write(byte[] bytes) {
        try (Struct struct = Struct.ofBytes(bytes)) {
            check("write to " + DEVICE, (int) Posix.write(tun, struct, bytes.length));
        }
    }

    /** A datagram that passed. */
    record Passed(long realtimeNs, boolean isOutgoing, byte[] bytes) {}

    /** The next TCP or ICMP datagram that passed either way, or null when there is none within the time. */
    Passed next(long waitNs) {
        final long endNs = System.nanoTime() + waitNs;
        while (true) {
            final Passed passed = receive();
            if (passed != null && isOfInterest(passed.bytes())) {
                return passed;
            }
            final long leftNs = endNs - System.nanoTime();
            if (passed == null && leftNs <= 0) {
                return null;
            } else if (passed == null) {
                Posix.poll(tap, leftNs);
            }
        }
    }

    private static boolean isOfInterest(byte[] bytes) {
        return bytes.length > PROTOCOL && bytes[0] == IPV4 && (bytes[PROTOCOL] == TCP || bytes[PROTOCOL] == ICMP);
    }

    private Passed receive() {
        while (Posix.read(tun, discarded) > 0) {} // so that the device's queue is never full
        message.u64(0, sender.address()).u32(8, sender.size());
        message.u64(16, vector.address()).u64(24, 1);
        message.u64(32, control.address()).u64(40, control.size());
        final int length = (int) Posix.recvmsg(tap, message, 0);
        if (length < 0) {
            return null;
        }
        final int data = 16; // cmsghdr: length, level, type
        final long realtimeNs = control.u64(data) * 1_000_000_000L + control.u64(data + 8);
        return new Passed(realtimeNs, sender.u8(10) == PACKET_OUTGOING, datagram.bytes(0, length));
    }

    static int check(String step, int result) {
        if (result < 0) {
            throw new ScriptException(step + ": " + Errno.name(-result));
        }
        return result;
    }

    @Override
    public void close() {
        Libc.close(tun);
        Libc.close(tap);
        for (final Struct struct : new Struct[] {datagram, discarded, control, vector, sender, message}) {
            struct.close();
        }
    }
}
