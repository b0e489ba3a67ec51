package io.spinwire.tcp;

import io.spinwire.api.SocketPoller;

/**
 * What a {@link ReadyPoller} takes: a socket or a listener of another thread. Application thread, but for the place.
 */
interface Pollable {

    /** Bits of {@link io.spinwire.api.Readiness}, now. Who is not ready for something is told when it is. */
    int readiness();

    /** Where its poller is told of it, or null for none. Any thread. */
    ReadyPoller.Place place();

    void setPlace(ReadyPoller.Place newPlace);

    /** Says to the handler that it is ready for this. */
    void report(SocketPoller.ReadyHandler handler, int bits);
}
