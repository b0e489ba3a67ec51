/**
 * The rig: makes the namespaces and wires that a measurement needs, starts a process for each end, has them measure in
 * turns, and puts rounds together. What the ends do is in {@code bench.end}; what is done with the figures is in
 * {@code bench}. Root only.
 */
package io.spinwire.bench.rig;
