package io.spinwire.nic.afxdp;

import io.spinwire.nic.NicException;

/**
 * The filter program, loaded and attached to the interface through a BPF link: when its file descriptor goes, by close
 * or by the death of the process, the kernel detaches the program, so even kill -9 leaves nothing behind.
 */
final class XdpLink {
    private static final int LAST_LOG_LENGTH = 600;

    private final boolean isNative;

    private XdpLink(boolean isNative) {
        this.isNative = isNative;
    }

    static int load(long[] program, Place place, Teardown teardown) {
        final int fd = Bpf.loadXdpProgram(program);
        if (fd < 0) {
            throw loadFailed(program, -fd, place);
        }
        teardown.add(() -> Libc.close(fd));
        return fd;
    }

    private static NicException loadFailed(long[] program, int errno, Place place) {
        final NicException failure = place.failed(SetupStep.LOAD_FILTER, errno);
        if (errno != Errno.EINVAL && errno != Errno.EACCES) {
            return failure;
        }
        final String log = Bpf.verifierLog(program);
        final String end = log.substring(Math.max(0, log.length() - LAST_LOG_LENGTH));
        return new NicException(failure.getMessage() + "; the verifier's last words:\n" + end);
    }

    /** Attaches natively, or where the driver cannot and the mode allows it, generically, which is reported. */
    static XdpLink attach(int programFd, int interfaceIndex, XskSpecification.Mode mode, Place place, Setup setup) {
        if (mode != XskSpecification.Mode.GENERIC) {
            final int fd = create(programFd, interfaceIndex, Bpf.ATTACH_NATIVE);
            if (fd >= 0) {
                return attached(fd, true, setup.teardown());
            }
            final boolean isUnsupported = fd == -Errno.EOPNOTSUPP || fd == -Errno.EINVAL;
            if (mode == XskSpecification.Mode.NATIVE || !isUnsupported) {
                throw place.failed(SetupStep.ATTACH_FILTER, -fd, "native XDP");
            }
            setup.report("native XDP: " + Errno.name(-fd) + " from driver " + place.driver()
                    + "; fell back to generic XDP, which is slower");
        }
        final int fd = create(programFd, interfaceIndex, Bpf.ATTACH_GENERIC);
        if (fd < 0) {
            throw place.failed(SetupStep.ATTACH_FILTER, -fd, "generic XDP");
        }
        return attached(fd, false, setup.teardown());
    }

    private static int create(int programFd, int interfaceIndex, int mode) {
        return Pause.whileBusy(() -> Bpf.createXdpLink(programFd, interfaceIndex, mode));
    }

    private static XdpLink attached(int fd, boolean isNative, Teardown teardown) {
        teardown.add(() -> Libc.close(fd));
        return new XdpLink(isNative);
    }

    boolean isNative() {
        return isNative;
    }
}
