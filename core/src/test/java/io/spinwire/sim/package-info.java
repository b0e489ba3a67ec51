/**
 * The simulation: two to eight engines on one thread, in virtual time, over a switch with faults. A seed decides
 * everything: the weather of the network, all configurations, who connects, what is written, read, closed and aborted,
 * and when. Watchers between engine and NIC hold every frame against the rules, from the wire alone; applications check
 * content.
 */
package io.spinwire.sim;
