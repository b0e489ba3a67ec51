package io.spinwire.tcp;

import io.spinwire.api.Check;
import io.spinwire.api.SocketOptions;
import io.spinwire.ip.AddressPair;
import io.spinwire.ip.IpOutput;
import java.net.InetAddress;

/**
 * Begins connections for applications, the first or another of a socket. Engine thread, but for what says otherwise.
 */
final class Connecting {
    private static final int MAX_PORT = 65535;

    private final IpOutput ip;
    private final ActiveOpen active;

    Connecting(IpOutput ip, ActiveOpen active) {
        this.ip = ip;
        this.active = active;
    }

    /** Sends the SYN of a socket that has its facade. */
    void begin(TcpSock sock, long addressPair, int port, SocketOptions options) {
        sock.addressPair = addressPair;
        sock.options = options;
        active.connect(sock, ip.route(AddressPair.remote(addressPair)), options.localPort(), port);
    }

    /** The addresses of a connection to {@code remote}, from {@code local} or, if that is 0, from the preferred one. */
    long addressPair(int local, int remote) {
        return ActiveOpen.addressPair(ip, local, remote);
    }

    /** Any thread: the local address that was asked for, 0 for none. */
    static int localAddress(SocketOptions options) {
        return options.localAddress() == null ? 0 : AddressPair.toInt(options.localAddress());
    }

    /** Any thread: the peer's address. Refuses what no connection can lead to. */
    static int checkRemote(InetAddress remote, int port) {
        Check.range("port", port, 1, MAX_PORT);
        return AddressPair.toInt(remote);
    }
}
