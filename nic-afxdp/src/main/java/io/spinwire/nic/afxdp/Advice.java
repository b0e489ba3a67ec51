package io.spinwire.nic.afxdp;

import static io.spinwire.nic.afxdp.Errno.E2BIG;
import static io.spinwire.nic.afxdp.Errno.EACCES;
import static io.spinwire.nic.afxdp.Errno.EAFNOSUPPORT;
import static io.spinwire.nic.afxdp.Errno.EBUSY;
import static io.spinwire.nic.afxdp.Errno.EEXIST;
import static io.spinwire.nic.afxdp.Errno.EINVAL;
import static io.spinwire.nic.afxdp.Errno.EMFILE;
import static io.spinwire.nic.afxdp.Errno.ENETDOWN;
import static io.spinwire.nic.afxdp.Errno.ENOBUFS;
import static io.spinwire.nic.afxdp.Errno.ENODEV;
import static io.spinwire.nic.afxdp.Errno.ENOMEM;
import static io.spinwire.nic.afxdp.Errno.ENOPROTOOPT;
import static io.spinwire.nic.afxdp.Errno.ENOSPC;
import static io.spinwire.nic.afxdp.Errno.ENOSYS;
import static io.spinwire.nic.afxdp.Errno.ENOTCONN;
import static io.spinwire.nic.afxdp.Errno.EOPNOTSUPP;
import static io.spinwire.nic.afxdp.Errno.EPERM;
import static io.spinwire.nic.afxdp.Errno.ERANGE;

/** What an errno means at a step of the set-up, and what a person can do about it. */
final class Advice {
    static final String BE_ROOT = "run as root, or give the java binary the capabilities"
            + " (setcap cap_net_raw,cap_net_admin,cap_bpf,cap_ipc_lock+ep); in a container add them with --cap-add";

    private Advice() {}

    static String of(SetupStep step, int errno, Place place) {
        if (errno == EMFILE) {
            return "too many open files: raise the limit (ulimit -n)";
        }
        return switch (step) {
            case FIND_INTERFACE, READ_INTERFACE -> interfaceAdvice(errno, place);
            case CREATE_MAP, LOAD_FILTER -> bpfAdvice(errno);
            case ATTACH_FILTER -> attachAdvice(errno, place);
            case MAP_UMEM -> "the machine has not enough free memory: use fewer frames (frames=N)";
            case OPEN_SOCKET -> socketAdvice(errno);
            case REGISTER_UMEM -> umemAdvice(errno);
            case CREATE_RINGS, MAP_RINGS -> ringAdvice(errno);
            case BIND -> bindAdvice(errno, place);
            case ENTER_MAP -> enterMapAdvice(errno);
        };
    }

    private static String interfaceAdvice(int errno, Place place) {
        return switch (errno) {
            case ENODEV, Errno.ENXIO ->
                "there is no interface of this name in this network namespace: ip link lists them; ip netns exec"
                        + " NAME ... runs a command in another namespace";
            case EPERM -> BE_ROOT;
            default -> "look at " + place.interfaceName() + " with ip -d link show dev " + place.interfaceName();
        };
    }

    private static String bpfAdvice(int errno) {
        return switch (errno) {
            case EPERM ->
                "bpf(2) is not allowed: " + BE_ROOT + "; before Linux 5.11 also raise the memory lock limit"
                        + " (ulimit -l unlimited)";
            case ENOSYS -> "bpf(2) is blocked or not built in: allow it in the container's seccomp profile";
            case EINVAL, EACCES -> "the kernel's verifier refused the program; Linux 5.9 or newer is needed";
            case ENOMEM -> "the kernel has no memory for it";
            default -> unexpected();
        };
    }

    private static String attachAdvice(int errno, Place place) {
        final String name = place.interfaceName();
        return switch (errno) {
            case EBUSY ->
                "another XDP program holds the interface (waited 2 s): stop the program that attached it (another"
                        + " Spinwire, xdp-loader, cilium; bpftool link show tells), or where ip attached it, ip link"
                        + " set dev " + name + " xdp off";
            case EEXIST ->
                "an XDP program of the other mode (native or generic), or one on a bond or bridge above, is"
                        + " attached: remove it with ip link set dev " + name + " xdp off";
            case EOPNOTSUPP -> "the driver has no native XDP: use mode=auto or mode=generic (slower)";
            case EINVAL ->
                "the driver refuses XDP as it is set up now, or the kernel has no XDP links (Linux 5.9 or newer is"
                        + " needed)";
            case ERANGE ->
                "the MTU is too large for native XDP: lower it, on veth that of the peer (about 3500 at most), with"
                        + " ip link set dev " + name + " mtu 1500";
            case ENOSPC -> "the veth peer has more TX queues than this end has RX queues: ethtool -L " + name + " rx N";
            case ENOTCONN -> "the veth has lost its peer: make the pair anew";
            case ENODEV -> "the interface has gone";
            case EPERM -> BE_ROOT;
            default -> unexpected();
        };
    }

    private static String socketAdvice(int errno) {
        return switch (errno) {
            case EPERM -> "AF_XDP needs CAP_NET_RAW in this network namespace: " + BE_ROOT;
            case EAFNOSUPPORT ->
                "this kernel is built without CONFIG_XDP_SOCKETS, or a sandbox (seccomp, gVisor) hides it";
            default -> unexpected();
        };
    }

    private static String umemAdvice(int errno) {
        return switch (errno) {
            case ENOBUFS ->
                "the limit of locked memory is too small: ulimit -l unlimited (systemd: LimitMEMLOCK=infinity), or"
                        + " CAP_IPC_LOCK";
            case ENOMEM -> "the kernel could not pin the memory: use fewer frames (frames=N)";
            case EINVAL -> "this kernel refuses the size or the number of the frames: try the defaults";
            default -> unexpected();
        };
    }

    private static String ringAdvice(int errno) {
        return switch (errno) {
            case ENOMEM -> "the kernel has no memory for rings of this size: use ring=1024";
            case ENOPROTOOPT -> "this kernel is too old for AF_XDP rings: Linux 5.9 or newer is needed";
            default -> unexpected();
        };
    }

    private static String bindAdvice(int errno, Place place) {
        return switch (errno) {
            case EBUSY ->
                "another AF_XDP socket holds this queue (waited 2 s): stop the program that has it, or use another"
                        + " queue (queue=N)";
            case EOPNOTSUPP -> "the driver has no AF_XDP zero-copy: use copy=auto or copy=copy (slower)";
            case EINVAL ->
                place.queue() >= place.queueCount()
                        ? "the queues of " + place.interfaceName() + " are 0 to " + (place.queueCount() - 1)
                        : "the driver refuses this queue, or the MTU does not fit a frame in zero-copy mode: try"
                                + " copy=copy, or a smaller MTU";
            case ENETDOWN -> "the interface is down: ip link set dev " + place.interfaceName() + " up";
            case ENODEV -> "the interface has gone, or is in another network namespace";
            case EPERM -> BE_ROOT;
            default -> unexpected();
        };
    }

    private static String enterMapAdvice(int errno) {
        return switch (errno) {
            case E2BIG -> "the number of queues grew while the NIC was being opened: try again";
            case EOPNOTSUPP -> "the kernel does not take the socket for an AF_XDP socket of this interface";
            default -> unexpected();
        };
    }

    private static String unexpected() {
        return "not expected here; spinwire doctor and dmesg may say more";
    }
}
