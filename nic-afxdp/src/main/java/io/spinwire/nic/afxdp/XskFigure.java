package io.spinwire.nic.afxdp;

import io.spinwire.nic.FigureVisitor;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * What an AF_XDP NIC shows of itself: the kernel's {@code struct xdp_statistics} under its own names, who has the
 * frames, and what the driver counts. All frames together are always as many as there were at the start.
 */
public enum XskFigure {
    RX_DROPPED("frames that did not fit, or that the socket could not take", s -> s.rxDropped),
    RX_INVALID_DESCS("fill ring entries that the kernel refused: a fault of the driver", s -> s.rxInvalidDescriptors),
    TX_INVALID_DESCS("TX ring entries that the kernel refused: a fault of the driver", s -> s.txInvalidDescriptors),
    RX_RING_FULL("frames dropped because the engine did not read in time", s -> s.rxRingFull),
    RX_FILL_RING_EMPTY("times that the kernel found no frame to receive into", s -> s.rxFillRingEmpty),
    TX_RING_EMPTY("times that the kernel found no frame to send", s -> s.txRingEmpty),
    FRAMES_FREE("frames in nobody's use, for sending", s -> s.framesFree),
    FRAMES_FILL("frames that the kernel may receive into", s -> s.framesFill),
    FRAMES_RX("frames received that wait for the engine", s -> s.framesRx),
    FRAMES_TX("frames handed over for sending and not given back yet", s -> s.framesTx),
    FRAMES_ELSEWHERE("frames in the engine's hands, or between two rings", s -> s.framesElsewhere),
    CLAIMS_REFUSED("times that there was no free frame, or no room to send", s -> s.claimsRefused),
    KICKS("system calls to start sending", s -> s.kicks),
    KICK_RETRIES("kicks that the kernel cut short, which were repeated", s -> s.kickRetries),
    KICK_FAILURES("kicks that failed: link down, interface gone", s -> s.kickFailures);

    private static final XskFigure[] ALL = values();

    private final String figure = name().toLowerCase(Locale.ROOT);
    private final String description;
    private final ToLongFunction<XskStatistics> reader;

    XskFigure(String description, ToLongFunction<XskStatistics> reader) {
        this.description = description;
        this.reader = reader;
    }

    /**
     * The figure of this name, as {@code rx_dropped}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static XskFigure of(String figure) {
        return valueOf(figure.toUpperCase(Locale.ROOT));
    }

    /** What it says, for a person. */
    public String description() {
        return description;
    }

    static void visit(XskStatistics statistics, FigureVisitor visitor) {
        for (final XskFigure each : ALL) {
            visitor.onFigure(each.figure, each.description, each.reader.applyAsLong(statistics));
        }
    }
}
