package io.spinwire.script;

import io.spinwire.wire.Ipv4;
import java.util.Locale;
import java.util.TreeMap;

/**
 * Plays one script on one stage, and notes what happened. After the first thing that is wrong it goes on, so that the
 * walk shows what the stack would have done.
 */
public final class Play {
    private static final long LEAST_TOLERANCE_NS = 4_000_000; // a jiffy of a kernel with HZ 250
    private static final int TOLERANCE_PERCENT = 5;
    private static final long LAST_SILENCE_NS = 5_000_000;
    private static final long LONGEST_WAIT_NS = 20_000_000_000L;
    private static final double NS_PER_MS = 1e6;

    private final Script script;
    private final Stage stage;
    private final Script.Only stack;
    private final Walk walk;
    private final TreeMap<Integer, Peer> peers = new TreeMap<>();
    private final long startNs;
    private long lastNs;
    private Script.Line line;

    private Play(Script script, Stage stage, Script.Only stack) {
        this.script = script;
        this.stage = stage;
        this.stack = stack;
        walk = new Walk(stack.name().toLowerCase(Locale.ROOT));
        startNs = stage.nowNs();
        lastNs = startNs;
    }

    public static Walk onKernel(Script script, Stage stage) {
        return on(script, stage, Script.Only.KERNEL);
    }

    /** @param stack whose lines are played */
    static Walk on(Script script, Stage stage, Script.Only stack) {
        final Play play = new Play(script, stage, stack);
        play.run();
        return play.walk;
    }

    private void run() {
        script.lines().forEach(next -> peers.computeIfAbsent(next.connection(), Peer::new));
        for (final Script.Line next : script.lines()) {
            if (next.holdsFor(stack)) {
                line = next;
                play();
            }
        }
        silence(lastNs + LAST_SILENCE_NS);
    }

    private void play() {
        final long dueNs = lastNs + line.afterNs();
        switch (line.act()) {
            case Script.StackEmits emits when emits.segment() == null -> expectAnything();
            case Script.StackEmits emits -> expect(emits.segment());
            case Script.Silence silence -> {
                silence(dueNs);
                happened(dueNs, "quiet");
            }
            case Script.PeerSends sends -> {
                silence(dueNs);
                final Peer peer = peers.get(line.connection());
                final long nowNs = stage.nowNs();
                final String text = peer.complete(sends.segment(), nowNs).toString();
                happened(stage.deliver(peer.datagram(sends.segment(), nowNs)), "peer  " + text);
            }
            case Script.PeerComplains complains -> {
                silence(dueNs);
                happened(
                        stage.deliver(peers.get(line.connection()).complaint(complains)),
                        "peer  icmp " + complains.kind());
            }
            case Script.PeerRestarts restarts -> {
                silence(dueNs);
                peers.get(line.connection()).restart(restarts.issStep());
                happened(Math.max(dueNs, lastNs), "peer  restarts");
            }
            case Script.AppCalls calls -> {
                silence(dueNs);
                call(calls);
            }
        }
    }

    private void happened(long timeNs, String text) {
        lastNs = timeNs;
        walk.add(new Walk.Step(line.number(), timeNs - startNs, text, null, null));
    }

    private void call(Script.AppCalls calls) {
        lastNs = stage.nowNs();
        final String answer = stage.sockets()
                .call(
                        line.connection(),
                        calls.call().verb(),
                        calls.call().arguments().toArray(String[]::new));
        final String text = "app   " + calls.call() + (answer.equals("ok") ? "" : " -> " + answer);
        final String problem = answer.equals(calls.answer()) ? null : "answered " + answer + ", not " + calls.answer();
        walk.add(new Walk.Step(line.number(), lastNs - startNs, text, null, problem));
    }

    /** Lets time pass in which the stack says nothing. */
    private void silence(long untilNs) {
        Stage.Datagram datagram = stage.await(untilNs);
        while (datagram != null) {
            emitted(datagram, "nothing was expected");
            datagram = stage.await(untilNs);
        }
    }

    private void expectAnything() {
        final Stage.Datagram datagram = stage.await(lastNs + LONGEST_WAIT_NS);
        if (datagram != null) {
            emitted(datagram, "this is a draft");
        }
    }

    private void expect(Segment expected) {
        final long toleranceNs = Math.max(LEAST_TOLERANCE_NS, line.afterNs() * TOLERANCE_PERCENT / 100);
        final long latestNs =
                lastNs + line.afterNs() + toleranceNs + line.lateNs() + stage.timerGrainNs(line.afterNs());
        final Stage.Datagram datagram = stage.await(latestNs);
        if (datagram == null) {
            final String problem = "nothing was emitted, expected after " + ms(line.afterNs());
            walk.add(new Walk.Step(line.number(), latestNs - startNs, "stack nothing", null, problem));
            lastNs = latestNs;
            return;
        }
        final Peer peer = peerOf(datagram);
        if (peer == null) {
            emitted(datagram, "to nobody");
            return;
        }
        final Segment actual = peer.read(datagram.bytes());
        actual.hasAnyOptions = expected.hasAnyOptions;
        final long passedNs = datagram.timeNs() - lastNs;
        final int wrongByte = peer.wrongByte(datagram.bytes(), actual);
        String problem = Comparison.of(expected, actual, peer);
        if (peer != peers.get(line.connection())) {
            problem = "to another connection";
        } else if (wrongByte >= 0) {
            problem += " byte " + wrongByte + " is wrong";
        } else if (passedNs < line.afterNs() - toleranceNs || datagram.timeNs() > latestNs) {
            problem += " after " + ms(passedNs) + ", not " + ms(line.afterNs());
        }
        note(datagram, actual, problem.isEmpty() ? null : "was " + actual + ": " + problem.strip());
    }

    private void emitted(Stage.Datagram datagram, String problem) {
        final Peer peer = peerOf(datagram);
        if (peer == null) {
            walk.add(new Walk.Step(line.number(), datagram.timeNs() - startNs, "stack to nobody", null, problem));
            return;
        }
        final Segment actual = peer.read(datagram.bytes());
        note(datagram, actual, problem + ", was " + actual);
    }

    private void note(Stage.Datagram datagram, Segment actual, String problem) {
        lastNs = datagram.timeNs();
        final String number = peers.size() == 1 ? "stack " : "stack(" + peerNumber(datagram) + ") ";
        walk.add(new Walk.Step(line.number(), lastNs - startNs, number + actual, actual, problem));
    }

    private int peerNumber(Stage.Datagram datagram) {
        return peers.entrySet().stream()
                .filter(entry -> entry.getValue().isAddressed(datagram.bytes()))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private Peer peerOf(Stage.Datagram datagram) {
        if (datagram.bytes()[9] != Ipv4.PROTOCOL_TCP) {
            return null;
        }
        return peers.values().stream()
                .filter(peer -> peer.isAddressed(datagram.bytes()))
                .findFirst()
                .orElse(null);
    }

    static String ms(long ns) {
        return String.format(Locale.ROOT, "%.1f ms", ns / NS_PER_MS);
    }
}
