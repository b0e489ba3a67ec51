package io.spinwire.nic.afxdp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Calls of the C library that only tests need, in the manner of {@link Libc}: a failure is the negated errno. */
final class Posix {
    static final int O_RDWR_NONBLOCK_CLOEXEC = 2 | 0x800 | 0x80000;
    static final int O_WRONLY_CLOEXEC = 1 | 0x80000;
    static final int CLONE_NEWNET = 0x4000_0000;
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_NONBLOCK_CLOEXEC = 0x800 | 0x80000;
    static final int MSG_OOB = 1;
    static final int MSG_PEEK = 2;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_MORE = 0x8000;
    static final int POLLIN = 1;

    private static final int SCHED_FIFO = 1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> ERRNO_MEMORY = ThreadLocal.withInitial(Libc::allocateErrno);
    private static final ValueLayout.OfInt I = JAVA_INT;
    private static final ValueLayout.OfLong L = JAVA_LONG;

    private static final MethodHandle UNSHARE = handle("unshare", FunctionDescriptor.of(I, I));
    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(I, L, I),
            Linker.Option.firstVariadicArg(2),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle READ = handle("read", FunctionDescriptor.of(L, I, L, L));
    private static final MethodHandle WRITE = handle("write", FunctionDescriptor.of(L, I, L, L));
    private static final MethodHandle LISTEN = handle("listen", FunctionDescriptor.of(I, I, I));
    private static final MethodHandle ACCEPT4 = handle("accept4", FunctionDescriptor.of(I, I, L, L, I));
    private static final MethodHandle CONNECT = handle("connect", FunctionDescriptor.of(I, I, L, I));
    private static final MethodHandle SHUTDOWN = handle("shutdown", FunctionDescriptor.of(I, I, I));
    private static final MethodHandle SENDTO = handle("sendto", FunctionDescriptor.of(L, I, L, L, I, L, I));
    private static final MethodHandle RECV = handle("recv", FunctionDescriptor.of(L, I, L, L, I));
    private static final MethodHandle RECVMSG = handle("recvmsg", FunctionDescriptor.of(L, I, L, I));
    private static final MethodHandle PPOLL = handle("ppoll", FunctionDescriptor.of(I, L, L, L, L));
    private static final MethodHandle SCHED_SETSCHEDULER =
            handle("sched_setscheduler", FunctionDescriptor.of(I, I, I, L));

    private Posix() {}

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    /** A call with its result as {@code long}. */
    private interface Downcall {
        long in(MemorySegment errno) throws Throwable;
    }

    private static long call(Downcall downcall) {
        final MemorySegment errno = ERRNO_MEMORY.get();
        try {
            final long result = downcall.in(errno);
            return result < 0 ? -(int) ERRNO.get(errno, 0L) : result;
        } catch (final Error | RuntimeException e) {
            throw e;
        } catch (final Throwable t) {
            throw new IllegalStateException("a native call failed outside the kernel", t);
        }
    }

    /** The calling thread gets namespaces of its own, for good. */
    static int unshare(int flags) {
        return (int) call(errno -> (int) UNSHARE.invokeExact(errno, flags));
    }

    static int open(String path, int flags) {
        try (Struct name = Struct.ofString(path)) {
            return (int) call(errno -> (int) OPEN.invokeExact(errno, name.address(), flags));
        }
    }

    static long read(int fd, Struct into) {
        return call(errno -> (long) READ.invokeExact(errno, fd, into.address(), (long) into.size()));
    }

    static long write(int fd, Struct bytes, int length) {
        return call(errno -> (long) WRITE.invokeExact(errno, fd, bytes.address(), (long) length));
    }

    static int listen(int fd, int backlog) {
        return (int) call(errno -> (int) LISTEN.invokeExact(errno, fd, backlog));
    }

    static int accept(int fd, int flags) {
        return (int) call(errno -> (int) ACCEPT4.invokeExact(errno, fd, 0L, 0L, flags));
    }

    static int connect(int fd, Struct address) {
        return (int) call(errno -> (int) CONNECT.invokeExact(errno, fd, address.address(), address.size()));
    }

    static int shutdown(int fd, int how) {
        return (int) call(errno -> (int) SHUTDOWN.invokeExact(errno, fd, how));
    }

    static long send(int fd, Struct bytes, int length, int flags) {
        return call(errno -> (long) SENDTO.invokeExact(errno, fd, bytes.address(), (long) length, flags, 0L, 0));
    }

    static long recv(int fd, Struct into, int length, int flags) {
        return call(errno -> (long) RECV.invokeExact(errno, fd, into.address(), (long) length, flags));
    }

    static long recvmsg(int fd, Struct message, int flags) {
        return call(errno -> (long) RECVMSG.invokeExact(errno, fd, message.address(), flags));
    }

    /** Waits for one descriptor to be readable, at most {@code timeoutNs}. */
    static int poll(int fd, long timeoutNs) {
        try (Struct pollFd = new Struct(8).u32(0, fd).u16(4, POLLIN);
                Struct time = new Struct(16).u64(0, timeoutNs / 1_000_000_000).u64(8, timeoutNs % 1_000_000_000)) {
            return (int) call(errno -> (int) PPOLL.invokeExact(errno, pollFd.address(), 1L, time.address(), 0L));
        }
    }

    /** Lets the calling thread run before all others as soon as it is to do something, where that is allowed. */
    static void hurry() {
        try (Struct priority = new Struct(4).u32(0, 1)) {
            call(errno -> (int) SCHED_SETSCHEDULER.invokeExact(errno, 0, SCHED_FIFO, priority.address()));
        }
    }
}
