package io.spinwire.nic.afxdp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two network namespaces and a veth pair between them, for one test: {@code sw0} in each, 10.77.0.1 and 10.77.0.2 (not
 * configured in the kernel unless asked for). Names carry the process's id, so that what a crashed run left is found
 * and removed.
 */
final class VethLab implements AutoCloseable {
    static final String INTERFACE = "sw0";
    static final int ADDRESS_A = 0x0A4D_0001;
    static final int ADDRESS_B = 0x0A4D_0002;

    private static final String PREFIX = "spinwire-afxdp-";
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final String name = PREFIX + ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet();

    private VethLab() {}

    static VethLab create() {
        return create(1);
    }

    /** @param queues of each end, in each direction */
    static VethLab create(int queues) {
        removeLeftovers();
        final VethLab lab = new VethLab();
        run("ip", "netns", "add", lab.a());
        run("ip", "netns", "add", lab.b());
        final String counts = " numtxqueues " + queues + " numrxqueues " + queues;
        run(("ip link add " + INTERFACE + " netns " + lab.a() + counts + " type veth peer name " + INTERFACE + " netns "
                        + lab.b() + counts)
                .split(" "));
        for (final String end : new String[] {lab.a(), lab.b()}) {
            run("ip", "-n", end, "link", "set", INTERFACE, "addrgenmode", "none");
            run("ip", "-n", end, "link", "set", "lo", "up");
            run("ip", "-n", end, "link", "set", INTERFACE, "up");
        }
        return lab;
    }

    String a() {
        return name + "-a";
    }

    String b() {
        return name + "-b";
    }

    /** Gives the kernel of an end an address on its interface. */
    void configure(String end, String cidr) {
        run("ip", "-n", end, "address", "add", cidr, "dev", INTERFACE);
    }

    String ip(String end, String... arguments) {
        final String[] command = new String[arguments.length + 3];
        command[0] = "ip";
        command[1] = "-n";
        command[2] = end;
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        return run(command);
    }

    boolean hasXdp(String end) {
        return ip(end, "-d", "link", "show", "dev", INTERFACE).contains("prog/xdp");
    }

    @Override
    public void close() {
        run("ip", "netns", "delete", a());
        run("ip", "netns", "delete", b());
    }

    private static void removeLeftovers() {
        for (final String found : NetNamespace.names()) {
            if (found.startsWith(PREFIX)) {
                final long pid = Long.parseLong(found.substring(PREFIX.length()).split("-")[0]);
                if (ProcessHandle.of(pid).isEmpty()) {
                    run("ip", "netns", "delete", found);
                }
            }
        }
    }

    static String run(String... command) {
        try {
            final Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (final IOException e) {
            throw new IllegalStateException(String.join(" ", command), e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
