package io.spinwire.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.nic.Nic;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are spoilt on purpose fail, name their seed, and say what is wrong. */
class SabotageTest {
    private static String failure(long seed, UnaryOperator<Nic> cable, boolean isForgettingTimers) {
        final Simulation.Sabotage sabotage = new Simulation.Sabotage(cable, isForgettingTimers);
        final SimulationFailure failure = assertThrows(
                SimulationFailure.class,
                () -> new Simulation(seed, null, (random, hosts) -> Weather.oneInTwenty(hosts), sabotage, null).run());
        assertTrue(failure.getMessage().contains("make sim SEED=" + seed), failure.getMessage());
        return failure.getMessage();
    }

    private static void isFound(String what, String failure) {
        assertTrue(failure.contains(what), failure);
    }

    @Test
    void shouldFindFramesThatVanish() {
        isFound("frames", failure(4, nic -> new SpoiltNic(nic, SpoiltNic.Spoil.LOSE), false));
    }

    @Test
    void shouldFindContentThatIsChanged() {
        isFound("wrong byte", failure(4, nic -> new SpoiltNic(nic, SpoiltNic.Spoil.SWAP), false));
    }

    @Test
    void shouldFindRunThatComesToRestTooEarly() {
        isFound("nothing will ever happen again", failure(4, nic -> nic, true));
    }

    @Test
    void shouldFindConnectionThatComesToNothing() {
        isFound("ended TIMED_OUT", failure(7, nic -> new SpoiltNic(nic, SpoiltNic.Spoil.STARVE), false));
    }

    @Test
    void shouldFindRunThatDoesNotEndInTime() {
        isFound("not done in time", failure(3, nic -> new SpoiltNic(nic, SpoiltNic.Spoil.STARVE), false));
    }

    @Test
    void shouldFindBytesThatAreReadWrongOrTooFar() {
        final Content content = new Content(1, 1_000);
        final int at = content.offset(10);
        assertNull(content.fault(Content.buffer(), at, 10, 500));
        isFound("wrong byte at 11", content.fault(changed(at, 1), 0, 10, 500));
        assertNotNull(content.fault(Content.buffer(), content.offset(900), 900, 101));
    }

    private static UnsafeBuffer changed(int from, int index) {
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[500]);
        copy.putBytes(0, Content.buffer(), from, 500);
        copy.putByte(index, (byte) ~copy.getByte(index));
        return copy;
    }

    /** What fast path on and off are compared by. */
    @ParameterizedTest
    @ValueSource(ints = {0, 14, 40, 59})
    void shouldTellRunsApartByAnyByteAndTime(int index) {
        assertEquals(digest(0, 0, 0), digest(0, 0, 0));
        assertNotEquals(digest(0, 0, 0), digest(index, 1, 0));
        assertNotEquals(digest(0, 0, 0), digest(0, 0, 1));
    }

    private static long digest(int index, int change, long nowNs) {
        final CachedNanoClock clock = new CachedNanoClock();
        clock.update(nowNs);
        final SimSwitch cable = new SimSwitch(2, 1500, 16);
        final WireNic.Listeners nobody = new WireNic.Listeners(fault -> {}, null);
        final WireNic wire = new WireNic(cable.port(0), clock, (local, remote) -> null, nobody);
        final int offset = wire.claim(60);
        wire.txBuffer().setMemory(offset, 60, (byte) 0);
        wire.txBuffer().putByte(offset + index, (byte) change);
        wire.commit(60);
        return wire.digest();
    }
}
