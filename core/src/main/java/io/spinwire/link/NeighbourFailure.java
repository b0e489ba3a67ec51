package io.spinwire.link;

/** Who is told that packets could not be sent because a neighbour did not answer. Linux: {@code arp_error_report()}. */
@FunctionalInterface
public interface NeighbourFailure {

    /**
     * All requests for a neighbour's hardware address went unanswered; what waited for it has been dropped.
     *
     * @param nextHop the neighbour's IPv4 address
     */
    void onUnreachable(int nextHop);
}
