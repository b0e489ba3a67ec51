/**
 * Where bytes and messages wait. Between an application and the engine: {@link io.spinwire.queue.WriteQueue}
 * (sk_write_queue), {@link io.spinwire.queue.ReceiveQueue} (sk_receive_queue), commands, events, doorbells and
 * hand-over of references; each is single-writer on either side and is the only place where two threads meet. On the
 * engine's thread only: {@link io.spinwire.queue.RtxQueue} (tcp_rtx_queue), {@link io.spinwire.queue.OutOfOrderQueue}
 * (out_of_order_queue), the timers, and {@link io.spinwire.queue.SlabPool}, which lends the memory. Nothing here
 * allocates after it is warm, blocks, or reads a clock. Imports {@code wire} only; knows nothing of sockets or
 * segments.
 */
package io.spinwire.queue;
