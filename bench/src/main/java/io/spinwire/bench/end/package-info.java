/**
 * One end of a connection under measurement, as a process of its own: transports behind one small
 * {@link io.spinwire.bench.end.Wire}, loads that drive them, and {@link io.spinwire.bench.end.EndProcess}, which does
 * what its standard input says. Started inside a namespace by {@code bench.rig}, of which it imports nothing. One
 * thread works, one reads commands.
 */
package io.spinwire.bench.end;
