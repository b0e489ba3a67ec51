/**
 * What {@code make run} shows: the daemon in a lab on AF_XDP, real clients of the kernel in child processes, and a
 * measurement beside the kernel's own; or, without root, two engines joined in memory. Imports the lab, the services
 * and the engine.
 */
package io.spinwire.daemon.demo;
