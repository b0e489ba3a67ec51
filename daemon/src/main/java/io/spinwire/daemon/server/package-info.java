/**
 * The running daemon: opens the NIC, composes engine, services, capture and control, drives the engine on its thread,
 * and ends it all in order. Imports everything of the daemon but its command line and the demo.
 */
package io.spinwire.daemon.server;
