package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.hook.Drops;
import io.spinwire.hook.Hooks;
import io.spinwire.link.Qdisc;
import io.spinwire.stats.Counters;

/**
 * What the engine gives to TCP besides the way down.
 *
 * @param config Linux's sysctls
 * @param limits of everything
 * @param qdisc that sent frames pass
 * @param counters where to count
 * @param drops where to report what is thrown away
 * @param hooks for watching
 * @param secretHigh first half of the secret
 * @param secretLow second half
 */
public record TcpSetup(
        TcpConfig config,
        Limits limits,
        Qdisc qdisc,
        Counters counters,
        Drops drops,
        Hooks hooks,
        long secretHigh,
        long secretLow) {

    /**
     * Limits and switches.
     *
     * @param memoryBytes of all buffers together
     * @param sockets at once
     * @param listeners at once
     * @param commands of other threads handled in a turn
     * @param timers that may expire in a turn
     * @param firstPort for connects
     * @param lastPort for connects
     * @param acceptPartialChecksums take segments whose checksum was left to hardware
     * @param fastPath header prediction
     */
    public record Limits(
            long memoryBytes,
            int sockets,
            int listeners,
            int commands,
            int timers,
            int firstPort,
            int lastPort,
            boolean acceptPartialChecksums,
            boolean fastPath) {}
}
