package io.spinwire.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TcpTableTest {
    private static final int STEPS = 200_000;
    private static final int ADDRESSES = 4;
    private static final int PORTS = 1_500; // more than the table begins with, so that it grows

    private final TcpTable table = new TcpTable(42);

    /** What should be there under some addresses and ports. */
    private record Entry(int handle, TcpSock sock) {}

    @Test
    void shouldFindWhatAMapFindsWhateverIsPutReplacedAndRemoved() {
        final SplittableRandom random = new SplittableRandom(1);
        final Map<Long, Entry> expected = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            final long pair = random.nextInt(ADDRESSES);
            final int ports = random.nextInt(PORTS);
            final long key = pair << 32 | ports;
            final Entry known = expected.get(key);
            switch (random.nextInt(4)) {
                case 0 -> expected.put(key, putSock(pair, ports, step));
                case 1 -> expected.put(key, putOther(pair, ports, step));
                case 2 -> remove(pair, ports, known, expected, key);
                default -> check(pair, ports, known);
            }
            assertEquals(expected.size(), table.size());
        }
        expected.forEach((key, entry) -> check(key >>> 32, (int) (long) key, entry));
    }

    private Entry putSock(long pair, int ports, int index) {
        final TcpSock sock = new TcpSock(index);
        sock.addressPair = pair;
        sock.ports = ports;
        table.put(sock);
        return new Entry(TcpTable.handle(TcpTable.KIND_SOCK, index), sock);
    }

    private Entry putOther(long pair, int ports, int index) {
        final int handle = TcpTable.handle(TcpTable.KIND_TIME_WAIT, index);
        table.put(pair, ports, handle);
        return new Entry(handle, null);
    }

    private void remove(long pair, int ports, Entry known, Map<Long, Entry> expected, long key) {
        table.remove(pair, ports, TcpTable.handle(TcpTable.KIND_REQUEST, 7)); // another's: left alone
        check(pair, ports, known);
        if (known != null) {
            table.remove(pair, ports, known.handle());
            expected.remove(key);
            check(pair, ports, null);
        }
    }

    private void check(long pair, int ports, Entry known) {
        if (known == null) {
            assertEquals(TcpTable.NOT_FOUND, table.find(pair, ports));
            assertNull(table.sock(pair, ports));
        } else {
            assertEquals(known.handle(), table.find(pair, ports));
            assertSame(known.sock(), table.sock(pair, ports));
        }
    }
}
