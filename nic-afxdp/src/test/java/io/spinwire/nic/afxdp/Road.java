package io.spinwire.nic.afxdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** One way over which bulk is moved again and again, and what came of it: rates, and timeouts of its sender. */
final class Road {
    private final String name;
    private final Transfer transfer;
    private final LongSupplier timeoutsOfSender;
    private final List<Double> rates = new ArrayList<>();
    private long timeouts;

    /** Moves the bytes; answers Mbit/s. */
    @FunctionalInterface
    interface Transfer {
        double move() throws Exception;
    }

    Road(String name, Transfer transfer, LongSupplier timeoutsOfSender) {
        this.name = name;
        this.transfer = transfer;
        this.timeoutsOfSender = timeoutsOfSender;
    }

    void go() throws Exception {
        final long before = timeoutsOfSender.getAsLong();
        rates.add(transfer.move());
        timeouts += timeoutsOfSender.getAsLong() - before;
    }

    long timeouts() {
        return timeouts;
    }

    private double median() {
        final List<Double> sorted = rates.stream().sorted().toList();
        final int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Beside the kernel's own road in the same direction. */
    String compared(Road kernel) {
        return String.format(Locale.ROOT, "%s, %s: %.2f", this, kernel, median() / kernel.median());
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s %.0f Mbit/s (%.0f to %.0f, %d timeouts)",
                name,
                median(),
                rates.stream().mapToDouble(Double::doubleValue).min().orElse(0),
                rates.stream().mapToDouble(Double::doubleValue).max().orElse(0),
                timeouts);
    }
}
