package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.nic.FaultProfile;
import io.spinwire.stats.Counter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bulk between the engine on AF_XDP and the kernel's TCP, over a router that loses packets at random, and under a NIC
 * that does: every byte arrives, and few losses are left to a timeout. What the engine and the kernel move over the
 * same path is printed, not judged.
 */
@Tag("kernel")
@ExtendWith(Requirements.class)
@Timeout(120)
class LossyKernelPeerTest {
    private static final int SEGMENT = 1448;

    /** The kernel itself was seen to have one in 30 to 40 at 5 %, and in 100 or more at 1 %. */
    private static final int LOSSES_PER_TIMEOUT = 8;

    /** Timeouts because the machine did not run the other end for a while. */
    private static final int PAUSES = 5;

    private final RouterLab lab = RouterLab.create();
    private EngineHost engine;
    private Talk talk;

    @BeforeAll
    static void checkNft() {
        RouterLab.checkNft();
    }

    @AfterEach
    void stop() {
        if (engine != null) {
            engine.close();
        }
        lab.close();
    }

    private void start(FaultProfile faults) {
        engine = new EngineHost(lab, config -> config, faults);
        talk = new Talk(lab, engine);
    }

    /**
     * In turns, so that all have the same share of a machine that does other things as well. Where much is lost the
     * rate is a matter of how many timeouts of 200 ms there were: they are what is judged.
     */
    @ParameterizedTest
    @CsvSource({"0, 32, 3", "10, 8, 5", "50, 2, 9"})
    void shouldMoveEveryByteWhenTheRouterLosesPackets(int perMille, int megabytes, int rounds) throws Exception {
        start(null);
        lab.lose(perMille);
        final long bytes = (long) megabytes << 20;
        final Road out =
                new Road("engine to kernel", () -> talk.engineToKernel(bytes), () -> engine.count(Counter.TcpTimeouts));
        final Road in = new Road("kernel to engine", () -> talk.kernelToEngine(bytes), () -> timeouts(lab.peer()));
        final Road plainOut = new Road(
                "kernel to kernel",
                () -> talk.kernelToKernel(lab.plain(), RouterLab.PEER, lab.peer(), bytes),
                () -> timeouts(lab.plain()));
        final Road plainIn = new Road(
                "kernel to kernel",
                () -> talk.kernelToKernel(lab.peer(), RouterLab.PLAIN, lab.plain(), bytes),
                () -> timeouts(lab.peer()));
        for (int i = 0; i < rounds; i++) {
            for (final Road road : List.of(out, plainOut, in, plainIn)) {
                road.go();
            }
        }
        System.out.printf(
                "loss %.1f %% of packets either way by the router, %d rounds of %d MiB in turns, medians, no frame"
                        + " longer than the MTU of 1500 on any link (no TSO, GSO or GRO)%n  %s%n  %s%n",
                perMille / 10.0, rounds, megabytes, out.compared(plainOut), in.compared(plainIn));
        final long lost = rounds * bytes / SEGMENT * perMille / 1000;
        for (final Road road : List.of(out, in)) {
            assertTrue(road.timeouts() <= lost / LOSSES_PER_TIMEOUT + PAUSES, road + " with about " + lost + " losses");
        }
    }

    private long timeouts(String host) {
        return lab.count(host, "TCPTimeouts");
    }

    @ParameterizedTest
    @CsvSource({"0.01, 4", "0.05, 2"})
    void shouldMoveEveryByteWhenTheNicLosesFrames(double loss, int megabytes) throws Exception {
        start(FaultProfile.builder().loss(loss).build());
        final long bytes = (long) megabytes << 20;
        final double out = talk.engineToKernel(bytes);
        final double in = talk.kernelToEngine(bytes);
        System.out.printf(
                "loss %.1f %% by the NIC, %d MiB: engine to kernel %.0f Mbit/s, kernel to engine %.0f%n",
                loss * 100, megabytes, out, in);
        assertTrue(engine.count(Counter.TcpRetransSegs) > 0);
    }

    @Test
    void shouldMoveEveryByteWhenTheNicReordersDuplicatesAndCorrupts() throws Exception {
        start(FaultProfile.builder()
                .loss(0.005)
                .reorder(0.02, TimeUnit.MICROSECONDS.toNanos(300))
                .duplicate(0.01, 0)
                .corrupt(0.005, 3)
                .build());
        final double out = talk.engineToKernel(4 << 20);
        final double in = talk.kernelToEngine(4 << 20);
        System.out.printf("a bad NIC, 4 MiB: engine to kernel %.0f Mbit/s, kernel to engine %.0f%n", out, in);
    }

    @Test
    void shouldMoveEveryByteBothWaysAtOnceWhenTheRouterLosesPackets() throws Exception {
        start(null);
        lab.lose(20);
        talk.bothWays(2 << 20, SocketOptions.DEFAULTS);
    }
}
