package io.spinwire.bench.record;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a figure depends on besides the program: the machine, its kernel, the JVM and the commit. */
public final class Machine {
    private static final int SHORT_COMMIT = 7;

    private static final Pattern TIMING =
            Pattern.compile("mitigations|isol|nohz|rcu|idle|poll|preempt|huge|smt|tsc|clock|sched|pvm|pti|spectre");

    private Machine() {}

    /** Name and value of everything worth knowing, in the order of interest. */
    public static Map<String, String> describe() {
        final Map<String, String> facts = new LinkedHashMap<>();
        facts.put("commit", commit());
        facts.put("uncommitted changes", isDirty() ? "yes: these figures are of no commit" : "none");
        facts.put("cpu", cpu());
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", line("/proc/meminfo", "MemTotal"));
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("kernel parameters that bear on timing", kernelParameters());
        facts.put("clock source", text("/sys/devices/system/clocksource/clocksource0/current_clocksource"));
        facts.put("hypervisor", line("/proc/cpuinfo", "flags").contains(" hypervisor") ? "yes" : "none seen");
        facts.put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put(
                "flags of this jvm",
                String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
        facts.put("load average at the start", text("/proc/loadavg"));
        return facts;
    }

    /** The commit, shortened, or "unknown" outside of a checkout. */
    public static String shortCommit() {
        final String commit = commit();
        return commit.substring(0, Math.min(SHORT_COMMIT, commit.length()));
    }

    private static String commit() {
        final String commit = Programs.output(List.of("git", "rev-parse", "HEAD"));
        return commit.matches("[0-9a-f]{40}") ? commit : "unknown";
    }

    /** What is recorded is no change to what is measured. */
    private static boolean isDirty() {
        return Programs.output(List.of("git", "status", "--porcelain"))
                .lines()
                .anyMatch(line -> !line.contains("perf-results/"));
    }

    private static String kernelParameters() {
        final String found = Arrays.stream(text("/proc/cmdline").split("\\s+"))
                .takeWhile(word -> !word.equals("--")) // what follows is for the init program
                .filter(word -> TIMING.matcher(word).find())
                .collect(Collectors.joining(" "));
        return found.isEmpty() ? "none" : found;
    }

    public static String cpu() {
        final String model = line("/proc/cpuinfo", "model name");
        return model.isEmpty() ? System.getProperty("os.arch") : model;
    }

    public static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** Time that the hypervisor gave to others since the machine began, all processors together. */
    public static long stolenMs() {
        final String[] words = text("/proc/stat").split("\\s+");
        final int steal = 8; // proc(5): cpu user nice system idle iowait irq softirq steal
        return words.length > steal ? Long.parseLong(words[steal]) * 10 : 0; // USER_HZ is 100 everywhere
    }

    private static String line(String file, String name) {
        return text(file)
                .lines()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse("");
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (final IOException e) {
            return "(" + e.getMessage() + ")";
        }
    }
}
