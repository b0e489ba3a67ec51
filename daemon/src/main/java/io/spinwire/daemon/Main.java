package io.spinwire.daemon;

import io.spinwire.daemon.config.ConfigException;
import io.spinwire.daemon.control.DaemonException;
import io.spinwire.daemon.demo.DemoException;
import io.spinwire.daemon.lab.LabException;
import io.spinwire.nic.NicException;
import java.io.PrintWriter;
import org.agrona.DirectBuffer;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The program {@code spinwire}. Exit codes: 0 done, 1 refused or failed with one line that says why and what to do, 2
 * wrong arguments, 70 a fault of ours (as in sysexits.h), which is the only thing that prints a stack trace.
 */
@Command(
        name = "spinwire",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        header = "TCP without the kernel, for the JVM.",
        description = {"", "Runs a TCP engine of its own on a queue of a network card, beside the kernel's.", ""},
        subcommands = {
            RunCommand.class,
            StatCommand.class,
            PathsCommand.class,
            DemoCommand.class,
            LabCommand.class,
            DoctorCommand.class,
            ConfigCommand.class,
            ClientCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Try it:",
            "  sudo spinwire demo                       all of it, in namespaces that are removed afterwards",
            "  sudo spinwire doctor eth0                what a real interface can do",
            "  sudo spinwire run --nic afxdp:eth0 --address 10.0.0.2/24 --http 80",
            "",
            "\"spinwire help COMMAND\" explains each command, with examples. spinwire stands for",
            "java -jar daemon/target/spinwire.jar."
        })
public final class Main {
    static final int REFUSED = 1;
    static final int WRONG_ARGUMENTS = 2;
    static final int FAULT = 70;

    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        leaveOutBoundsChecks();
        System.exit(run(args));
    }

    /**
     * Each layer checks lengths once, at its door, and the tests run with Agrona's checks of each access on; in
     * production they are left out, unless the property says false. Before any class of Agrona is initialised.
     */
    private static void leaveOutBoundsChecks() {
        if (System.getProperty(DirectBuffer.DISABLE_BOUNDS_CHECKS_PROP_NAME) == null) {
            System.setProperty(DirectBuffer.DISABLE_BOUNDS_CHECKS_PROP_NAME, "true");
        }
    }

    static int run(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        final CommandLine main = new CommandLine(new Main());
        // What follows "lab exec a" is another program's command line, options and all.
        main.getSubcommands().get("lab").getSubcommands().get("exec").setStopAtPositional(true);
        return main.setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> wrong(e))
                .setExecutionExceptionHandler((e, line, parsed) -> report(e, line.getErr()))
                .setUsageHelpWidth(100)
                .setUsageHelpAutoWidth(false);
    }

    /** What is wrong comes last, where it is seen; the whole help only where a command is missing. */
    private static int wrong(CommandLine.ParameterException e) {
        final CommandLine line = e.getCommandLine();
        final PrintWriter err = line.getErr();
        if (e.getMessage().startsWith("Missing required subcommand")) {
            line.usage(err);
            return WRONG_ARGUMENTS;
        }
        err.println("spinwire: " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("\"" + line.getCommandSpec().qualifiedName() + " --help\" tells what it takes");
        return WRONG_ARGUMENTS;
    }

    /** A mistake of the user, or a machine that cannot do it, is one line; anything else is a fault of ours. */
    private static int report(Exception e, PrintWriter err) {
        final boolean isExplained = e instanceof ConfigException
                || e instanceof NicException
                || e instanceof LabException
                || e instanceof DaemonException
                || e instanceof DemoException;
        if (isExplained) {
            err.println("spinwire: " + e.getMessage());
            return REFUSED;
        }
        err.println("spinwire: this is a fault in Spinwire; please report it with what you did and the following");
        e.printStackTrace(err);
        return FAULT;
    }
}
