package io.spinwire.script;

import java.util.ArrayList;
import java.util.List;

/** What happened when a script was played on one stack, line by line, and what was wrong with it. */
public final class Walk {

    /**
     * Something that happened.
     *
     * @param line of the script that was being played
     * @param timeNs since the beginning
     * @param segment that the stack emitted, or null
     * @param problem or null
     */
    record Step(int line, long timeNs, String text, Segment segment, String problem) {}

    private final String stack;
    private final List<Step> steps = new ArrayList<>();

    Walk(String stack) {
        this.stack = stack;
    }

    void add(Step step) {
        steps.add(step);
    }

    String stack() {
        return stack;
    }

    public boolean isEngine() {
        return stack.equals("engine");
    }

    List<Step> steps() {
        return steps;
    }

    public boolean isRight() {
        return steps.stream().allMatch(step -> step.problem() == null);
    }

    /** The first thing that was wrong. */
    public String firstProblem() {
        return steps.stream()
                .filter(step -> step.problem() != null)
                .findFirst()
                .map(step -> stack + ", line " + step.line() + ": " + step.problem())
                .orElse("");
    }

    /** Segments that the stack emitted. */
    List<Segment> emitted() {
        return steps.stream()
                .map(Step::segment)
                .filter(segment -> segment != null)
                .toList();
    }
}
