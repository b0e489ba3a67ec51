package io.spinwire.nic;

/** Is shown what a NIC counts and holds, a figure a call: see {@link Nic#visitFigures}. */
@FunctionalInterface
public interface FigureVisitor {

    /**
     * One figure.
     *
     * @param name as the driver's documentation spells it, as {@code rx_ring_full}
     * @param description for a person, in a few words
     */
    void onFigure(String name, String description, long value);
}
