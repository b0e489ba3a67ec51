package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.EngineConfigBuilder;
import io.spinwire.api.MtuProbing;
import io.spinwire.api.PathMtuMode;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A Linux router whose link to the kernel peer is narrower than anyone says. */
@Tag("kernel")
@ExtendWith(Requirements.class)
@Timeout(60)
class RouterMtuTest {
    private static final int MTU = 1000;
    private static final long BYTES = 1 << 20;

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

    private void start(UnaryOperator<EngineConfigBuilder> settings) {
        engine = new EngineHost(lab, settings, null);
        talk = new Talk(lab, engine);
        lab.narrow(MTU);
    }

    @Test
    void shouldFollowWhenTheRouterSaysWhatThePathTakes() throws Exception {
        start(config -> config);
        talk.engineConnects(BYTES, BYTES, SocketOptions.DEFAULTS);
        assertEquals(1, engine.count(Counter.TcpPathMtuReductions));
        talk.kernelConnects(BYTES, BYTES, SocketOptions.DEFAULTS);
        assertEquals(1, engine.count(Counter.TcpPathMtuReductions)); // it is known by now
    }

    @Test
    void shouldBeFragmentedWhenTheSocketAllowsIt() throws Exception {
        start(config -> config);
        final SocketOptions options =
                SocketOptions.builder().pathMtuMode(PathMtuMode.DONT).build();
        talk.engineConnects(BYTES, 0, options);
        assertEquals(0, engine.count(Counter.TcpPathMtuReductions));
        assertEquals(0, engine.count(Counter.IcmpInDestUnreachs));
    }

    @Test
    void shouldFindTheSizeByTryingWhenTheRouterSaysNothing() throws Exception {
        start(config -> config.tcp(TcpConfig.builder()
                .mtuProbing(MtuProbing.ON_BLACK_HOLE)
                .baseMss(512)
                .build()));
        lab.silenceRouter();
        talk.engineConnects(4 * BYTES, 0, SocketOptions.DEFAULTS);
        assertEquals(0, engine.count(Counter.IcmpInDestUnreachs));
        assertTrue(engine.count(Counter.TcpMTUPSuccess) + engine.count(Counter.TcpMTUPFail) > 0);
    }
}
