package io.spinwire.tcp;

import io.spinwire.stats.Counters;

/** The rooms that tell applications, lowest first. */
final class TellingRooms {
    final HandlerCalls calls;
    final RingReading reading;
    final MemoryWaiters memoryWaiters;
    final Delivery delivery;

    TellingRooms(Foundation base, AckPolicy ackPolicy, Teardown teardown, Counters counters) {
        calls = new HandlerCalls(teardown, counters);
        reading = new RingReading(base.queues, ackPolicy, base.pending, teardown, calls, base.owed);
        memoryWaiters = new MemoryWaiters(base.queues, base.owed);
        final FrameBytes frameBytes = new FrameBytes(base.queues, ackPolicy, teardown, calls);
        delivery = new Delivery(base.owed, calls, frameBytes, reading);
    }
}
