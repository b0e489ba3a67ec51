package io.spinwire.nic;

import java.util.ServiceLoader;
import java.util.TreeSet;
import org.agrona.concurrent.NanoClock;

/**
 * Opens a NIC by its specification, through whichever driver on the class path knows the word before the colon. Control
 * plane.
 */
public final class Nics {
    private Nics() {}

    /**
     * Opens {@code specification}, such as {@code afxdp:eth0,queue=1}.
     *
     * @param filter which frames to take from the machine's own stack
     * @param clock the engine's clock
     * @throws NicException when no driver knows it, naming those that are there; or when the driver cannot open it
     */
    public static Nic open(String specification, NicFilter filter, NanoClock clock) {
        final int colon = specification.indexOf(':');
        final String scheme = colon < 0 ? specification : specification.substring(0, colon);
        final TreeSet<String> known = new TreeSet<>();
        for (final NicProvider provider : ServiceLoader.load(NicProvider.class)) {
            if (provider.scheme().equals(scheme)) {
                return provider.open(specification, filter, clock);
            }
            known.add(provider.scheme());
        }
        throw new NicException("nic \"" + specification + "\" is not known: "
                + (known.isEmpty()
                        ? "no driver is on the class path, add spinwire-nic-afxdp"
                        : "allowed are " + String.join(", ", known) + ", as afxdp:eth0"));
    }
}
