/**
 * Congestion control, chosen for each socket by name ({@link io.spinwire.tcp.cc.CongestionControls}): one file for each
 * algorithm ({@link io.spinwire.tcp.cc.Cubic} with a {@link io.spinwire.tcp.cc.Hystart},
 * {@link io.spinwire.tcp.cc.NewReno}, {@link io.spinwire.tcp.cc.Dctcp}, {@link io.spinwire.tcp.cc.Bbr} with its model
 * and cycle), behind one small interface, working on a {@link io.spinwire.tcp.cc.CongestionWindow} and nothing else.
 * Called by {@code tcp}'s recovery and ACK rooms, on the engine thread. Sees a connection only through the
 * {@link io.spinwire.tcp.cc.AckSample}; must not import {@code tcp}.
 */
package io.spinwire.tcp.cc;
