/**
 * The benchmarks: JMH for the stack alone, in memory, and the rig that measures round trips against the kernel in the
 * same run. Imports all other modules; nothing imports it. The engine runs on the benchmark's thread, or in a process
 * of its own with the kernel's sockets as its clients.
 */
package io.spinwire.bench;
