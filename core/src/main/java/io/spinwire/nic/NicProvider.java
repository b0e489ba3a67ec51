package io.spinwire.nic;

import org.agrona.concurrent.NanoClock;

/**
 * Makes NICs of one kind from a specification such as {@code afxdp:eth0,queue=1}; found by
 * {@link java.util.ServiceLoader}. Control plane: may allocate and throw.
 */
public interface NicProvider {

    /** The word before the colon: {@code afxdp}. */
    String scheme();

    /**
     * Opens a NIC.
     *
     * @param specification all of it, scheme included
     * @param filter which frames the NIC should take from the machine's own stack, where it can choose
     * @param clock the engine's clock
     * @throws NicException when a step of the set-up fails; the message names the step, the cause and what to do
     */
    Nic open(String specification, NicFilter filter, NanoClock clock);
}
