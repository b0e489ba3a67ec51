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
        collect(new TomlMapper().readTree(ConfigReader.shippedFile()), "", inFile);
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

    @Test
    void shouldHaveTheDefaultsOfTheClassesWhenShipped() throws Exception {
        final DaemonConfig shipped = new ConfigReader()
                .text(ConfigReader.shippedFile(), "spinwire.toml")
                .set("addresses", "10.0.0.2/24", "--address")
                .build();
        final DaemonConfig byDefault =
                new ConfigReader().set("addresses", "10.0.0.2/24", "--address").build();
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
