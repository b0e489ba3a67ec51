/**
 * Congestion control: one file for each algorithm, behind one small interface, working on a
 * {@link io.spinwire.tcp.cc.CongestionWindow} and nothing else. Called by {@code tcp}'s recovery and ACK rooms, on the
 * engine thread. Imports nothing of Spinwire.
 */
package io.spinwire.tcp.cc;
