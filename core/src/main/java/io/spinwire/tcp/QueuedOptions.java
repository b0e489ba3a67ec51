package io.spinwire.tcp;

import io.spinwire.api.OptionResult;
import io.spinwire.api.SocketOption;
import io.spinwire.api.SocketOptions;

/**
 * The options of a {@link QueuedSocket}: changed by the application, taken over by the engine when it is asked to.
 * Immutable ones pass as a whole; the three switches that are used with the data have words of their own, so that
 * switching allocates nothing.
 */
final class QueuedOptions {
    private final OptionChanges defaults;
    private volatile SocketOptions all;
    private volatile boolean isNoDelay;
    private volatile boolean isCorked;
    private volatile boolean isQuickAck;

    /** @param defaults what options come to that are not set */
    QueuedOptions(SocketOptions options, OptionChanges defaults) {
        this.defaults = defaults;
        all = options;
        isNoDelay = options.noDelay();
        isCorked = options.cork();
        isQuickAck = options.quickAck();
    }

    // ---- Application thread ----

    /** @param isApart there is no connection now: everything may be changed */
    OptionResult set(SocketOption option, long value, boolean isApart) {
        switch (option) {
            case NO_DELAY -> isNoDelay = value != 0;
            case CORK -> isCorked = value != 0;
            case QUICK_ACK -> isQuickAck = value != 0;
            default -> {
                final boolean isRing = option == SocketOption.SEND_BUFFER || option == SocketOption.RECEIVE_BUFFER;
                if (!isApart && (isRing || !option.isForOpenSockets())) {
                    return OptionResult.UNSUPPORTED; // rings are lent for as long as the connection lasts
                }
                return change(all.with(option, value));
            }
        }
        return OptionResult.SET;
    }

    OptionResult setCongestionControl(String name) {
        return change(all.withCongestionControl(name));
    }

    private OptionResult change(SocketOptions wanted) {
        if (wanted == null) {
            return OptionResult.OUT_OF_RANGE;
        }
        all = wanted;
        return OptionResult.SET;
    }

    long value(SocketOption option) {
        return switch (option) {
            case NO_DELAY -> isNoDelay ? 1 : 0;
            case CORK -> isCorked ? 1 : 0;
            case QUICK_ACK -> isQuickAck ? 1 : 0;
            default -> defaults.value(all, option);
        };
    }

    String congestionControl() {
        return defaults.congestionControl(all);
    }

    // ---- Either thread ----

    /** All but the switches, as the application has set them last. */
    SocketOptions all() {
        return all;
    }

    // ---- Engine thread ----

    /** The switches, as the application wants them now. */
    void applySwitches(TcpSock sock) {
        sock.setNoDelay(isNoDelay);
        sock.setCorked(isCorked);
        sock.setQuickAck(isQuickAck);
    }
}
