package io.spinwire.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.tcp.cc.CongestionWindow;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;

/**
 * Where HotSpot puts a socket's fields, and how much an idle connection costs: the budget of ARCHITECTURE section 3.
 */
class SockLayoutTest {
    /** Eight cache lines: SACK, RACK, ECN, pacing and the tuning of buffers are looked at with every segment. */
    private static final int HOT = 512;

    private static final int COLD = 200;

    /** The window, and CUBIC's own state. */
    private static final int CONGESTION = 104;

    private static final int FACADE = 64;
    private static final int TABLE = 32;
    private static final int TIMER = 24;

    /** What all of TCP needs to know of a connection; with what the JVM and the tables add, still less than 1 KiB. */
    private static final int ENDPOINT = 912;

    private static final int ALIGNMENT = 8;

    private static final List<Class<?>> GROUPS = List.of(SockShared.class, SockRx.class, SockTx.class, SockCold.class);

    @Test
    void shouldKeepGroupsTogetherInTheOrderOfTheClassChain() {
        for (int i = 1; i < GROUPS.size(); i++) {
            final long endOfUpper = end(GROUPS.get(i - 1));
            long strayed = 0;
            for (final Field field : fields(GROUPS.get(i))) {
                strayed += offset(field) < endOfUpper ? size(field) : 0; // HotSpot fills what alignment leaves free
            }
            assertTrue(
                    strayed < ALIGNMENT, GROUPS.get(i).getSimpleName() + ": " + strayed + " bytes in the group above");
        }
    }

    @Test
    void shouldHaveNoFieldsOutsideTheGroups() {
        final List<Class<?>> chain = new ArrayList<>();
        for (Class<?> type = TcpSock.class; type != Object.class; type = type.getSuperclass()) {
            chain.addFirst(type);
        }
        assertEquals(GROUPS, chain.subList(0, GROUPS.size()));
        assertEquals(GROUPS.size() + 1, chain.size());
        assertTrue(fields(TcpSock.class).isEmpty());
    }

    @Test
    void shouldStayWithinBudgetWhenIdle() throws ClassNotFoundException {
        final long hot = end(SockTx.class);
        final long cold = instance(TcpSock.class) - hot;
        final long congestion = instance(CongestionWindow.class) + instance(Class.forName("io.spinwire.tcp.cc.Cubic"));
        final long facade = instance(InlineSocket.class);
        assertTrue(hot <= HOT, "hot fields: " + hot);
        assertTrue(cold <= COLD, "cold fields: " + cold);
        assertTrue(congestion <= CONGESTION, "congestion control: " + congestion);
        assertTrue(facade <= FACADE, "facade: " + facade);
        final long endpoint = hot + cold + congestion + facade + TABLE + TIMER;
        assertTrue(endpoint <= ENDPOINT, "endpoint: " + endpoint);
    }

    @Test
    void shouldFitACacheLineWhenOnlyARecordIsKept() {
        assertEquals(64, Records.LENGTH);
    }

    private static List<Field> fields(Class<?> type) {
        final List<Field> fields = new ArrayList<>();
        for (final Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
                fields.add(field);
            }
        }
        return fields;
    }

    private static long offset(Field field) {
        return UnsafeApi.objectFieldOffset(field);
    }

    private static int size(Field field) {
        final Class<?> type = field.getType();
        if (type == long.class || type == double.class) {
            return Long.BYTES;
        }
        if (type == short.class || type == char.class) {
            return Short.BYTES;
        }
        return type == boolean.class || type == byte.class ? 1 : Integer.BYTES; // references are compressed
    }

    /** Behind the last byte of the type's own fields. */
    private static long end(Class<?> type) {
        return fields(type).stream()
                .mapToLong(field -> offset(field) + size(field))
                .max()
                .orElseThrow();
    }

    private static long instance(Class<?> leaf) {
        long end = 0;
        for (Class<?> type = leaf; type != Object.class; type = type.getSuperclass()) {
            end = fields(type).isEmpty() ? end : Math.max(end, end(type));
        }
        return end + ALIGNMENT - 1 & -ALIGNMENT;
    }
}
