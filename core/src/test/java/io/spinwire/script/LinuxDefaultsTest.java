package io.spinwire.script;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.EngineConfig;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not configured is as Linux has it: sysctls by the table that scripts go by, the rest one by one. */
class LinuxDefaultsTest {
    private static final TcpConfig DEFAULTS = TcpConfig.DEFAULTS;

    private static Stream<Map.Entry<String, String>> sysctls() {
        return LinuxSettings.defaults().entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("sysctls")
    void shouldBeWhatTheSysctlIsWhenNothingIsSet(Map.Entry<String, String> sysctl) throws Exception {
        final String name = sysctl.getKey();
        // Linux has 0 there, and takes 8: tcp_orphan_retries()
        final String value = name.equals("orphanRetries") ? "8" : sysctl.getValue();
        final TcpConfigBuilder builder = TcpConfig.builder();
        assertTrue(new Value(value).set(builder, name), "no setting is called " + name);
        assertEquals(figure(builder.build(), name), figure(DEFAULTS, name));
    }

    private static Object figure(TcpConfig config, String name) throws ReflectiveOperationException {
        for (final var accessor : TcpConfig.class.getMethods()) {
            if (accessor.getName().equals(name) || accessor.getName().equals(name + "Ns")) {
                return accessor.invoke(config);
            }
        }
        throw new NoSuchMethodException(name);
    }

    @Test
    void shouldBeLinuxsConstantsWhenNothingIsSet() {
        assertEquals(SECONDS.toNanos(1), DEFAULTS.initialRtoNs());
        assertEquals(10, DEFAULTS.initialWindow());
        assertEquals(MILLISECONDS.toNanos(40), DEFAULTS.minDelayedAckNs());
        assertEquals(MILLISECONDS.toNanos(200), DEFAULTS.maxDelayedAckNs());
        assertEquals(16, DEFAULTS.quickAckSegments());
        assertEquals(SECONDS.toNanos(60), DEFAULTS.timeWaitNs());
        assertEquals("cubic", DEFAULTS.congestionControl());
        assertTrue(DEFAULTS.fastOpenClient());
        assertFalse(DEFAULTS.fastOpenServer());
        assertTrue(DEFAULTS.pathMtuDiscovery());
    }

    @Test
    void shouldChooseLinuxsPortsWhenNothingIsSet() {
        final EngineConfig config =
                EngineConfig.builder().address("10.0.0.2/24").build();
        assertEquals(32768, config.firstPort());
        assertEquals(60999, config.lastPort());
    }
}
