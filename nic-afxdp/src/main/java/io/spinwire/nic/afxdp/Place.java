package io.spinwire.nic.afxdp;

import io.spinwire.nic.NicException;

/**
 * Where a set-up happens, for its error messages: the interface, its driver (empty when not known yet) and the queue.
 */
record Place(String interfaceName, String driver, int queue, int queueCount) {

    /** The error for a step that failed: step, interface, driver, queue, errno and what to do. */
    NicException failed(SetupStep step, int errno) {
        return failed(step, errno, "");
    }

    /** @param tried what was tried, in a few words: {@code native XDP}; may be empty */
    NicException failed(SetupStep step, int errno, String tried) {
        return new NicException("cannot " + step.words() + " on " + this + (tried.isEmpty() ? "" : " (" + tried + ")")
                + ": " + Errno.name(errno) + ": " + Advice.of(step, errno, this));
    }

    @Override
    public String toString() {
        return driver.isEmpty()
                ? interfaceName
                : interfaceName + " queue " + queue + " of " + queueCount + " (driver " + driver + ")";
    }
}
