package io.spinwire.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.spinwire.EngineConfig;
import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counters;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ShippedFileTest {
    /** Given by the daemon itself, or lists that have settings of their own and no default. */
    private static final Set<String> NOT_IN_ENGINE_TABLE = Set.of(
            "addresses", "routes", "neighbours", "tcp", "clock", "secretHigh", "secretLow", "counters", "builder");

    @Test
    void shouldContainEverySettingWhenShipped() throws Exception {
        final Set<String> inFile = new TreeSet<>();
        collect(new TomlMapper().readTree(withDefaults()), "", inFile);
        assertEquals(
                new Settings().all().stream().map(Setting::path).collect(Collectors.toCollection(TreeSet::new)),
                inFile);
    }

    @Test
    void shouldHaveASettingForEveryAccessorOfTheEnginesConfiguration() {
        final Set<String> names =
                new Settings().all().stream().map(Setting::javaName).collect(Collectors.toSet());
        final List<String> missing = Stream.concat(accessors(TcpConfig.class), accessors(EngineConfig.class))
                .map(Method::getName)
                .filter(name -> !NOT_IN_ENGINE_TABLE.contains(name) && !names.contains(name))
                .toList();
        assertEquals(List.of(), missing);
    }

    /** The file with the lines that the latency profile replaces. */
    private static String withDefaults() {
        return ConfigReader.shippedFile().replace("\n#: ", "\n");
    }

    private static ConfigReader reader() {
        return new ConfigReader().set("addresses", "10.0.0.2/24", "--address");
    }

    private static ConfigReader reader(String toml) {
        return new ConfigReader().text(toml, "spinwire.toml").set("addresses", "10.0.0.2/24", "--address");
    }

    @Test
    void shouldBeWhatHoldsWithoutAFileWhenShipped() throws Exception {
        final DaemonConfig shipped = reader(ConfigReader.shippedFile()).build();
        final DaemonConfig without = reader().build();
        assertSame(DaemonConfig.class, without, shipped);
        assertSame(EngineConfig.class, without.engine(new Counters()), shipped.engine(new Counters()));
        final TcpConfig tcp = shipped.engine(new Counters()).tcp();
        assertSame(TcpConfig.class, without.engine(new Counters()).tcp(), tcp);
        assertEquals("latency", shipped.profile());
        assertEquals(DaemonConfig.Idle.BUSY_SPIN, shipped.idle());
        assertTrue(tcp.minRtoNs() < TcpConfig.DEFAULTS.minRtoNs());
    }

    @Test
    void shouldLeaveOutJustWhatTheLatencyProfileSaysWhenShipped() throws Exception {
        final Set<String> inProfile = new TreeSet<>();
        collect(new TomlMapper().readTree(ConfigReader.profileText("latency", "")), "", inProfile);
        final Set<String> leftOut = new TreeSet<>();
        collect(new TomlMapper().readTree(withDefaults()), "", leftOut);
        final Set<String> given = new TreeSet<>();
        collect(new TomlMapper().readTree(ConfigReader.shippedFile()), "", given);
        leftOut.removeAll(given);
        assertEquals(inProfile, leftOut);
    }

    @Test
    void shouldHaveTheDefaultsOfTheClassesWhenShipped() throws Exception {
        final DaemonConfig shipped =
                reader(withDefaults()).profile("none", "--profile").build();
        final DaemonConfig byDefault = reader().profile("none", "--profile").build();
        assertSame(DaemonConfig.class, byDefault, shipped);
        final EngineConfig expected = byDefault.engine(new Counters());
        final EngineConfig actual = shipped.engine(new Counters());
        assertSame(EngineConfig.class, expected, actual);
        assertSame(TcpConfig.class, TcpConfig.DEFAULTS, actual.tcp());
    }

    @Test
    void shouldExplainEveryTableWhenShipped() {
        final String text = ConfigReader.shippedFile();
        assertTrue(text.lines().allMatch(line -> line.length() <= 125));
        assertTrue(text.lines().filter(line -> line.contains("#")).count() > 60);
    }

    private static <T> void assertSame(Class<T> type, T expected, T actual) throws Exception {
        for (final Method accessor : accessors(type).toList()) {
            final boolean isValue = accessor.getReturnType().isPrimitive()
                    || accessor.getReturnType() == String.class
                    || accessor.getReturnType().isEnum()
                    || accessor.getReturnType() == List.class;
            if (isValue && !accessor.getName().startsWith("secret")) {
                assertEquals(accessor.invoke(expected), accessor.invoke(actual), accessor.getName());
            }
        }
    }

    private static Stream<Method> accessors(Class<?> type) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getParameterCount() == 0);
    }

    private static void collect(JsonNode table, String prefix, Set<String> paths) {
        table.properties().forEach(entry -> {
            final String path = prefix + entry.getKey();
            if (entry.getValue().isObject()) {
                collect(entry.getValue(), path + ".", paths);
            } else {
                paths.add(path);
            }
        });
    }
}
