package io.spinwire.nic;

/**
 * Which frames an engine wants from a NIC that it shares with the machine: ARP and ICMP for its addresses, and TCP to
 * them.
 *
 * @param addresses own IPv4 addresses, network order as int
 * @param tcpPorts ports served; empty means all ports, for an address that the machine itself does not use
 */
public record NicFilter(int[] addresses, int[] tcpPorts) {}
