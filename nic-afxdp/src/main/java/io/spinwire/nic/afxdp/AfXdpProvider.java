package io.spinwire.nic.afxdp;

import io.spinwire.nic.NicFilter;
import io.spinwire.nic.NicProvider;
import org.agrona.concurrent.NanoClock;

/** Makes AF_XDP NICs; found by {@link java.util.ServiceLoader} under {@code afxdp}. */
public final class AfXdpProvider implements NicProvider {

    @Override
    public String scheme() {
        return XskSpecification.SCHEME;
    }

    /** {@inheritDoc} The clock is not used: a hardware queue has no deadlines of its own. */
    @Override
    public XskNic open(String specification, NicFilter filter, NanoClock clock) {
        return XskNic.open(XskSpecification.parse(specification), filter);
    }
}
