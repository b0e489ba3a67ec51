package io.spinwire.daemon;

import io.spinwire.daemon.demo.LabDemo;
import io.spinwire.daemon.demo.PipeDemo;
import io.spinwire.daemon.lab.Lab;
import io.spinwire.nic.afxdp.AfXdpSupport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code spinwire demo}: everything in one go, as {@code make run} shows it. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        header = "Show all of it: a lab, the daemon, clients of the kernel, and a measurement.",
        description = {
            "",
            "As root: makes two network namespaces, serves on AF_XDP in one, connects with ordinary kernel sockets",
            "from the other, and compares the round trips with the kernel's own. Otherwise: two engines in memory.",
            "Takes half a minute; leaves nothing behind.",
            ""
        },
        footer = {"", "Examples:", "  sudo spinwire demo", "  spinwire demo --memory"})
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--memory", description = "Two engines joined in memory, also where AF_XDP is to be had.")
    private boolean isInMemory;

    @Option(
            names = "--prefix",
            hidden = true,
            defaultValue = "spinwire-demo",
            description = "First part of the namespaces' names.")
    private String prefix;

    @Option(names = "--round-ms", hidden = true, defaultValue = "1500", description = "Length of a measuring round.")
    private int roundMs;

    @Override
    public Integer call() throws Exception {
        final String missing = isInMemory ? "asked for with --memory" : missing();
        if (missing == null) {
            new LabDemo(new Lab(prefix), System.out, roundMs).run();
        } else {
            System.out.println("Without AF_XDP: " + missing + ".");
            new PipeDemo(System.out, roundMs).run();
        }
        return 0;
    }

    private static String missing() {
        final String lab = Lab.missing();
        if (lab != null) {
            return lab;
        }
        final String driver = AfXdpSupport.missing();
        return driver.isEmpty() ? null : driver;
    }
}
