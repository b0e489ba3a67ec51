package io.spinwire.bench.record;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The folder of one recorded run: {@code DATE-COMMIT-NUMBER}. Until the run is whole it ends in {@code .partial}, and
 * so does what is left of a run that failed.
 */
public final class RunFolder {
    private static final String PARTIAL = ".partial";

    private final Path out;
    private final String name;
    private final Map<String, Object> params = new LinkedHashMap<>();
    private final StringBuilder environment = new StringBuilder();
    private final List<Ratio> ratios = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private List<String> pictures = List.of();
    private final List<String> results = new ArrayList<>(List.of("id,subject,setting,round,metric,value,unit"));

    private RunFolder(Path out, String name) {
        this.out = out;
        this.name = name;
    }

    /** A new folder in {@code out}, named by day and commit. */
    public static RunFolder create(Path out) {
        final String date = LocalDate.now(ZoneOffset.UTC).toString();
        int number = 1;
        while (Files.exists(out.resolve(name(date, number)))
                || Files.exists(out.resolve(name(date, number) + PARTIAL))) {
            number++;
        }
        final RunFolder folder = new RunFolder(out, name(date, number));
        try {
            Files.createDirectories(folder.path(""));
        } catch (final IOException e) {
            throw new BenchException(
                    "cannot make " + folder.path("") + " (" + e + "): --out DIR chooses another place", e);
        }
        return folder;
    }

    private static String name(String date, int number) {
        return date + "-" + Machine.shortCommit() + "-" + number;
    }

    public String name() {
        return name;
    }

    /** A file of the run, while it lasts. */
    public Path path(String file) {
        return out.resolve(name + PARTIAL).resolve(file);
    }

    public void param(String key, Object value) {
        params.put(key, value);
    }

    public void environment(String title, String text) {
        environment.append(title).append('\n');
        text.lines().forEach(line -> environment.append("    ").append(line).append('\n'));
    }

    /**
     * Adds a line to results.csv.
     *
     * @param id of the target, as P3
     * @param key what was measured, under which setting, in which round (or how rounds were put together)
     */
    public void result(String id, Key key, String metric, double value, String unit) {
        results.add(String.join(
                ",",
                id,
                key.subject(),
                key.setting(),
                key.round(),
                metric,
                String.format(Locale.ROOT, "%.3f", value),
                unit));
    }

    /**
     * Adds a line to ratios.csv, the figures by which a run is judged.
     *
     * @param id of the target, as P3
     * @param goal {@code <= 0.75} or {@code >= 2.0}
     */
    public void ratio(String id, String what, double value, String goal) {
        ratios.add(Ratio.of(id, what, value, goal));
    }

    /** Says of a target why there is no figure, unless there is one. */
    public void missing(String id, String why) {
        if (ratios.stream().noneMatch(ratio -> ratio.id().equals(id))) {
            ratios.add(Ratio.missing(id, why));
        }
    }

    /** All ratios so far, in the order of their targets. */
    public List<Ratio> ratios() {
        return ratios.stream().sorted(Comparator.comparing(Ratio::order)).toList();
    }

    /** Where a value belongs. */
    public record Key(String subject, String setting, String round) {}

    /** A run without pictures is a run: fonts may be missing on a server. */
    private void draw() {
        try {
            pictures = new Plots(results).draw(path(""));
        } catch (final IOException | RuntimeException | LinkageError e) {
            environment("no pictures", e.toString());
        }
    }

    /** Keeps a line that is said below the table of ratios as well. */
    public void note(String line) {
        notes.add(line);
        environment("noted", line);
    }

    /** All such lines. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** Names of the pictures that were drawn, without their ending. */
    public List<String> pictures() {
        return pictures;
    }

    /** Writes what was gathered so far, which is what there is of a run that is broken off. */
    public void write() {
        try {
            final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            Files.writeString(path("params.json"), json.writeValueAsString(params) + "\n");
            Files.writeString(path("environment.txt"), environment);
            Files.write(path("results.csv"), results);
            Files.write(path("ratios.csv"), Ratio.table(ratios()));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes what was gathered, with pictures, and gives the folder its final name. */
    public Path finish() {
        draw();
        write();
        try {
            return Files.move(path(""), out.resolve(name));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
