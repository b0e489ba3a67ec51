package io.spinwire.tcp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Numbers connections, from 1 on, from any thread. */
final class NextId {
    private static final VarHandle LAST;

    static {
        try {
            LAST = MethodHandles.lookup().findVarHandle(NextId.class, "last", long.class);
        } catch (final ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private long last;

    long next() {
        return (long) LAST.getAndAdd(this, 1L) + 1;
    }
}
