package io.spinwire.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a script: the format is described in the README beside the scripts. */
public final class ScriptParser {
    private static final List<String> VERBS = List.of(
            "listen",
            "unlisten",
            "accept",
            "connect",
            "connected",
            "send",
            "recv",
            "peek",
            "close",
            "shutdown",
            "abort",
            "set",
            "error",
            "state",
            "info",
            "readable",
            "unsent",
            "disconnect");

    private final String name;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Script.Line> lines = new ArrayList<>();
    private int number;
    private String text;
    private long lateNs;

    private ScriptParser(String name) {
        this.name = name;
    }

    static Script read(Path directory, Path file) {
        final String path = directory.relativize(file).toString();
        try {
            return parse(path.substring(0, path.length() - ".txt".length()), Files.readAllLines(file));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a script that is not in the corpus. */
    public static Script read(Path file) {
        return read(file.toAbsolutePath().getParent().getParent(), file.toAbsolutePath());
    }

    static Script parse(String name, List<String> source) {
        final ScriptParser parser = new ScriptParser(name);
        for (final String line : source) {
            parser.number++;
            parser.text = line.strip();
            try {
                parser.line(line.split("#", 2)[0].strip());
            } catch (final ScriptException | IndexOutOfBoundsException e) {
                throw new ScriptException(name + ".txt line " + parser.number + ": " + e.getMessage());
            }
        }
        return new Script(name, Map.copyOf(parser.settings), List.copyOf(parser.lines));
    }

    private void line(String content) {
        if (content.isEmpty()) {
            return;
        }
        final String[] setting = content.split(" = ", 2);
        if (setting.length == 2 && setting[0].matches("[A-Za-z0-9_./]+")) {
            SegmentSyntax.check(lines.isEmpty(), "settings stand at the top");
            settings.put(setting[0], setting[1].strip());
            return;
        }
        final List<String> words = new ArrayList<>(Arrays.asList(content.split("\\s+")));
        Script.Only only = Script.Only.BOTH;
        if (words.getFirst().equals("[engine]") || words.getFirst().equals("[kernel]")) {
            only = words.removeFirst().equals("[engine]") ? Script.Only.ENGINE : Script.Only.KERNEL;
        }
        final String[] time = words.getFirst().startsWith("+")
                ? words.removeFirst().substring(1).split("~")
                : new String[] {"0s"};
        final long afterNs = duration(time[0]);
        lateNs = time.length == 1 ? 0 : duration(time[1]);
        final String actor = words.removeFirst();
        final String[] parts = actor.split("\\.");
        final int connection = parts.length == 2 ? SegmentSyntax.number(parts[1]) : 1;
        if (actor.equals("given")) {
            given(words, only);
        } else if (actor.equals("quiet")) {
            add(only, duration(words.getFirst()), connection, new Script.Silence());
        } else {
            add(only, afterNs, connection, act(parts[0], words));
        }
    }

    private void add(Script.Only only, long afterNs, int connection, Script.Act act) {
        lines.add(new Script.Line(number, text, only, afterNs, lateNs, connection, act));
    }

    private static Script.Act act(String actor, List<String> words) {
        return switch (actor) {
            case "peer" -> peer(words);
            case "stack" -> new Script.StackEmits(expected(words));
            case "app" -> call(words);
            default -> throw new ScriptException("a line begins with peer, stack, app, quiet or given, not " + actor);
        };
    }

    private static Script.Act peer(List<String> words) {
        return switch (words.getFirst()) {
            case "restarts" -> new Script.PeerRestarts(value(words, "iss", 1_000_000));
            case "icmp" -> new Script.PeerComplains(words.get(1), value(words, "mtu", 0), value(words, "seq", 1));
            default -> new Script.PeerSends(SegmentSyntax.parse(words));
        };
    }

    private static Segment expected(List<String> words) {
        if (words.getFirst().equals("anything")) {
            return null;
        }
        final Segment segment = SegmentSyntax.parse(words);
        SegmentSyntax.check(
                segment.seq != Segment.ANY, "an expected segment needs seq=N, or FROM..TO where it has data");
        return segment;
    }

    private static int value(List<String> words, String name, int otherwise) {
        for (final String word : words) {
            if (word.startsWith(name + "=")) {
                return SegmentSyntax.number(word.substring(name.length() + 1));
            }
        }
        return otherwise;
    }

    private static Script.Act call(List<String> words) {
        final int arrow = words.indexOf("->");
        final List<String> left = arrow < 0 ? words : words.subList(0, arrow);
        final String verb = left.getFirst();
        SegmentSyntax.check(VERBS.contains(verb), "app does not " + verb + ": known are " + VERBS);
        final List<String> arguments = List.copyOf(left.subList(1, left.size()));
        final String answer =
                arrow < 0 ? usualAnswer(verb, arguments) : String.join(" ", words.subList(arrow + 1, words.size()));
        return new Script.AppCalls(new Script.Call(verb, arguments), answer);
    }

    private static String usualAnswer(String verb, List<String> arguments) {
        return switch (verb) {
            case "send", "recv", "peek" -> arguments.getFirst().matches("[0-9]+") ? arguments.getFirst() : "";
            case "error", "state", "info", "readable", "unsent" -> String.join(" ", arguments);
            default -> "ok";
        };
    }

    /** {@code given accepted} or {@code given connected}: a handshake of which nothing but its end is of interest. */
    private void given(List<String> words, Script.Only only) {
        final List<String> options = new ArrayList<>(words.subList(1, words.size()));
        long rttNs = 0;
        if (!options.isEmpty() && options.getFirst().startsWith("rtt=")) {
            rttNs = duration(options.removeFirst().substring("rtt=".length()));
        }
        final String peerOptions = " win=65535 " + String.join(" ", options);
        final String[] handshake = switch (words.getFirst()) {
            case "accepted" ->
                new String[] {
                    "app listen",
                    "peer SYN" + peerOptions,
                    "stack SYN+ACK seq=0 ack=1 anyoptions",
                    "peer ACK",
                    "app accept"
                };
            case "connected" ->
                new String[] {
                    "app connect",
                    "stack SYN seq=0 anyoptions",
                    "peer SYN+ACK" + peerOptions,
                    "stack ACK seq=1 ack=1",
                    "app connected"
                };
            default -> throw new ScriptException("given is accepted or connected, not " + words.getFirst());
        };
        for (final String step : handshake) {
            final List<String> parts =
                    new ArrayList<>(Arrays.asList(step.strip().split("\\s+")));
            final boolean isAnswer = step.equals("peer ACK") || step.startsWith("peer SYN+ACK");
            add(only, isAnswer ? rttNs : 0, 1, act(parts.removeFirst(), parts));
        }
    }

    /** {@code 40ms}, {@code 1.5s}, {@code 500us}. */
    static long duration(String text) {
        final String unit = text.replaceAll("[0-9.]", "");
        final long unitNs = switch (unit) {
            case "us" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            default -> throw new ScriptException("\"" + text + "\" is no time: write 500us, 40ms or 1.5s");
        };
        return Math.round(Double.parseDouble(text.substring(0, text.length() - unit.length())) * unitNs);
    }
}
