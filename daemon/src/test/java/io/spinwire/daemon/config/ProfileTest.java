package io.spinwire.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.EngineConfig;
import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counters;
import org.junit.jupiter.api.Test;

final class ProfileTest {
    private static DaemonConfig config(ConfigReader reader) {
        return reader.set("addresses", "10.0.0.2/24", "--address").build();
    }

    private static EngineConfig engine(ConfigReader reader) {
        return config(reader).engine(new Counters());
    }

    private static TcpConfig tcp(ConfigReader reader) {
        return engine(reader).tcp();
    }

    @Test
    void shouldLowerDelaysWhenLatencyIsWanted() {
        final TcpConfig tcp = tcp(new ConfigReader().profile("latency", "--profile"));
        assertTrue(tcp.minRtoNs() < TcpConfig.DEFAULTS.minRtoNs() / 2);
        assertTrue(tcp.maxDelayedAckNs() < TcpConfig.DEFAULTS.minDelayedAckNs());
    }

    @Test
    void shouldWaitForDelayedAcksOfLinuxPeersWhenLatencyIsWanted() {
        assertTrue(tcp(new ConfigReader()).minRtoNs() > TcpConfig.DEFAULTS.minDelayedAckNs());
    }

    @Test
    void shouldHaveLargerBuffersWhenThroughputIsWanted() {
        final TcpConfig tcp = tcp(new ConfigReader().profile("throughput", "--profile"));
        assertTrue(tcp.receiveBuffer() > TcpConfig.DEFAULTS.receiveBuffer());
        assertTrue(tcp.sendBuffer() > TcpConfig.DEFAULTS.sendBuffer());
    }

    @Test
    void shouldLetFramesGatherWhenThroughputIsWanted() {
        assertTrue(engine(new ConfigReader().profile("throughput", "--profile")).receivePauseNs() > 0);
        assertEquals(
                0, engine(new ConfigReader().profile("latency", "--profile")).receivePauseNs());
    }

    @Test
    void shouldLetSettingsWinWhereverTheyAreGiven() {
        assertEquals(
                70_000_000L,
                tcp(new ConfigReader().profile("latency", "--profile").set("tcp.min-rto", "70ms", "--set"))
                        .minRtoNs());
        assertEquals(
                60_000_000L,
                tcp(new ConfigReader()
                                .text("[tcp]\nmin-rto = \"60ms\"\n", "f.toml")
                                .profile("latency", "--profile"))
                        .minRtoNs());
    }

    @Test
    void shouldSelectLatencyWhenNobodyChooses() {
        final DaemonConfig config = config(new ConfigReader());
        assertEquals("latency", config.profile());
        assertEquals(DaemonConfig.Idle.BUSY_SPIN, config.idle());
        assertTrue(config.isOwnCpuWanted());
        assertTrue(tcp(new ConfigReader()).minRtoNs() < TcpConfig.DEFAULTS.minRtoNs());
    }

    @Test
    void shouldTakeTheFlagsProfileWhenFileChoosesAnother() {
        final ConfigReader reader =
                new ConfigReader().text("profile = \"throughput\"\n", "f.toml").profile("none", "--profile");
        final DaemonConfig config = config(reader);
        assertEquals("none", config.profile());
        assertEquals(DaemonConfig.Idle.BACKOFF, config.idle());
        assertEquals(TcpConfig.DEFAULTS.minRtoNs(), tcp(reader).minRtoNs());
    }

    @Test
    void shouldSizeRingsForAFullWindowWhenThroughputIsWanted() {
        final ConfigReader reader = new ConfigReader().profile("throughput", "--profile");
        assertEquals(
                "afxdp:eth0,ring=4096,frames=16384",
                config(reader.set("nic", "afxdp:eth0", "--nic")).nic());
        assertEquals(
                "afxdp:eth0,frames=512,ring=128",
                config(reader.set("nic", "afxdp:eth0,frames=512,ring=128", "--nic"))
                        .nic());
        assertEquals("pipe", config(reader.set("nic", "pipe", "--nic")).nic());
        assertEquals(
                "afxdp:eth0",
                config(new ConfigReader().set("nic", "afxdp:eth0", "--nic")).nic());
    }

    @Test
    void shouldNameProfilesThereAreWhenOneIsNot() {
        final ConfigException e =
                assertThrows(ConfigException.class, () -> new ConfigReader().profile("../x", "--profile"));
        assertEquals("--profile: \"../x\" is no profile: latency, throughput or none", e.getMessage());
    }
}
