package io.spinwire.nic.afxdp;

/**
 * One thing that {@link Doctor} has looked at.
 *
 * @param what was found, in a few words
 * @param whatToDo about it, empty when there is nothing to do
 */
public record Finding(Severity severity, String what, String whatToDo) {

    /** OK: as it should be. WARN: works, but slower or not for everything. FAIL: a NIC could not be opened. */
    public enum Severity {
        OK,
        WARN,
        FAIL
    }

    static Finding ok(String what) {
        return new Finding(Severity.OK, what, "");
    }

    static Finding warn(String what, String whatToDo) {
        return new Finding(Severity.WARN, what, whatToDo);
    }

    static Finding fail(String what, String whatToDo) {
        return new Finding(Severity.FAIL, what, whatToDo);
    }

    @Override
    public String toString() {
        return severity + " " + what + (whatToDo.isEmpty() ? "" : ": " + whatToDo);
    }
}
