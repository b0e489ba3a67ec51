package io.spinwire.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counters;
import org.junit.jupiter.api.Test;

final class ProfileTest {
    private static TcpConfig tcp(ConfigReader reader) {
        return reader.set("addresses", "10.0.0.2/24", "--address")
                .build()
                .engine(new Counters())
                .tcp();
    }

    @Test
    void shouldLowerDelaysWhenLatencyIsWanted() {
        final TcpConfig tcp = tcp(new ConfigReader().profile("latency", "--profile"));
        assertEquals(10_000_000L, tcp.minRtoNs());
        assertTrue(tcp.maxDelayedAckNs() < TcpConfig.DEFAULTS.minDelayedAckNs());
    }

    @Test
    void shouldHaveLargerBuffersWhenThroughputIsWanted() {
        final TcpConfig tcp = tcp(new ConfigReader().profile("throughput", "--profile"));
        assertTrue(tcp.receiveBuffer() > TcpConfig.DEFAULTS.receiveBuffer());
        assertTrue(tcp.sendBuffer() > TcpConfig.DEFAULTS.sendBuffer());
    }

    @Test
    void shouldLetWhatFollowsWin() {
        final TcpConfig tcp =
                tcp(new ConfigReader().profile("latency", "--profile").set("tcp.min-rto", "50ms", "--set"));
        assertEquals(50_000_000L, tcp.minRtoNs());
    }

    @Test
    void shouldNameProfilesThereAreWhenOneIsNot() {
        final ConfigException e =
                assertThrows(ConfigException.class, () -> new ConfigReader().profile("../x", "--profile"));
        assertEquals("--profile: \"../x\" is no profile: latency or throughput", e.getMessage());
    }
}
