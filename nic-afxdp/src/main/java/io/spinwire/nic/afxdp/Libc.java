package io.spinwire.nic.afxdp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library's system calls, as they are: pointers are addresses, a failure is the negated errno. {@link #kick} and
 * {@link #pollReceive} are the data path's and take the caller's errno memory; the others keep one per thread. They are
 * ordinary downcalls, never {@code critical}: a kick on veth runs the peer's whole receive path, and a critical call
 * would hold up safepoints for as long.
 */
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> CONTROL_ERRNO = ThreadLocal.withInitial(Libc::allocateErrno);

    private static final int MSG_DONTWAIT = 0x40;
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final ValueLayout.OfInt I = JAVA_INT;
    private static final ValueLayout.OfLong L = JAVA_LONG;

    private static final MethodHandle SOCKET = handle("socket", FunctionDescriptor.of(I, I, I, I));
    private static final MethodHandle BIND = handle("bind", FunctionDescriptor.of(I, I, L, I));
    private static final MethodHandle SETSOCKOPT = handle("setsockopt", FunctionDescriptor.of(I, I, I, I, L, I));
    private static final MethodHandle GETSOCKOPT = handle("getsockopt", FunctionDescriptor.of(I, I, I, I, L, L));
    private static final MethodHandle SENDTO = handle("sendto", FunctionDescriptor.of(L, I, L, L, I, L, I));
    private static final MethodHandle RECVFROM = handle("recvfrom", FunctionDescriptor.of(L, I, L, L, I, L, L));
    private static final MethodHandle MMAP = handle("mmap", FunctionDescriptor.of(L, L, L, I, I, I, L));
    private static final MethodHandle MUNMAP = handle("munmap", FunctionDescriptor.of(I, L, L));
    private static final MethodHandle MADVISE = handle("madvise", FunctionDescriptor.of(I, L, L, I));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(I, I));
    private static final MethodHandle SETNS = handle("setns", FunctionDescriptor.of(I, I, I));
    private static final MethodHandle IF_NAMETOINDEX = handle("if_nametoindex", FunctionDescriptor.of(I, L));
    private static final MethodHandle SCHED_SETAFFINITY =
            handle("sched_setaffinity", FunctionDescriptor.of(I, I, L, L));
    private static final MethodHandle OPEN = variadic("open", FunctionDescriptor.of(I, L, I), 2);
    private static final MethodHandle IOCTL = variadic("ioctl", FunctionDescriptor.of(I, I, L, L), 2);
    private static final MethodHandle SYSCALL = variadic("syscall", FunctionDescriptor.of(L, L, L, L, L), 1);

    private Libc() {}

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, FunctionDescriptor descriptor, int firstVariadic) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.firstVariadicArg(firstVariadic),
                Linker.Option.captureCallState("errno"));
    }

    /** Memory for the errno of calls of one thread; reachable as long as it is used, never freed by hand. */
    static MemorySegment allocateErrno() {
        return Arena.ofAuto().allocate(CAPTURE);
    }

    /** Starts transmission: {@code sendto(fd, NULL, 0, MSG_DONTWAIT, NULL, 0)}. Data path. */
    static long kick(MemorySegment errno, int fd) {
        try {
            final long result = (long) SENDTO.invokeExact(errno, fd, 0L, 0L, MSG_DONTWAIT, 0L, 0);
            return result < 0 ? -errnoOf(errno) : result;
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    /** Runs the NIC's poll, or wakes it: {@code recvfrom(fd, NULL, 0, MSG_DONTWAIT, NULL, NULL)}. Data path. */
    static long pollReceive(MemorySegment errno, int fd) {
        try {
            final long result = (long) RECVFROM.invokeExact(errno, fd, 0L, 0L, MSG_DONTWAIT, 0L, 0L);
            return result < 0 ? -errnoOf(errno) : result;
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    static int socket(int domain, int type, int protocol) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((int) SOCKET.invokeExact(errno, domain, type, protocol), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    static int bind(int fd, Struct address) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((int) BIND.invokeExact(errno, fd, address.address(), address.size()), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    static int setsockopt(int fd, int level, int option, Struct value) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((int) SETSOCKOPT.invokeExact(errno, fd, level, option, value.address(), value.size()), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    static int setsockopt(int fd, int level, int option, int value) {
        try (Struct word = new Struct(Integer.BYTES).u32(0, value)) {
            return setsockopt(fd, level, option, word);
        }
    }

    /** Fills the memory at {@code value}; the u32 at {@code length} holds its size before, the bytes written after. */
    static int getsockopt(int fd, int level, int option, long value, long length) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((int) GETSOCKOPT.invokeExact(errno, fd, level, option, value, length), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    static int getsockopt(int fd, int level, int option, Struct value) {
        try (Struct length = new Struct(Integer.BYTES).u32(0, value.size())) {
            return getsockopt(fd, level, option, value.address(), length.address());
        }
    }

    static long send(int fd, Struct message, int length) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((long) SENDTO.invokeExact(errno, fd, message.address(), (long) length, 0, 0L, 0), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    static long receive(int fd, Struct into) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((long) RECVFROM.invokeExact(errno, fd, into.address(), (long) into.size(), 0, 0L, 0L), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    /** @return the address, or the negated errno; addresses of user space are never negative */
    static long mmap(long length, int protection, int flags, int fd, long offset) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((long) MMAP.invokeExact(errno, 0L, length, protection, flags, fd, offset), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    static int munmap(long address, long length) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((int) MUNMAP.invokeExact(errno, address, length), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    static int madvise(long address, long length, int advice) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((int) MADVISE.invokeExact(errno, address, length, advice), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    static int close(int fd) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((int) CLOSE.invokeExact(errno, fd), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    /** Opens a file for reading. */
    static int open(String path) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try (Struct name = Struct.ofString(path)) {
            return result((int) OPEN.invokeExact(errno, name.address(), O_RDONLY_CLOEXEC), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    static int setns(int fd, int type) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((int) SETNS.invokeExact(errno, fd, type), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    /** For the calling thread alone. */
    static int schedSetAffinity(int maskLength, Struct mask) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((int) SCHED_SETAFFINITY.invokeExact(errno, 0, (long) maskLength, mask.address()), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    /** @return the index, or the negated errno */
    static int interfaceIndex(String name) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try (Struct text = Struct.ofString(name)) {
            final int index = (int) IF_NAMETOINDEX.invokeExact(errno, text.address());
            return index == 0 ? -errnoOf(errno) : index;
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    static int ioctl(int fd, long request, Struct argument) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((int) IOCTL.invokeExact(errno, fd, request, argument.address()), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    /** A system call of three arguments that the C library has no function for. */
    static long syscall(long number, long first, long second, long third) {
        final MemorySegment errno = CONTROL_ERRNO.get();
        try {
            return result((long) SYSCALL.invokeExact(errno, number, first, second, third), errno);
        } catch (final Throwable t) {
            throw unexpected(t);
        }
    }

    private static int result(int result, MemorySegment errno) {
        return result < 0 ? -errnoOf(errno) : result;
    }

    private static long result(long result, MemorySegment errno) {
        return result < 0 ? -errnoOf(errno) : result;
    }

    private static int errnoOf(MemorySegment errno) {
        return (int) ERRNO.get(errno, 0L);
    }

    private static RuntimeException unexpected(Throwable t) {
        return switch (t) {
            case Error error -> throw error;
            case RuntimeException runtime -> runtime;
            default -> new IllegalStateException("a native call failed outside the kernel", t);
        };
    }
}
