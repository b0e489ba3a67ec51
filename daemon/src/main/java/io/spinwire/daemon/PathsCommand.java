package io.spinwire.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.spinwire.daemon.control.ControlClient;
import io.spinwire.daemon.control.DaemonException;
import io.spinwire.daemon.control.PathsText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spinwire paths}: what a running daemon has learnt of paths to other hosts; as {@code ip tcp_metrics}. */
@Command(
        name = "paths",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        header = "What a running daemon has learnt of paths to other hosts.",
        description = {
            "",
            "Round-trip times, windows and Fast Open cookies, as \"ip tcp_metrics\" has them for the kernel. New",
            "connections begin with them; --flush makes the daemon begin anew.",
            ""
        },
        footer = {"", "Examples:", "  sudo spinwire paths", "  sudo spinwire paths --flush"})
final class PathsCommand implements Callable<Integer> {
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

    @Option(names = "--flush", description = "Makes it forget them, and says how many there were.")
    private boolean isFlushing;

    @Option(names = "--json", description = "The answer as it comes, one JSON object.")
    private boolean isJson;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        final String command = isFlushing ? ControlClient.FLUSH_PATHS : ControlClient.PATHS;
        final JsonNode answer = parse(ControlClient.ask(folder, name, command));
        final PrintWriter out = spec.commandLine().getOut();
        if (isJson) {
            out.println(answer);
        } else if (isFlushing) {
            out.println("forgotten: " + answer.path("forgotten").asLong());
        } else {
            out.print(PathsText.render(answer));
        }
        out.flush();
        return 0;
    }

    private static JsonNode parse(String json) {
        try {
            final JsonNode answer = new ObjectMapper().readTree(json);
            if (answer.has("error")) {
                throw new DaemonException(answer.path("error").asText());
            }
            return answer;
        } catch (final JsonProcessingException e) {
            throw new DaemonException("the daemon's answer is cut off: " + e.getOriginalMessage());
        }
    }
}
