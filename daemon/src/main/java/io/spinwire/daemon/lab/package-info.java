/**
 * A network on one machine to try Spinwire in: two network namespaces joined by veth pairs, made and removed with
 * iproute2, and the programs run inside them. Set-up time only, any thread. Imports nic-afxdp for what iproute2 cannot
 * do; knows nothing of the engine.
 */
package io.spinwire.daemon.lab;
