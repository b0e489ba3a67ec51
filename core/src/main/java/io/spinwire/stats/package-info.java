/**
 * What the engine counts: {@link io.spinwire.stats.Counter} for events and gauges, {@link io.spinwire.stats.DropReason}
 * for everything that was thrown away, both kept in {@link io.spinwire.stats.Counters} over memory that other processes
 * may map. Written by the engine thread, read by anyone. Imports Agrona only.
 */
package io.spinwire.stats;
