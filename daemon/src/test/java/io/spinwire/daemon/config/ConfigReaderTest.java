package io.spinwire.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.Cidr;
import io.spinwire.EngineConfig;
import io.spinwire.stats.Counters;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigReaderTest {
    private static final String ADDRESS = "addresses = [\"10.0.0.2/24\"]\n";

    @Test
    void shouldTakeEverySettingWhenFileGivesIt() {
        final DaemonConfig config = read("""
                nic = "afxdp:eth0,queue=1"
                addresses = ["10.0.0.2/24", "10.1.0.2/16"]
                gateway = "10.0.0.1"
                all-ports = true
                routes = ["192.168.0.0/16 via 10.0.0.3"]
                neighbours = ["10.0.0.9 02:00:00:00:00:0a"]
                [services]
                echo = 7
                ping = "10.0.0.1:7"
                [run]
                idle = "busy-spin"
                cpu = 1
                shutdown-timeout = "250ms"
                [tcp]
                min-rto = "10ms"
                """);
        final EngineConfig engine = config.engine(new Counters());
        assertEquals("afxdp:eth0,queue=1", config.nic());
        assertEquals(List.of(Cidr.parse("10.0.0.2/24"), Cidr.parse("10.1.0.2/16")), engine.addresses());
        assertEquals(2, engine.routes().size());
        assertEquals(
                new EngineConfig.Neighbour(Cidr.parseAddress("10.0.0.9"), 0x02_00_00_00_00_0AL),
                engine.neighbours().getFirst());
        assertEquals(7, config.echoPort());
        assertEquals(7, config.ping().getPort());
        assertEquals("10.0.0.1", config.ping().getAddress().getHostAddress());
        assertEquals(DaemonConfig.Idle.BUSY_SPIN, config.idle());
        assertEquals(1, config.cpu());
        assertEquals(250_000_000, config.shutdownTimeoutNs());
        assertEquals(10_000_000, engine.tcp().minRtoNs());
        assertNull(config.pcap());
    }

    @Test
    void shouldLetFlagsWinWhenFileSaysOtherwise() {
        final DaemonConfig config = new ConfigReader()
                .text(ADDRESS + "[services]\necho = 7\n", "f.toml")
                .set("services.echo", "8", "--echo")
                .set("addresses", "10.9.0.2/24,10.9.0.3/24", "--address")
                .set("engine.accept-partial-checksums", "true", "--accept-partial-checksums")
                .set("tcp.min-rto", "5ms", "--set")
                .build();
        assertEquals(8, config.echoPort());
        assertEquals(2, config.addresses().size());
        assertTrue(config.engine(new Counters()).acceptPartialChecksums());
    }

    @Test
    void shouldNameLineAndNearestNameWhenSettingIsUnknown() {
        final String message = refusal(ADDRESS + "\n[tcp]\n# a comment\nmin-rot = \"1ms\"\n");
        assertTrue(message.startsWith("f.toml:5: unknown setting tcp.min-rot: did you mean tcp.min-rto?"), message);
        assertTrue(message.contains("window-scaling"), message);
    }

    @Test
    void shouldNameTheRightTableWhenSettingStandsInAnother() {
        final String message = refusal(ADDRESS + "echo = 7\n");
        assertTrue(message.startsWith("f.toml:2: unknown setting echo: did you mean services.echo?"), message);
    }

    @Test
    void shouldNameLineWhenTableIsUnknown() {
        assertTrue(refusal(ADDRESS + "[udp]\nx = 1\n").startsWith("f.toml:2: unknown setting udp"));
    }

    @Test
    void shouldSayWhatIsAllowedWhenValueHasTheWrongKind() {
        assertRefused(
                "f.toml:2: tcp.timestamps: \"yes\" is refused: it takes true or false", "tcp.timestamps = \"yes\"");
        assertRefused("f.toml:2: run.cpu: 1.5 is refused: it takes a whole number", "run.cpu = 1.5");
        assertRefused(
                "f.toml:2: tcp.min-rto: 10 is refused: it takes a time in quotes, as \"40ms\"", "tcp.min-rto = 10");
        assertRefused("f.toml:2: nic: 1 is refused: it takes a text in quotes", "nic = 1");
        assertRefused(
                "f.toml:2: routes: 5 is refused: it takes a list of texts, as [\"one\", \"two\"]", "routes = [5]");
    }

    @Test
    void shouldSayWhatIsAllowedWhenValueIsOutOfRange() {
        assertRefused(
                "f.toml:2: services.echo: 65536 is out of range: allowed are 0 to 65535", "services.echo = 65536");
        assertRefused("f.toml:2: engine.ttl 0 is out of range: allowed are 1 to 255", "engine.ttl = 0");
        assertRefused("f.toml:2: tcp.min-rto 1ns is out of range: allowed are 1ms to 2min", "tcp.min-rto = \"1ns\"");
        assertRefused(
                "f.toml:2: tcp.min-rto 2min exceeds tcp.max-rto 1min",
                "tcp.max-rto = \"60s\"\ntcp.min-rto = \"120s\"",
                3);
        assertRefused(
                "f.toml:2: tcp.receive-buffer 131072 exceeds tcp.receive-buffer-max 5000",
                "tcp.receive-buffer-max = 5000");
        assertRefused(
                "f.toml:2: tcp.congestion-control \"vegas\" is not known: allowed are reno, cubic, dctcp, bbr",
                "tcp.congestion-control = \"vegas\"");
        assertRefused("f.toml:2: run.idle: \"nap\" is not known: allowed are busy-spin, backoff", "run.idle = \"nap\"");
        assertRefused(
                "f.toml:2: run.shutdown-timeout: 2h is out of range: allowed are 0s to 1h",
                "run.shutdown-timeout = \"2h\"");
    }

    @Test
    void shouldNameTheLineWhenTextIsNotToml() {
        assertTrue(refusal(ADDRESS + "[tcp\n").startsWith("f.toml:2: not TOML: "));
        assertTrue(refusal(ADDRESS + "nic = \"a\"\nnic = \"b\"\n").contains(": not TOML: Duplicate key"));
    }

    @Test
    void shouldExplainHowToWriteItWhenAddressRouteOrNeighbourIsWrong() {
        assertRefused(
                "f.toml:2: neighbours: \"10.0.0.9\" is not a neighbour: write 10.0.0.9 02:00:00:00:00:09",
                "neighbours = [\"10.0.0.9\"]");
        assertRefused(
                "f.toml:2: routes: \"10.0.0.9\" is not a route: write 192.168.0.0/16 via 10.0.0.1",
                "routes = [\"10.0.0.9\"]");
        assertRefused(
                "f.toml:2: gateway: 192.168.1.1 is in the network of none of the addresses [10.0.0.2/24]",
                "gateway = \"192.168.1.1\"");
        assertRefused(
                "f.toml:2: services.ping: \"10.0.0.1\" is not a peer: write 10.0.0.1:7",
                "services.ping = \"10.0.0.1\"");
        assertTrue(refusal("addresses = [\"10.0.0.2\"]")
                .startsWith("f.toml:1: addresses: address \"10.0.0.2\" lacks its prefix"));
        assertTrue(refusal(ADDRESS + "services.ping = \"10.0.0.1:7\"")
                .startsWith("f.toml:2: services.ping needs all-ports"));
        assertTrue(refusal("").startsWith("no address: give --address 10.0.0.2/24"));
    }

    @Test
    void shouldNameTheFlagWhenFlagIsWrong() {
        final ConfigReader reader = new ConfigReader();
        final String message = assertThrows(ConfigException.class, () -> reader.set("services.echo", "seven", "--echo"))
                .getMessage();
        assertEquals("--echo: services.echo: \"seven\" is refused: it takes a whole number", message);
        assertTrue(assertThrows(ConfigException.class, () -> reader.set("tcp.x", "1", "--set"))
                .getMessage()
                .startsWith("--set: unknown setting tcp.x"));
    }

    @Test
    void shouldSayHowToMakeOneWhenFileIsMissing() {
        final ConfigReader reader = new ConfigReader();
        final Path missing = Path.of("/nowhere/spinwire.toml");
        assertTrue(assertThrows(ConfigException.class, () -> reader.file(missing))
                .getMessage()
                .contains("spinwire config"));
    }

    @Test
    void shouldSuggestTablesAndNothingFarFetchedWhenNameIsUnknown() {
        assertTrue(refusal(ADDRESS + "[tpc]\nmin-rto = \"1s\"\n").contains("did you mean tcp?"));
        assertTrue(!refusal(ADDRESS + "bogus = 1\n").contains("did you mean"));
    }

    private static void assertRefused(String expected, String line) {
        assertEquals(expected, refusal(ADDRESS + line + "\n"));
    }

    private static void assertRefused(String expected, String lines, int lineNumber) {
        assertEquals(expected.replace("f.toml:2", "f.toml:" + lineNumber), refusal(ADDRESS + lines + "\n"));
    }

    private static String refusal(String toml) {
        return assertThrows(ConfigException.class, () -> read(toml)).getMessage();
    }

    private static DaemonConfig read(String toml) {
        return new ConfigReader().text(toml, "f.toml").build();
    }
}
