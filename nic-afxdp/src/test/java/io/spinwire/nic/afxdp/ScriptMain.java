package io.spinwire.nic.afxdp;

import io.spinwire.script.Corpus;
import io.spinwire.script.EngineStage;
import io.spinwire.script.Recorder;
import io.spinwire.script.Script;
import io.spinwire.script.ScriptException;
import io.spinwire.script.ScriptParser;
import io.spinwire.script.SideBySide;
import io.spinwire.script.Walk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Plays the segment scripts on the engine and, as root, on the kernel: {@code make scripts}. Arguments are parts of the
 * names of those to play, {@code --engine} or {@code --kernel} for one of the two, {@code --show} for all walks. With
 * {@code --record} they are files with what peer and application do; what the stacks emit is written between.
 */
public final class ScriptMain {
    private static final int AT_ONCE = 16;

    private final boolean isEngineAsked;
    private final boolean isKernelAsked;
    private final boolean isShowing;
    private int failures;

    private ScriptMain(List<String> arguments) {
        isEngineAsked = !arguments.contains("--kernel");
        isKernelAsked = !arguments.contains("--engine");
        isShowing = arguments.contains("--show");
    }

    public static void main(String[] arguments) throws InterruptedException {
        final List<String> words = List.of(arguments);
        final List<String> names =
                words.stream().filter(word -> !word.startsWith("--")).toList();
        if (words.contains("--record")) {
            KernelStage.warmUp(Corpus.all());
            names.forEach(ScriptMain::record);
            return;
        }
        final List<Script> scripts = Corpus.all().stream()
                .filter(script -> names.isEmpty() || names.stream().anyMatch(script.name()::contains))
                .toList();
        final ScriptMain main = new ScriptMain(words);
        System.exit(main.run(scripts) == 0 ? 0 : 1);
    }

    private static void record(String file) {
        final Script script = ScriptParser.read(Path.of(file));
        System.out.println("---- " + file + " on the kernel\n" + Recorder.record(script, KernelStage.playOnce(script)));
        final Walk engine = EngineStage.play(script);
        System.out.println("---- " + file + " on the engine\n" + Recorder.record(script, engine));
    }

    private int run(List<Script> scripts) throws InterruptedException {
        final String why = TunRequirements.missing();
        final boolean isKernelPlayed = isKernelAsked && why.isEmpty();
        if (isKernelPlayed) {
            KernelStage.warmUp(scripts);
        }
        if (isKernelAsked && !why.isEmpty()) {
            System.out.println("The kernel is not asked: " + why);
        }
        System.out.printf("%-45s %-10s %s%n", "script", isEngineAsked ? "engine" : "", isKernelPlayed ? "kernel" : "");
        try (ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE)) {
            final Map<Script, Future<Walk>> kernel = new LinkedHashMap<>();
            for (final Script script : isKernelPlayed ? scripts : List.<Script>of()) {
                kernel.put(script, executor.submit(() -> KernelStage.play(script)));
            }
            for (final Script script : scripts) {
                report(script, kernel.get(script));
            }
        }
        System.out.println(
                scripts.size() + " scripts, " + (failures == 0 ? "all as written" : failures + " not as written"));
        return failures;
    }

    private void report(Script script, Future<Walk> kernel) throws InterruptedException {
        final List<Walk> walks = new ArrayList<>();
        String failure = "";
        try {
            if (isEngineAsked) {
                walks.add(EngineStage.play(script));
            }
            if (kernel != null) {
                walks.add(kernel.get());
            }
            if (walks.size() == 2 && walks.getFirst().isRight()) {
                failure = SideBySide.layoutDifference(walks.getFirst(), walks.getLast());
            }
        } catch (final ScriptException | ExecutionException e) {
            failure = e.getMessage();
        }
        final boolean isPending = Corpus.pending().containsKey(script.name());
        final StringBuilder row = new StringBuilder(String.format("%-45s ", script.name()));
        boolean isRight = failure.isEmpty();
        for (final Walk walk : walks) {
            final boolean isExcused = isPending && walk.isEngine();
            row.append(String.format("%-10s ", walk.isRight() ? "ok" : isExcused ? "pending" : "FAILED"));
            isRight &= walk.isRight() || isExcused;
        }
        System.out.println(row.append(failure));
        if (isShowing || !isRight) {
            walks.forEach(walk -> System.out.println("  " + walk.firstProblem()));
            System.out.println(SideBySide.print(script, walks));
        }
        failures += isRight ? 0 : 1;
    }
}
