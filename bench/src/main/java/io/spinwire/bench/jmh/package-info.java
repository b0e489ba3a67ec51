/**
 * JMH benchmarks: the stack alone, two engines on one thread joined by a pipe in memory, and its parts. Each runs in
 * forks of its own.
 */
package io.spinwire.bench.jmh;
