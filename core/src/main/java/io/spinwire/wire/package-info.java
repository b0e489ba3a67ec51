/**
 * Wire formats as static accessors over (buffer, offset): Ethernet and VLAN, ARP, IPv4, ICMP, TCP and its options; the
 * Internet checksum; and {@link io.spinwire.wire.SeqNum}, the only place where sequence numbers are compared. Byte
 * order exists only in here. No state, any thread. Lengths are checked by the callers, once, at each layer's door.
 * Imports Agrona only.
 */
package io.spinwire.wire;
