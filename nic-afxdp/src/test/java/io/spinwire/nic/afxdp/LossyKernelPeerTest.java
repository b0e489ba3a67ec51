package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.nic.FaultProfile;
import io.spinwire.stats.Counter;
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
 * that does: every byte arrives. What the engine and the kernel move over the same path is printed, not judged.
 */
@Tag("kernel")
@ExtendWith(Requirements.class)
@Timeout(120)
class LossyKernelPeerTest {
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

    @ParameterizedTest
    @CsvSource({"0, 32", "10, 8", "50, 2"})
    void shouldMoveEveryByteWhenTheRouterLosesPackets(int perMille, int megabytes) throws Exception {
        start(null);
        lab.lose(perMille);
        final long bytes = (long) megabytes << 20;
        final double out = talk.engineToKernel(bytes);
        final double in = talk.kernelToEngine(bytes);
        final double plainOut = talk.kernelToKernel(lab.plain(), RouterLab.PEER, lab.peer(), bytes);
        final double plainIn = talk.kernelToKernel(lab.peer(), RouterLab.PLAIN, lab.plain(), bytes);
        System.out.printf(
                "loss %.1f %% by the router, %d MiB: engine to kernel %.0f Mbit/s (kernel to kernel %.0f), "
                        + "kernel to engine %.0f (%.0f); engine sent %d segments again%n",
                perMille / 10.0, megabytes, out, plainOut, in, plainIn, engine.count(Counter.TcpRetransSegs));
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
