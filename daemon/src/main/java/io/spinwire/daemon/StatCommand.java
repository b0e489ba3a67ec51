package io.spinwire.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spinwire.daemon.control.ControlClient;
import io.spinwire.daemon.control.DaemonException;
import io.spinwire.daemon.control.StatusText;
import io.spinwire.stats.Counter;
import io.spinwire.stats.CountersFile;
import io.spinwire.stats.DropReason;
import io.spinwire.stats.MappedCounters;
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
            "  sudo spinwire stat --watch 1 --reset-longest-turn",
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

    @Option(
            names = "--reset-longest-turn",
            description = "Count EngineLongestTurnNs anew after each look: with --watch, that of each interval.")
    private boolean isLongestTurnReset;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        final PrintWriter out = spec.commandLine().getOut();
        JsonNode previous = null;
        while (true) {
            final String json = ControlClient.ask(folder, name, ControlClient.STATUS);
            final JsonNode status = parse(json);
            if (isLongestTurnReset) {
                ControlClient.ask(folder, name, ControlClient.RESET_LONGEST_TURN);
            }
            if (isJson) {
                out.println(status);
            } else {
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

    private JsonNode parse(String json) {
        try {
            final JsonNode status = new ObjectMapper().readTree(json);
            return status.has("error") ? fromCounters(status.get("error").asText()) : status;
        } catch (final JsonProcessingException e) {
            throw new DaemonException("the daemon's answer is cut off: " + e.getOriginalMessage());
        }
    }

    /** An engine that hangs, or is stopped, still has its counters in a file that anybody may map. */
    private JsonNode fromCounters(String error) {
        spec.commandLine().getErr().println("spinwire: " + error + "; these are its counters");
        final MappedCounters mapped = CountersFile.map(ControlClient.countersFile(folder, name));
        final ObjectNode status =
                new ObjectMapper().createObjectNode().put("name", name).put("pid", mapped.pid());
        final ObjectNode counters = status.putObject("counters");
        for (final Counter counter : Counter.values()) {
            counters.put(counter.name(), mapped.get(counter));
        }
        final ObjectNode drops = status.putObject("drops");
        for (final DropReason reason : DropReason.values()) {
            drops.put(reason.name(), mapped.get(reason));
        }
        return status;
    }
}
