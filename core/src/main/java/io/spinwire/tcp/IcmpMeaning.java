package io.spinwire.tcp;

import io.spinwire.api.SocketError;
import io.spinwire.wire.Icmp4;

/** What an ICMP error says to a connection. Linux: {@code icmp_err_convert}, {@code tcp_v4_err()}. */
final class IcmpMeaning {
    /** Codes of destination unreachable, RFC 792, 1122 and 1812; fragmentation needed is no error of a connection. */
    private static final SocketError[] UNREACHABLE = {
        SocketError.ENETUNREACH, // net
        SocketError.EHOSTUNREACH, // host
        SocketError.ENOPROTOOPT, // protocol
        SocketError.ECONNREFUSED, // port
        SocketError.NONE, // fragmentation needed
        SocketError.EOPNOTSUPP, // source route failed
        SocketError.ENETUNREACH, // net unknown
        SocketError.EHOSTDOWN, // host unknown
        SocketError.ENONET, // host isolated
        SocketError.ENETUNREACH, // net prohibited
        SocketError.EHOSTUNREACH, // host prohibited
        SocketError.ENETUNREACH, // net, for this type of service
        SocketError.EHOSTUNREACH, // host, for this type of service
        SocketError.EHOSTUNREACH, // filtered
        SocketError.EHOSTUNREACH, // precedence violated
        SocketError.EHOSTUNREACH, // precedence too low
    };

    private static final int TTL_EXCEEDED = 0;

    private IcmpMeaning() {}

    /** {@link SocketError#NONE} for what connections are not told. */
    static SocketError of(int type, int code) {
        return switch (type) {
            case Icmp4.DESTINATION_UNREACHABLE -> code < UNREACHABLE.length ? UNREACHABLE[code] : SocketError.NONE;
            case Icmp4.TIME_EXCEEDED -> code == TTL_EXCEEDED ? SocketError.EHOSTUNREACH : SocketError.NONE;
            case Icmp4.PARAMETER_PROBLEM -> SocketError.EPROTO;
            default -> SocketError.NONE;
        };
    }
}
