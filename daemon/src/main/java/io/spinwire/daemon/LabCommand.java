package io.spinwire.daemon;

import io.spinwire.daemon.lab.Lab;
import io.spinwire.daemon.lab.LabException;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spinwire lab}: a network to try Spinwire in. */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "up|down|exec",
        header = "A network in namespaces to try Spinwire in.",
        description = {
            "",
            "Two network namespaces joined by veth pairs; nothing of the machine's own network is touched.",
            "  spinwire-a  for the engine: interface wire-a, on which the engine may be 10.77.0.2",
            "  spinwire-b  for clients of the kernel: 10.77.0.1 on wire-b",
            "A second pair without XDP (10.78.0.2 in a, 10.78.0.1 in b) is for the kernel against itself.",
            "Needs root and iproute2.",
            ""
        },
        footer = {
            "",
            "Example, in two terminals:",
            "  sudo spinwire lab up",
            "  sudo spinwire lab exec a java -jar daemon/target/spinwire.jar run \\",
            "      --nic afxdp:wire-a --address 10.77.0.2/24 --http 80 --echo 7",
            "",
            "  sudo spinwire lab exec b curl http://10.77.0.2/",
            "  sudo spinwire lab down"
        })
final class LabCommand {
    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            defaultValue = "spinwire",
            scope = CommandLine.ScopeType.INHERIT,
            description = "First part of the namespaces' names, for several labs (default: ${DEFAULT-VALUE}).")
    private String prefix;

    @Spec
    private CommandSpec spec;

    private Lab lab() {
        return new Lab(prefix);
    }

    @Command(
            name = "up",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Make the lab; does nothing when it is there.")
    int up() {
        final Lab lab = lab();
        lab.up();
        print("the lab is up: namespaces " + lab.namespace("a") + " (engine) and " + lab.namespace("b") + " (clients)");
        return 0;
    }

    @Command(
            name = "down",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Remove the lab and all that is left of it.")
    int down() {
        lab().down();
        print("the lab is gone");
        return 0;
    }

    @Command(
            name = "exec",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Run a program on side a (engine) or b (clients); its exit code is ours.")
    int exec(
            @Parameters(index = "0", paramLabel = "a|b", description = "Side of the lab.") String side,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD", description = "Program and arguments.")
                    List<String> command) {
        try {
            return new ProcessBuilder(lab().command(side, command))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (final IOException e) {
            throw new LabException(e.getMessage());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return Main.REFUSED;
        }
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }
}
