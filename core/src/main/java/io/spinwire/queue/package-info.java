/**
 * Where bytes and messages wait. Between an application and the engine: {@link io.spinwire.queue.WriteQueue}
 * (sk_write_queue) and {@link io.spinwire.queue.ReceiveQueue} (sk_receive_queue) for bytes,
 * {@link io.spinwire.queue.TaskQueue} for what the engine is asked, {@link io.spinwire.queue.DoorbellQueue} for who has
 * something to do, {@link io.spinwire.queue.HandoverQueue} for references; each is the only place where two threads
 * meet. On the engine's thread only: {@link io.spinwire.queue.RtxQueue} (tcp_rtx_queue) with the order of sending and
 * what SACK has reported, {@link io.spinwire.queue.OutOfOrderQueue} (out_of_order_queue) with its SACK blocks, the
 * timers ({@link io.spinwire.queue.TimerWheel} where deadlines differ, {@link io.spinwire.queue.TimeoutLanes} where a
 * few waits are all), and {@link io.spinwire.queue.SlabPool}, which lends the memory. Nothing here allocates after it
 * is warm, blocks, or reads a clock. Imports {@code wire} only; knows nothing of sockets or segments.
 */
package io.spinwire.queue;
