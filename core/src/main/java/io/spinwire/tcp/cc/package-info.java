/**
 * Congestion control: one file for each algorithm, behind one small interface, working on a
 * {@link io.spinwire.tcp.cc.CongestionWindow} and nothing else. Called by {@code tcp}'s recovery and ACK rooms, on the
 * engine thread. Sees a connection only through the {@link io.spinwire.tcp.cc.AckSample}; must not import {@code tcp}.
 */
package io.spinwire.tcp.cc;
