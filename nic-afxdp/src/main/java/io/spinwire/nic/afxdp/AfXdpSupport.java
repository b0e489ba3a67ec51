package io.spinwire.nic.afxdp;

/**
 * Whether this process may use AF_XDP on this machine at all, whatever the interface; tried, not guessed. Control
 * plane.
 */
public final class AfXdpSupport {
    private static final int AF_XDP = 44;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final Place ANY = new Place("any interface", "any", 0, 1);

    private AfXdpSupport() {}

    /** What is missing and how to get it, in one line; empty when nothing is. */
    public static String missing() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return "AF_XDP is a part of Linux, and this is " + System.getProperty("os.name");
        }
        try {
            Bpf.syscallNumber(System.getProperty("os.arch"));
        } catch (final UnsupportedOperationException e) {
            return e.getMessage();
        }
        final int socket = Libc.socket(AF_XDP, SOCK_RAW_CLOEXEC, 0);
        if (socket < 0) {
            return refused("AF_XDP socket", SetupStep.OPEN_SOCKET, -socket);
        }
        Libc.close(socket);
        final int map = Bpf.createXskMap(1);
        if (map < 0) {
            return refused("XSKMAP", SetupStep.CREATE_MAP, -map);
        }
        Libc.close(map);
        final int program = Bpf.loadXdpProgram(XskFilter.assemblePassingAll());
        if (program < 0) {
            return refused("XDP program", SetupStep.LOAD_FILTER, -program);
        }
        Libc.close(program);
        return "";
    }

    private static String refused(String what, SetupStep step, int errno) {
        return "the kernel gives no " + what + " (" + Errno.name(errno) + "): " + Advice.of(step, errno, ANY);
    }
}
