/**
 * The benchmarks, as a program: a recorded run of everything ({@code record}), one end of a measured connection
 * ({@code end}), or JMH. Imports all other modules; nothing imports it. {@code record} keeps figures, {@code jmh} has
 * the stack alone in memory, {@code end} the ends of measured connections, {@code rig} puts them to work.
 */
package io.spinwire.bench;
