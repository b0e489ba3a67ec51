/**
 * The link layer: {@link io.spinwire.link.EthernetInput} is the first room after the NIC on the way in;
 * {@link io.spinwire.link.NeighbourOutput}, {@link io.spinwire.link.EthernetOutput}, a {@link io.spinwire.link.Qdisc}
 * and {@link io.spinwire.link.NicOutput} are the last rooms before it on the way out; ARP and the neighbour table lie
 * between. Engine thread only; nothing allocates after construction; time comes in as {@code nowNs}. Reaches IP only
 * through {@link io.spinwire.link.NetworkProtocol} and {@link io.spinwire.link.NeighbourFailure}; must not import
 * {@code ip}, {@code tcp}, {@code queue} or {@code api}.
 */
package io.spinwire.link;
