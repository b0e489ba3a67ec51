/**
 * The services that the daemon offers, and at the same time the examples of how to embed Spinwire: each is a
 * {@link io.spinwire.api.TcpHandler} whose callbacks run on the engine thread and allocate nothing per message. They
 * sit at the application's end of the way: after {@code ReceiveQueue} coming in, before {@code WriteQueue} going out.
 * Imports the API, the counters and Agrona; knows nothing of NICs, configuration or the command line.
 */
package io.spinwire.daemon.service;
