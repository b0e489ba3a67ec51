package io.spinwire.daemon.control;

import io.spinwire.Cidr;
import java.util.List;

/**
 * What a daemon is, as its status tells.
 *
 * @param nic what the NIC calls itself
 * @param startedMs wall-clock time of the start, milliseconds since 1970
 */
public record Identity(
        String name,
        String version,
        long pid,
        String nic,
        List<Cidr> addresses,
        List<ServicePort> services,
        long startedMs) {

    /** A service and its TCP port. */
    public record ServicePort(String service, int port) {}
}
