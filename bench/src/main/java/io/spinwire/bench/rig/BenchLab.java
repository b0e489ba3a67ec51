package io.spinwire.bench.rig;

import io.spinwire.bench.record.Programs;
import io.spinwire.daemon.lab.Lab;
import io.spinwire.nic.afxdp.NetDevice;
import io.spinwire.nic.afxdp.NetNamespace;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A lab of this process alone, and the removal of those whose process was killed before it could. */
final class BenchLab {
    private static final Pattern SIDE = Pattern.compile("bench-(\\d+)-([ab])");

    private BenchLab() {}

    /** A lab that is not up yet, named by this process. */
    static Lab ofThisProcess() {
        return lab(ProcessHandle.current().pid());
    }

    private static Lab lab(long pid) {
        return new Lab("bench-" + pid);
    }

    /** Removes what killed runs have left: their children first, which may be stopped, then the namespaces. */
    static void removeLeftovers() {
        for (final String namespace : NetNamespace.names()) {
            final Matcher matcher = SIDE.matcher(namespace);
            if (!matcher.matches()) {
                continue;
            }
            final long pid = Long.parseLong(matcher.group(1));
            if (ProcessHandle.of(pid).isEmpty()) {
                remove(lab(pid));
            }
        }
    }

    /** Ends what runs in a lab, which may be stopped, and removes it. */
    static void remove(Lab lab) {
        for (final String side : List.of("a", "b")) {
            if (NetNamespace.exists(lab.namespace(side))) {
                endProcessesIn(lab.namespace(side));
            }
        }
        lab.down();
    }

    private static void endProcessesIn(String namespace) {
        Programs.output(List.of("ip", "netns", "pids", namespace))
                .lines()
                .filter(line -> line.matches("\\d+"))
                .map(line -> ProcessHandle.of(Long.parseLong(line)))
                .flatMap(Optional::stream)
                .forEach(ProcessHandle::destroyForcibly);
    }

    /** What the kernel says about interfaces, routes and settings of both sides. */
    static String describe(Lab lab) {
        final StringBuilder text = new StringBuilder();
        for (final String side : List.of("a", "b")) {
            text.append("namespace ").append(lab.namespace(side)).append('\n');
            for (final List<String> command : List.of(
                    List.of("ip", "-d", "link", "show", "type", "veth"),
                    List.of("ip", "route", "show"),
                    List.of("sysctl", "net.ipv4.tcp_congestion_control"))) {
                text.append(Programs.output(lab.command(side, command))).append('\n');
            }
        }
        return text.toString();
    }

    /** Whether each interface leaves the checksums of what it sends undone, as veth may. */
    static String checksumOffloads(Lab lab) {
        return String.join(
                ", ", offload(lab, "a", "plain-a"), offload(lab, "b", "plain-b"), offload(lab, "b", "wire-b"));
    }

    private static String offload(Lab lab, String side, String device) {
        final boolean isOn = NetNamespace.call(lab.namespace(side), () -> {
            try (NetDevice opened = NetDevice.open(device)) {
                return opened.hasTxChecksumOffload();
            }
        });
        return device + (isOn ? " on" : " off");
    }
}
