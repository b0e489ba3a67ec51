package io.spinwire.bench;

import io.spinwire.bench.end.EndProcess;
import io.spinwire.bench.record.BenchException;
import io.spinwire.bench.scale.ScaleRun;
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
            description = "Measure everything and record it in a folder of its own.")
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
                            description = "Parts: stack (P5, P6 and their parts), scale (P8), latency (P1 to P3, P10),"
                                    + " budget (where the time of a round trip goes), steady (what disturbs engines),"
                                    + " bulk (P4), flows (many), driver (P7), sockperf, connects (P9), requests;"
                                    + " all but stack and scale need root.")
                    List<String> parts,
            @Option(
                            names = "--quick",
                            description = "Few and short rounds, three minutes in all: to see that it works,"
                                    + " and roughly what comes out.")
                    boolean isQuick,
            @Option(
                            names = "--lwip",
                            paramLabel = "DIR",
                            description = "lwIP's source, for P5 and P6 (default: $LWIP_HOME, else /usr/src/lwip).")
                    Path lwIpSource)
            throws Exception {
        final List<String> wanted = parts == null ? List.of() : parts;
        return new Recording(out, wanted, isQuick, lwIpSource).run() ? 0 : REFUSED;
    }

    @Command(name = "end", hidden = true, description = "One end of a connection under measurement; obeys its input.")
    int end() throws InterruptedException {
        new EndProcess(System.in, System.out).run();
        return 0;
    }

    @Command(name = "scale", hidden = true, description = "Measures so many endpoints in this process.")
    int scale(@Parameters(paramLabel = "ENDPOINTS") int endpoints) throws Exception {
        new ScaleRun(endpoints, System.out).run();
        return 0;
    }

    @Command(name = "jmh", description = "JMH with these arguments; -h lists them.")
    int jmh(@Parameters(arity = "0..*") List<String> arguments) throws Exception {
        org.openjdk.jmh.Main.main(arguments == null ? new String[0] : arguments.toArray(new String[0]));
        return 0;
    }
}
