package io.spinwire.daemon.lab;

import io.spinwire.nic.afxdp.NetNamespace;

/**
 * Labs of tests: named after the process, so that two test runs on one machine do not meet, and so that what a crashed
 * run left is found and removed by the next.
 */
public final class TestLab {
    private static final String PREFIX = "spinwire-test-";

    private TestLab() {}

    /** A lab that is not up yet; leftovers of dead processes are gone. */
    public static Lab create() {
        for (final String namespace : NetNamespace.names()) {
            if (namespace.startsWith(PREFIX)) {
                final String pid = namespace.substring(PREFIX.length()).split("-")[0];
                removeIfDead(pid);
            }
        }
        return new Lab(PREFIX + ProcessHandle.current().pid());
    }

    /** Puts a new pair in place of the engine's, as the kernel makes them: the peer leaves checksums undone. */
    public static void offloadChecksums(Lab lab) {
        final IpCommand ip = IpCommand.find();
        final String a = lab.namespace("a");
        final String b = lab.namespace("b");
        ip.run("-n", a, "link", "del", Lab.ENGINE_INTERFACE);
        ip.run("link", "add", Lab.ENGINE_INTERFACE, "netns", a, "type", "veth", "peer", "name", "wire-b", "netns", b);
        ip.run("-n", b, "addr", "add", "10.77.0.1/24", "dev", "wire-b");
        ip.run("-n", a, "link", "set", Lab.ENGINE_INTERFACE, "up");
        ip.run("-n", b, "link", "set", "wire-b", "up");
    }

    private static void removeIfDead(String pid) {
        if (ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
            new Lab(PREFIX + pid).down();
        }
    }
}
