/**
 * The link layer: {@link io.spinwire.link.EthernetInput} is the first room after the NIC on the way in;
 * {@link io.spinwire.link.NeighbourOutput}, {@link io.spinwire.link.EthernetOutput}, a {@link io.spinwire.link.Qdisc}
 * ({@link io.spinwire.link.NoQueue}, {@link io.spinwire.link.Pfifo} or {@link io.spinwire.link.Fq}) and
 * {@link io.spinwire.link.NicOutput} are the last rooms before it on the way out; ARP and the
 * {@link io.spinwire.link.NeighbourTable} with its {@link io.spinwire.link.PendingPackets} lie between. Engine thread
 * only; nothing allocates after construction; time comes in as {@code nowNs}. Reaches IP only through
 * {@link io.spinwire.link.NetworkProtocol} and {@link io.spinwire.link.NeighbourFailure}, and who waits for room in a
 * qdisc through {@link io.spinwire.link.FrameOwner}; must not import {@code ip}, {@code tcp}, {@code queue} or
 * {@code api}.
 */
package io.spinwire.link;
