package io.spinwire.bench.record;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * Pictures of a run, from the lines of its results.csv: round trips by percentile, throughput, many flows, scale,
 * requests. No display.
 */
final class Plots {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 480;
    private static final int COLUMNS = 7;
    private static final Map<String, Double> PERCENTILES = percentiles();
    private static final double US = 1_000;

    private final List<String[]> rows = new ArrayList<>();

    /** @param results lines of results.csv, its head included */
    Plots(List<String> results) {
        for (final String line : results.subList(1, results.size())) {
            final String[] columns = line.split(",", -1);
            if (columns.length == COLUMNS) {
                rows.add(columns);
            }
        }
    }

    /** A percentile's place on an axis that counts nines: 90 % at 1, 99.9 % at 3. */
    private static Map<String, Double> percentiles() {
        final Map<String, Double> nines = new LinkedHashMap<>();
        nines.put("p50", -Math.log10(0.5));
        nines.put("p99", 2.0);
        nines.put("p99.9", 3.0);
        nines.put("p99.99", 4.0);
        return nines;
    }

    /** Draws what there are figures for into {@code folder}. Returns the names of the files, without their ending. */
    List<String> draw(Path folder) throws IOException {
        System.setProperty("java.awt.headless", "true");
        final List<String> drawn = new ArrayList<>();
        final XYChart latency = latency();
        if (!latency.getSeriesMap().isEmpty()) {
            BitmapEncoder.saveBitmap(latency, folder.resolve("latency").toString(), BitmapEncoder.BitmapFormat.PNG);
            drawn.add("latency");
        }
        final Map<String, Double> rates = medians("bulk", "goodput");
        if (!rates.isEmpty()) {
            save(bars("Goodput, one flow", "Gbit/s", rates), folder, "throughput", drawn);
        }
        final Map<String, Double> flows = new LinkedHashMap<>();
        rowsOf("flows", "goodput").stream()
                .filter(row -> row[3].equals("median"))
                .forEach(row -> flows.put(row[2].replace("flows=", "") + " " + row[1], Double.parseDouble(row[5])));
        if (!flows.isEmpty()) {
            save(bars("Goodput of 1 to 256 flows together, MTU 1500", "Gbit/s", flows), folder, "flows", drawn);
        }
        final Map<String, Double> scale = new TreeMap<>();
        rowsOf("scale", "exchange.ns").forEach(row -> scale.merge(row[1], Double.parseDouble(row[5]), Math::min));
        if (!scale.isEmpty()) {
            save(bars("A message and its ACK at a random connection", "ns", scale), folder, "scale", drawn);
        }
        final XYChart requests = requests();
        if (!requests.getSeriesMap().isEmpty()) {
            BitmapEncoder.saveBitmap(requests, folder.resolve("requests").toString(), BitmapEncoder.BitmapFormat.PNG);
            drawn.add("requests");
        }
        return drawn;
    }

    private static void save(CategoryChart chart, Path folder, String name, List<String> drawn) throws IOException {
        BitmapEncoder.saveBitmap(chart, folder.resolve(name).toString(), BitmapEncoder.BitmapFormat.PNG);
        drawn.add(name);
    }

    private List<String[]> rowsOf(String id, String metric) {
        return rows.stream()
                .filter(row -> row[0].equals(id) && row[4].equals(metric))
                .toList();
    }

    private Map<String, Double> medians(String id, String metric) {
        final Map<String, Double> medians = new LinkedHashMap<>();
        rowsOf(id, metric).stream()
                .filter(row -> row[3].equals("median"))
                .forEach(row -> medians.put(row[1], Double.parseDouble(row[5])));
        return medians;
    }

    private XYChart latency() {
        final XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .theme(ChartTheme.GGPlot2)
                .title("Round trip of 64 bytes, median of the rounds")
                .xAxisTitle("percentile")
                .yAxisTitle("us")
                .build();
        chart.getStyler().setYAxisLogarithmic(true).setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setxAxisTickLabelsFormattingFunction(Plots::percent);
        final Map<String, List<Double>> places = new LinkedHashMap<>();
        final Map<String, List<Double>> values = new LinkedHashMap<>();
        PERCENTILES.forEach((percentile, place) -> medians("latency", percentile)
                .forEach((subject, value) -> {
                    if (subject.endsWith(" 64 B")) {
                        places.computeIfAbsent(subject, any -> new ArrayList<>())
                                .add(place);
                        values.computeIfAbsent(subject, any -> new ArrayList<>())
                                .add(value / US);
                    }
                }));
        places.forEach((subject, x) -> chart.addSeries(subject.replace(" 64 B", ""), x, values.get(subject)));
        return chart;
    }

    private XYChart requests() {
        final XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .theme(ChartTheme.GGPlot2)
                .title("Requests a second, one outstanding on each connection")
                .xAxisTitle("connections")
                .yAxisTitle("1/s")
                .build();
        chart.getStyler().setXAxisLogarithmic(true).setLegendPosition(LegendPosition.OutsideE);
        final Map<String, Map<Double, Double>> curves = new LinkedHashMap<>();
        rowsOf("requests", "answered").stream()
                .filter(row -> row[3].equals("median"))
                .forEach(row -> curves.computeIfAbsent(row[1], any -> new TreeMap<>())
                        .put(Double.valueOf(row[2].substring(row[2].indexOf('=') + 1)), Double.valueOf(row[5])));
        curves.forEach(
                (subject, curve) -> chart.addSeries(subject, List.copyOf(curve.keySet()), List.copyOf(curve.values())));
        return chart;
    }

    /** 3 nines are 99.9 %. */
    private static String percent(double nines) {
        return String.format(Locale.ROOT, "%.4g", 100 - 100 / Math.pow(10, nines));
    }

    private static CategoryChart bars(String title, String unit, Map<String, Double> values) {
        final CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .theme(ChartTheme.GGPlot2)
                .title(title)
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setLabelsVisible(true);
        chart.addSeries(unit, List.copyOf(values.keySet()), List.copyOf(values.values()));
        return chart;
    }
}
