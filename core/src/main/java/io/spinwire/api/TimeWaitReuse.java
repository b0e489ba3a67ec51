package io.spinwire.api;

/** Where a connect may take over a port in TIME_WAIT. Linux: tcp_tw_reuse. */
public enum TimeWaitReuse {
    /** Nowhere. */
    OFF,

    /** Where both ends are addresses of this engine. */
    LOCAL,

    /** Everywhere that timestamps were used. */
    ON
}
