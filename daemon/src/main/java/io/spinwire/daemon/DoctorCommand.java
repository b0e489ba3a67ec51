package io.spinwire.daemon;

import io.spinwire.Cidr;
import io.spinwire.daemon.config.ConfigException;
import io.spinwire.nic.afxdp.Doctor;
import io.spinwire.nic.afxdp.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spinwire doctor}: whether an interface can be used, how well, and what to do about it. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Say whether an interface can be used, and how well.",
        description = {
            "",
            "Looks at driver, queues, MTU, zero-copy, what else holds XDP there, limits, capabilities, kernel, and the",
            "checksum offload of a veth peer, each with what to do. Changes nothing. Exit code 1 when the engine could",
            "not start.",
            ""
        },
        footer = {"", "Examples:", "  sudo spinwire doctor eth0", "  sudo spinwire doctor eth0 --address 10.0.0.2"})
final class DoctorCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "IFACE", description = "Name of the interface, as ip link lists it.")
    private String interfaceName;

    @Option(
            names = "--address",
            paramLabel = "IP",
            description = "Address that the engine is going to have. May be repeated.")
    private List<String> addresses = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        final PrintWriter out = spec.commandLine().getOut();
        boolean hasFailed = false;
        for (final Finding finding : Doctor.examine(interfaceName, addresses())) {
            hasFailed |= finding.severity() == Finding.Severity.FAIL;
            out.printf("%-4s  %s%n", finding.severity(), finding.what());
            if (!finding.whatToDo().isEmpty()) {
                out.println("      -> " + finding.whatToDo());
            }
        }
        out.println(
                hasFailed
                        ? "The engine cannot use " + interfaceName + " yet."
                        : "The engine can use " + interfaceName + ".");
        return hasFailed ? Main.REFUSED : 0;
    }

    private int[] addresses() {
        try {
            return addresses.stream().mapToInt(Cidr::parseAddress).toArray();
        } catch (final IllegalArgumentException e) {
            throw new ConfigException("--address: " + e.getMessage());
        }
    }
}
