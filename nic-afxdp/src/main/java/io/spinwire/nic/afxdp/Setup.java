package io.spinwire.nic.afxdp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One opening of a NIC in progress: what has been done so far and has to be undone, and what there is to report. Each
 * step announces itself by {@link #begin}, which is where tests make it fail.
 */
final class Setup {
    private final Teardown teardown = new Teardown();
    private final List<String> report = new ArrayList<>();
    private final Consumer<SetupStep> observer;

    Setup(Consumer<SetupStep> observer) {
        this.observer = observer;
    }

    void begin(SetupStep step) {
        observer.accept(step);
    }

    void report(String line) {
        report.add(line);
    }

    List<String> report() {
        return List.copyOf(report);
    }

    Teardown teardown() {
        return teardown;
    }
}
