package io.spinwire.script;

import static io.spinwire.script.Segment.ANY;

import io.spinwire.wire.TcpHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a segment is written: flags joined by +, numbers, options in their order; the README of the scripts has it. */
final class SegmentSyntax {
    private static final String[] FLAGS = {"SYN", "FIN", "RST", "ACK", "PSH", "URG", "ECE", "CWR"};
    private static final int[] BITS = {
        TcpHeader.SYN, TcpHeader.FIN, TcpHeader.RST, TcpHeader.ACK,
        TcpHeader.PSH, TcpHeader.URG, TcpHeader.ECE, TcpHeader.CWR
    };
    private static final int USUAL_TTL = 64;
    private static final Map<String, Integer> ECN = Map.of("ect1", 1, "ect0", 2, "ce", 3);

    private SegmentSyntax() {}

    /** @param tokens of which the first are the flags */
    static Segment parse(List<String> tokens) {
        final Segment segment = new Segment();
        segment.flags = flags(tokens.getFirst());
        for (final String token : tokens.subList(1, tokens.size())) {
            final int equals = token.indexOf('=');
            if (equals > 0) {
                field(segment, token.substring(0, equals), token.substring(equals + 1));
            } else {
                word(segment, token);
            }
        }
        return segment;
    }

    static int flags(String text) {
        int flags = 0;
        for (final String name : text.split("\\+")) {
            final int index = List.of(FLAGS).indexOf(name);
            if (!name.equals("none")) {
                check(index >= 0, "no flag is called " + name + ": flags are " + String.join(", ", FLAGS) + ", none");
                flags |= BITS[index];
            }
        }
        return flags;
    }

    private static void word(Segment segment, String word) {
        switch (word) {
            case "ect0", "ect1", "ce" -> segment.ecn = ECN.get(word);
            case "sackok", "ts", "nop" -> segment.options.add(word);
            case "fo", "foexp" -> {
                segment.options.add(word);
                segment.cookie = "";
            }
            case "nots" -> segment.isWithoutTimestamps = true;
            case "anyoptions" -> segment.hasAnyOptions = true;
            case "badsum" -> segment.isChecksumWrong = true;
            default -> {
                final int dots = word.indexOf("..");
                check(dots > 0, "\"" + word + "\" is no part of a segment");
                segment.seq = number(word.substring(0, dots));
                segment.length = number(word.substring(dots + 2)) - segment.seq;
                check(segment.length > 0, word + " has no byte");
            }
        }
    }

    private static void field(Segment segment, String name, String value) {
        switch (name) {
            case "seq" -> segment.seq = number(value);
            case "ack" -> segment.ack = number(value);
            case "len" -> segment.length = number(value);
            case "win" -> segment.window = number(value);
            case "urg" -> segment.urgent = number(value);
            case "tos" -> segment.tos = number(value);
            case "ttl" -> segment.ttl = number(value);
            default -> option(segment, name, value);
        }
    }

    private static void option(Segment segment, String name, String value) {
        segment.options.add(name);
        switch (name) {
            case "mss" -> segment.mss = number(value);
            case "wscale" -> segment.windowScale = number(value);
            case "ts" -> {
                final String[] parts = value.split("/");
                check(parts.length == 2, "ts=" + value + " is to be ts=VALUE/ECHO, with * for any");
                segment.tsVal = parts[0];
                segment.tsEcr = parts[1];
            }
            case "sack" -> segment.sack = blocks(value);
            case "fo", "foexp" -> {
                segment.isAnyCookie = value.equals(Segment.STAR);
                segment.cookie = value;
            }
            default -> throw new ScriptException("no field or option is called " + name);
        }
    }

    private static int[] blocks(String text) {
        final List<Integer> edges = new ArrayList<>();
        for (final String block : text.split(",")) {
            final String[] ends = block.split("\\.\\.");
            check(ends.length == 2, "sack=" + text + " is to be sack=FROM..TO,FROM..TO");
            edges.add(number(ends[0]));
            edges.add(number(ends[1]));
        }
        return edges.stream().mapToInt(Integer::intValue).toArray();
    }

    static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (final NumberFormatException e) {
            throw new ScriptException("\"" + text + "\" is no number");
        }
    }

    static void check(boolean condition, String message) {
        if (!condition) {
            throw new ScriptException(message);
        }
    }

    static String print(Segment segment) {
        final StringBuilder text = new StringBuilder(flagsText(segment.flags));
        if (segment.length > 0 && segment.seq != ANY && !segment.is(TcpHeader.SYN)) {
            text.append(' ').append(segment.seq).append("..").append(segment.seq + segment.length);
        } else {
            add(text, "seq", segment.seq);
            add(text, "len", segment.length == 0 ? ANY : segment.length);
        }
        add(text, "ack", segment.ack);
        add(text, "win", segment.window);
        add(text, "urg", segment.urgent);
        for (final String option : segment.options) {
            text.append(' ').append(optionText(segment, option));
        }
        text.append(segment.ecn == 0 ? "" : segment.ecn == 1 ? " ect1" : segment.ecn == 2 ? " ect0" : " ce");
        add(text, "tos", segment.tos == 0 ? ANY : segment.tos);
        add(text, "ttl", segment.ttl == USUAL_TTL ? ANY : segment.ttl);
        return text.toString();
    }

    static String flagsText(int flags) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < FLAGS.length; i++) {
            if ((flags & BITS[i]) != 0) {
                text.append(text.isEmpty() ? "" : "+").append(FLAGS[i]);
            }
        }
        return text.isEmpty() ? "none" : text.toString();
    }

    private static String optionText(Segment segment, String option) {
        return switch (option) {
            case "mss" -> "mss=" + segment.mss;
            case "wscale" -> "wscale=" + segment.windowScale;
            case "ts" -> "ts=" + segment.tsVal + "/" + segment.tsEcr;
            case "sack" -> "sack=" + blocksText(segment.sack);
            case "fo", "foexp" -> segment.cookie.isEmpty() ? option : option + "=" + segment.cookie;
            default -> option;
        };
    }

    private static String blocksText(int[] edges) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < edges.length; i += 2) {
            text.append(i == 0 ? "" : ",").append(edges[i]).append("..").append(edges[i + 1]);
        }
        return text.toString();
    }

    private static void add(StringBuilder text, String name, int value) {
        if (value != ANY) {
            text.append(' ').append(name).append('=').append(value);
        }
    }
}
