package io.spinwire.daemon.server;

import io.spinwire.daemon.config.DaemonConfig;
import io.spinwire.daemon.config.DaemonConfig.Idle;
import java.util.Collection;
import java.util.List;

/**
 * Where the engine thread stays, and whether it may spin there: a thread that spins keeps everyone else from its CPU,
 * so one that was not named is taken only where others are left. Control plane.
 *
 * @param cpu that it stays on, -1 for any
 * @param words for the user, empty where there is nothing to say
 */
record EngineCpu(int cpu, Idle idle, String words) {
    private static final int ANY = -1;

    /**
     * As configured, as far as the machine allows.
     *
     * @param allowed CPUs of this process, in ascending order; empty where they are not known
     * @param others CPUs of other daemons
     */
    static EngineCpu of(DaemonConfig config, List<Integer> allowed, Collection<Integer> others) {
        final boolean isSpinning = config.idle() == Idle.BUSY_SPIN;
        if (config.cpu() != ANY) {
            return new EngineCpu(config.cpu(), config.idle(), named(config.cpu(), isSpinning, allowed, others));
        }
        if (!config.isOwnCpuWanted()) {
            return new EngineCpu(ANY, config.idle(), isSpinning && allowed.size() == 1 ? onlyOne() : "");
        }
        for (int i = allowed.size() - 1; i > 0; i--) { // the first is everyone's: interrupts, the JVM, clients
            final int cpu = allowed.get(i);
            if (!others.contains(cpu)) {
                return new EngineCpu(
                        cpu, config.idle(), (isSpinning ? "spins" : "stays") + " on cpu " + cpu + ", its own");
            }
        }
        return new EngineCpu(ANY, Idle.BACKOFF, withoutOwn(isSpinning, allowed));
    }

    private static String named(int cpu, boolean isSpinning, List<Integer> allowed, Collection<Integer> others) {
        if (others.contains(cpu)) {
            return "WARNING: cpu " + cpu + " is another daemon's as well, and the two will wait for each other for"
                    + " milliseconds: give one of them another (--cpu)";
        }
        return isSpinning && allowed.size() == 1 ? onlyOne() : "";
    }

    private static String onlyOne() {
        return "WARNING: it spins on the only cpu that this process may use, and leaves little of it to anything else,"
                + " clients on this machine included: --idle backoff shares it";
    }

    private static String withoutOwn(boolean isSpinning, List<Integer> allowed) {
        final String why = allowed.size() > 1
                ? "every cpu but the first is another daemon's"
                : "this process may use one cpu only, which others need too";
        return "has no cpu of its own, because " + why + ": it stays on none"
                + (isSpinning
                        ? ", and backs off when idle instead of spinning, which costs up to some hundred microseconds"
                                + " after a pause. --cpu " + (allowed.isEmpty() ? 0 : allowed.getLast())
                                + " makes it spin there all the same"
                        : "");
    }
}
