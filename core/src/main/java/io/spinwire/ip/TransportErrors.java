package io.spinwire.ip;

/**
 * Who is told of ICMP errors about segments of ours: one implementation, in {@code tcp}. Linux: {@code tcp_v4_err()}.
 */
@FunctionalInterface
public interface TransportErrors {

    /**
     * An ICMP error names a segment that an own address sent. Whether it ever was in flight, the implementation must
     * check.
     *
     * @param addressPair the addresses of the segment, see {@link AddressPair}
     * @param seq its sequence number
     * @param typeAndCode ICMP type in bits 8 to 15, code in bits 0 to 7
     * @param nextHopMtu of a fragmentation-needed message (0 from routers older than RFC 1191), otherwise 0
     */
    void onIcmpError(long addressPair, int localPort, int remotePort, int seq, int typeAndCode, int nextHopMtu);
}
