package io.spinwire.bench;

import io.spinwire.daemon.lab.LabException;
import io.spinwire.nic.NicException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The program {@code bench}: a recorded run of everything, one part alone, or JMH with arguments of its own. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        header = "Measures Spinwire, and the kernel in the same run.",
        footer = {"", "\"make bench\" is \"bench record\": it leaves a folder in perf-results."})
public final class Main {
    private static final int REFUSED = 1;

    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        final CommandLine main = new CommandLine(new Main())
                .setUsageHelpAutoWidth(false)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    if (e instanceof BenchException || e instanceof LabException || e instanceof NicException) {
                        line.getErr().println("bench: " + e.getMessage());
                    } else {
                        e.printStackTrace(line.getErr());
                    }
                    return REFUSED;
                });
        main.getSubcommands().get("jmh").setUnmatchedOptionsArePositionalParams(true);
        System.exit(main.execute(args));
    }

    @Command(
            name = "record",
            mixinStandardHelpOptions = true,
            description = "Measure P3, P5 and P6 and record them in a folder of their own.")
    int record(
            @Option(
                            names = "--out",
                            paramLabel = "DIR",
                            defaultValue = "perf-results",
                            description = "Where the run's folder is made (default: ${DEFAULT-VALUE}).")
                    Path out,
            @Option(
                            names = "--only",
                            paramLabel = "PART",
                            split = ",",
                            defaultValue = "p3,stack",
                            description = "p3 (needs root), stack (P5, P6 and their parts) or both, as by default.")
                    List<String> parts,
            @Option(names = "--quick", description = "Few and short rounds: to see that it works, not to measure.")
                    boolean isQuick)
            throws Exception {
        new Recording(out, parts, isQuick).run();
        return 0;
    }

    @Command(name = "jmh", description = "JMH with these arguments; -h lists them.")
    int jmh(@Parameters(arity = "0..*") List<String> arguments) throws Exception {
        org.openjdk.jmh.Main.main(arguments == null ? new String[0] : arguments.toArray(new String[0]));
        return 0;
    }
}
