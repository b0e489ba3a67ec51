package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.NicException;
import io.spinwire.nic.NicFilter;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class XskFilterLimitTest {

    @Test
    void shouldRefuseFilterWhenItHasNoAddress() {
        assertEquals(
                "the filter has no address, so no frame would arrive: give the engine an address, or write filter=all"
                        + " to take every frame of the queue",
                refusal(new int[0], new int[0]));
    }

    @Test
    void shouldRefuseFilterWhenItHasTooManyAddresses() {
        assertTrue(refusal(new int[257], new int[0]).contains("has 257 addresses; at most 256"));
    }

    @Test
    void shouldRefuseFilterWhenPortIsOutOfRange() {
        assertTrue(refusal(new int[] {1}, new int[] {65536}).contains("has port 65536; ports are 0 to 65535"));
        assertTrue(refusal(new int[] {1}, new int[] {-1}).contains("has port -1"));
    }

    @Test
    void shouldRefuseFilterWhenItHasTooManySeparatePorts() {
        final int[] ports = IntStream.range(0, 1025).map(i -> 2 * i).toArray();
        assertTrue(refusal(new int[] {1}, ports).contains("has 1025 separate ranges of ports; at most 1024"));
    }

    @Test
    void shouldAcceptManyPortsWhenTheyAreNeighbours() {
        final int[] ports = IntStream.range(0, 65536).toArray();
        XskFilter.check(new NicFilter(new int[] {1}, ports));
    }

    private static String refusal(int[] addresses, int[] ports) {
        final NicFilter filter = new NicFilter(addresses, ports);
        return assertThrows(NicException.class, () -> XskFilter.check(filter)).getMessage();
    }
}
