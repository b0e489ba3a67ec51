package io.spinwire.nic.afxdp;

import io.spinwire.nic.NicException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An AF_XDP socket with its UMEM and its four rings: opened, tuned, bound to one queue, and kicked. Opening and binding
 * are control plane; {@link #kick} and {@link #poll} are the engine thread's.
 */
final class XskSocket {
    private static final int AF_XDP = 44;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SOL_XDP = 283;

    private static final int XDP_MMAP_OFFSETS = 1;
    private static final int XDP_RX_RING = 2;
    private static final int XDP_TX_RING = 3;
    private static final int XDP_UMEM_REG = 4;
    private static final int XDP_UMEM_FILL_RING = 5;
    private static final int XDP_UMEM_COMPLETION_RING = 6;
    private static final int XDP_STATISTICS = 7;
    private static final int XDP_OPTIONS = 8;
    private static final int XDP_MAX_TX_SKB_BUDGET = 9;
    private static final int XDP_OPTIONS_ZEROCOPY = 1;

    private static final int BIND_COPY = 2;
    private static final int BIND_ZEROCOPY = 4;
    private static final int BIND_USE_NEED_WAKEUP = 8;

    private static final long RX_RING_PAGE = 0;
    private static final long TX_RING_PAGE = 0x8000_0000L;
    private static final long FILL_RING_PAGE = 0x1_0000_0000L;
    private static final long COMPLETION_RING_PAGE = 0x1_8000_0000L;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_POPULATE = 0x8001;
    private static final int DESCRIPTOR_LENGTH = 16;
    private static final int UMEM_REG_LENGTH = 24; // version 1: address, length, chunk size, headroom
    private static final int SOCKADDR_LENGTH = 16;
    private static final int OFFSETS_LENGTH = 4 * RingLayout.LENGTH;

    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_BUSY_POLL = 46;
    private static final int SO_INCOMING_NAPI_ID = 56;
    private static final int SO_PREFER_BUSY_POLL = 69;
    private static final int SO_BUSY_POLL_BUDGET = 70;
    private static final int SEND_BUFFER_LENGTH = 16 << 20; // the default holds some 80 frames of copy mode only
    private static final int BUSY_POLL_US = 20;
    private static final int BUSY_POLL_BUDGET = 64;

    private final int fd;
    private final Place place;
    private final MemorySegment errno = Libc.allocateErrno();

    private ProducerRing fill;
    private ConsumerRing completion;
    private ConsumerRing rx;
    private ProducerRing tx;

    private XskSocket(int fd, Place place) {
        this.fd = fd;
        this.place = place;
    }

    /** Opens a socket with its memory and its rings; not yet bound. */
    static XskSocket open(Umem umem, int ringSize, Place place, Setup setup) {
        setup.begin(SetupStep.OPEN_SOCKET);
        final int fd = Libc.socket(AF_XDP, SOCK_RAW_CLOEXEC, 0);
        if (fd < 0) {
            throw place.failed(SetupStep.OPEN_SOCKET, -fd);
        }
        setup.teardown().add(() -> Libc.close(fd));
        final XskSocket socket = new XskSocket(fd, place);
        setup.begin(SetupStep.REGISTER_UMEM);
        socket.register(umem);
        setup.begin(SetupStep.CREATE_RINGS);
        socket.createRings(ringSize);
        setup.begin(SetupStep.MAP_RINGS);
        socket.mapRings(ringSize, setup.teardown());
        socket.enlargeSending(ringSize, setup);
        return socket;
    }

    private void register(Umem umem) {
        try (Struct registration = new Struct(UMEM_REG_LENGTH)) {
            registration.u64(0, umem.address()).u64(8, umem.length()).u32(16, umem.frameSize());
            check(Libc.setsockopt(fd, SOL_XDP, XDP_UMEM_REG, registration), SetupStep.REGISTER_UMEM);
        }
    }

    private void createRings(int size) {
        check(Libc.setsockopt(fd, SOL_XDP, XDP_UMEM_FILL_RING, size), SetupStep.CREATE_RINGS);
        check(Libc.setsockopt(fd, SOL_XDP, XDP_UMEM_COMPLETION_RING, size), SetupStep.CREATE_RINGS);
        check(Libc.setsockopt(fd, SOL_XDP, XDP_RX_RING, size), SetupStep.CREATE_RINGS);
        check(Libc.setsockopt(fd, SOL_XDP, XDP_TX_RING, size), SetupStep.CREATE_RINGS);
    }

    private void mapRings(int size, Teardown teardown) {
        try (Struct offsets = new Struct(OFFSETS_LENGTH);
                Struct length = new Struct(Integer.BYTES).u32(0, OFFSETS_LENGTH)) {
            check(
                    Libc.getsockopt(fd, SOL_XDP, XDP_MMAP_OFFSETS, offsets.address(), length.address()),
                    SetupStep.MAP_RINGS);
            if (length.u32(0) != OFFSETS_LENGTH) {
                throw place.failed(SetupStep.MAP_RINGS, Errno.ENOPROTOOPT); // Linux 5.3 had no flags: shorter
            }
            final RingLayout rxLayout = RingLayout.read(offsets, 0);
            final RingLayout txLayout = RingLayout.read(offsets, RingLayout.LENGTH);
            final RingLayout fillLayout = RingLayout.read(offsets, 2 * RingLayout.LENGTH);
            final RingLayout completionLayout = RingLayout.read(offsets, 3 * RingLayout.LENGTH);
            rx = new ConsumerRing(map(RX_RING_PAGE, rxLayout, size * DESCRIPTOR_LENGTH, teardown), rxLayout, size);
            tx = new ProducerRing(map(TX_RING_PAGE, txLayout, size * DESCRIPTOR_LENGTH, teardown), txLayout, size);
            fill = new ProducerRing(map(FILL_RING_PAGE, fillLayout, size * Long.BYTES, teardown), fillLayout, size);
            completion = new ConsumerRing(
                    map(COMPLETION_RING_PAGE, completionLayout, size * Long.BYTES, teardown), completionLayout, size);
        }
    }

    private UnsafeBuffer map(long page, RingLayout layout, int entriesLength, Teardown teardown) {
        final int length = layout.entries() + entriesLength;
        final long address = Libc.mmap(length, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, page);
        if (address < 0) {
            throw place.failed(SetupStep.MAP_RINGS, (int) -address);
        }
        final UnsafeBuffer memory = new UnsafeBuffer(address, length);
        teardown.add(() -> {
            memory.wrap(0, 0); // a late use meets a bounds check, not freed memory
            Libc.munmap(address, length);
        });
        return memory;
    }

    /** Copy mode sends 32 frames a kick and holds few at a time unless told otherwise. */
    private void enlargeSending(int ringSize, Setup setup) {
        if (Libc.setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, SEND_BUFFER_LENGTH) < 0) {
            setup.report("send buffer: stays at the system's default (no CAP_NET_ADMIN); bursts are cut short");
        }
        if (Libc.setsockopt(fd, SOL_XDP, XDP_MAX_TX_SKB_BUDGET, ringSize) < 0) {
            setup.report("frames per kick: 32 in copy mode, since this kernel is older than 6.17");
        }
    }

    /**
     * Binds to the queue: zero-copy where it is asked for, then copy; what was given up is reported.
     *
     * @return true when the mode obtained is zero-copy
     */
    boolean bind(int interfaceIndex, XskSpecification.Copy copy, boolean isNative, Setup setup) {
        if (copy != XskSpecification.Copy.COPY && isNative) {
            final int result = bind(interfaceIndex, BIND_ZEROCOPY);
            if (result >= 0) {
                return hasZeroCopy();
            }
            final boolean isUnsupported = result == -Errno.EOPNOTSUPP || result == -Errno.EINVAL;
            if (copy == XskSpecification.Copy.ZEROCOPY || !isUnsupported) {
                throw place.failed(SetupStep.BIND, -result, "zero-copy");
            }
            setup.report("zero-copy: " + Errno.name(-result) + " from driver " + place.driver()
                    + "; fell back to copy mode, which is slower");
        } else if (copy == XskSpecification.Copy.ZEROCOPY) {
            throw new NicException(
                    "cannot use zero-copy on " + place + ": its driver has no native XDP; use copy=auto");
        }
        final int result = bind(interfaceIndex, BIND_COPY);
        if (result < 0) {
            throw place.failed(SetupStep.BIND, -result, "copy mode");
        }
        return hasZeroCopy();
    }

    private int bind(int interfaceIndex, int mode) {
        try (Struct address = new Struct(SOCKADDR_LENGTH)) {
            address.u16(0, AF_XDP).u16(2, mode | BIND_USE_NEED_WAKEUP);
            address.u32(4, interfaceIndex).u32(8, place.queue());
            return Pause.whileBusy(() -> Libc.bind(fd, address));
        }
    }

    private boolean hasZeroCopy() {
        try (Struct options = new Struct(Integer.BYTES)) {
            check(Libc.getsockopt(fd, SOL_XDP, XDP_OPTIONS, options), SetupStep.BIND);
            return (options.u32(0) & XDP_OPTIONS_ZEROCOPY) != 0;
        }
    }

    /**
     * Lets {@link #poll} run the NIC's own poll, where the queue has a NAPI id: on veth it has none, and polling would
     * be a system call for nothing.
     *
     * @return whether it is on
     */
    boolean preferBusyPoll(XskSpecification.BusyPoll wanted, Setup setup) {
        if (wanted == XskSpecification.BusyPoll.OFF) {
            return false;
        }
        if (wanted == XskSpecification.BusyPoll.AUTO && napiId() == 0) {
            return false;
        }
        final int result = Math.min(
                Libc.setsockopt(fd, SOL_SOCKET, SO_PREFER_BUSY_POLL, 1),
                Math.min(
                        Libc.setsockopt(fd, SOL_SOCKET, SO_BUSY_POLL, BUSY_POLL_US),
                        Libc.setsockopt(fd, SOL_SOCKET, SO_BUSY_POLL_BUDGET, BUSY_POLL_BUDGET)));
        if (result < 0) {
            setup.report("busy polling: " + Errno.name(-result) + "; the kernel's own schedule is used");
        } else if (napiId() == 0) {
            setup.report("busy polling: asked for, but the queue has no NAPI id, so it may have no effect");
        }
        return result >= 0;
    }

    private int napiId() {
        try (Struct id = new Struct(Integer.BYTES)) {
            return Libc.getsockopt(fd, SOL_SOCKET, SO_INCOMING_NAPI_ID, id) < 0 ? 0 : id.u32(0);
        }
    }

    int fd() {
        return fd;
    }

    ProducerRing fill() {
        return fill;
    }

    ConsumerRing completion() {
        return completion;
    }

    ConsumerRing rx() {
        return rx;
    }

    ProducerRing tx() {
        return tx;
    }

    /** Starts sending what the TX ring holds. @return 0 or more, or the negated errno */
    long kick() {
        return Libc.kick(errno, fd);
    }

    /** Wakes or runs the NIC's receiving side. @return 0 or more, or the negated errno */
    long poll() {
        return Libc.pollReceive(errno, fd);
    }

    /** Fills the kernel's part. Allocates nothing. */
    void readStatistics(XskStatistics into) {
        final MemorySegment memory = into.kernelMemory();
        memory.set(ValueLayout.JAVA_INT, XskStatistics.KERNEL_LENGTH, XskStatistics.KERNEL_LENGTH);
        final long address = memory.address();
        final long length = address + XskStatistics.KERNEL_LENGTH;
        if (Libc.getsockopt(fd, SOL_XDP, XDP_STATISTICS, address, length) >= 0) {
            into.takeKernelCounts();
        }
    }

    private void check(int result, SetupStep step) {
        if (result < 0) {
            throw place.failed(step, -result);
        }
    }
}
