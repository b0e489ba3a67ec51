package io.spinwire.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spinwire.daemon.control.ControlClient;
import io.spinwire.daemon.control.DaemonException;
import io.spinwire.daemon.control.StatusText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spinwire stat}: what a running daemon counts and whom it talks to. */
@Command(
        name = "stat",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        header = "Counters, drops and connections of a running daemon.",
        description = {"", "Shows what is not zero. With --watch, what has changed since the last time as well.", ""},
        footer = {
            "",
            "Examples:",
            "  sudo spinwire stat",
            "  sudo spinwire stat --watch 1",
            "  sudo spinwire stat --json | jq .drops"
        })
final class StatCommand implements Callable<Integer> {
    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "spinwire",
            description = "Which daemon (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            defaultValue = "/dev/shm/spinwire",
            description = "Where daemons have their control sockets (default: ${DEFAULT-VALUE}).")
    private Path folder;

    @Option(names = "--json", description = "Everything, as one JSON object.")
    private boolean isJson;

    @Option(names = "--all", description = "Also what is zero.")
    private boolean isAll;

    @Option(names = "--watch", paramLabel = "SECONDS", description = "Again and again, until Ctrl-C.")
    private int watchSeconds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        final PrintWriter out = spec.commandLine().getOut();
        JsonNode previous = null;
        while (true) {
            final String json = ControlClient.status(folder, name);
            if (isJson) {
                out.print(json);
            } else {
                final JsonNode status = parse(json);
                out.print(new StatusText(isAll).render(status, previous));
                previous = status;
            }
            out.flush();
            if (watchSeconds <= 0) {
                return 0;
            }
            TimeUnit.SECONDS.sleep(watchSeconds);
        }
    }

    private static JsonNode parse(String json) {
        try {
            final JsonNode status = new ObjectMapper().readTree(json);
            if (status.has("error")) {
                throw new DaemonException(status.get("error").asText());
            }
            return status;
        } catch (final JsonProcessingException e) {
            throw new DaemonException("the daemon's answer is cut off: " + e.getOriginalMessage());
        }
    }
}
