package io.spinwire.daemon.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.spinwire.Cidr;
import io.spinwire.stats.Counters;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Collects settings from a TOML file and from flags, later ones replacing earlier ones, and makes a
 * {@link DaemonConfig} of them. Every refusal names the place, the setting and what is allowed. Set-up time only.
 */
public final class ConfigReader {
    /** Ready-made settings for one purpose. */
    private static final List<String> PROFILES = List.of("latency", "throughput");

    /** For whoever wants none of them. */
    private static final String NO_PROFILE = "none";

    /** What the shipped file chooses, and who says nothing about it has. */
    private static final String SHIPPED_PROFILE = "latency";

    private static final String PROFILE = "profile";
    private static final String SHIPPED_FILE = "spinwire.toml";
    private static final String SUFFIX = ".toml";

    /** A value and where it was given: {@code file.toml:12} or {@code --gateway}. */
    private record Given(Setting setting, Object value, String place) {}

    private final Settings settings = new Settings();
    private final Map<String, Given> given = new LinkedHashMap<>();

    /** The file with all settings: the latency profile's, and the others at their defaults, each with a comment. */
    public static String shippedFile() {
        return resource(SHIPPED_FILE);
    }

    /**
     * Chooses a profile, one of {@link #PROFILES} or none; whatever a file or a flag says itself replaces its settings.
     */
    public ConfigReader profile(String name, String flag) {
        profileText(name, flag);
        return set(PROFILE, name, flag);
    }

    /** What a profile says, as TOML; {@code place} is where it was chosen, in case that it is refused. */
    public static String profileText(String name, String place) {
        if (name.equals(NO_PROFILE)) {
            return "# No profile: the defaults, which are Linux's. \"spinwire config\" has them, also behind #:\n";
        }
        if (!PROFILES.contains(name)) {
            throw new ConfigException(
                    place + ": \"" + name + "\" is no profile: " + String.join(", ", PROFILES) + " or " + NO_PROFILE);
        }
        return resource(name + SUFFIX);
    }

    private static String resource(String name) {
        try (InputStream in = ConfigReader.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the settings of a file. */
    public ConfigReader file(Path path) {
        try {
            return text(Files.readString(path), path.toString());
        } catch (final NoSuchFileException e) {
            throw new ConfigException(path + ": no such file; \"spinwire config\" prints one to start from");
        } catch (final IOException e) {
            throw new ConfigException(path + ": cannot be read: " + e.getMessage());
        }
    }

    /** Takes the settings of a file's text. */
    public ConfigReader text(String toml, String fileName) {
        final JsonNode root;
        try {
            root = new TomlMapper().readTree(toml);
        } catch (final JsonProcessingException e) {
            final int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new ConfigException(fileName + ":" + line + ": not TOML: " + e.getOriginalMessage());
        }
        take(root, "", new TomlLines(toml, fileName));
        return this;
    }

    private void take(JsonNode table, String prefix, TomlLines lines) {
        for (final Map.Entry<String, JsonNode> entry : table.properties()) {
            final String path = prefix + entry.getKey();
            final Setting setting = settings.find(path);
            if (setting != null) {
                put(setting, () -> setting.value(entry.getValue()), lines.place(path));
            } else if (entry.getValue().isObject() && Suggestion.isTable(settings, path)) {
                take(entry.getValue(), path + ".", lines);
            } else {
                throw new ConfigException(lines.place(path) + ": " + Suggestion.unknown(settings, path));
            }
        }
    }

    /** Takes one setting from a flag; {@code flag} is how the user gave it. */
    public ConfigReader set(String path, String text, String flag) {
        final Setting setting = settings.find(path);
        if (setting == null) {
            throw new ConfigException(flag + ": " + Suggestion.unknown(settings, path));
        }
        put(setting, () -> setting.value(text), flag);
        return this;
    }

    private void put(Setting setting, Supplier<Object> value, String place) {
        try {
            given.put(setting.path(), new Given(setting, value.get(), place));
        } catch (final IllegalArgumentException e) {
            throw new ConfigException(place + ": " + setting.path() + ": " + e.getMessage());
        }
    }

    /** The configuration, checked as a whole. */
    public DaemonConfig build() {
        final DaemonConfig config = new DaemonConfig();
        takeProfile();
        for (final Given one : given.values()) {
            try {
                one.setting.target().accept(config, one.value);
            } catch (final IllegalArgumentException e) {
                throw new ConfigException(one.place + ": " + one.setting.path() + ": " + e.getMessage());
            }
        }
        check(config);
        return config;
    }

    /** A profile gives what nobody else has given, wherever it was chosen; where none was, the shipped file's. */
    private void takeProfile() {
        final Given chosen = given.get(PROFILE);
        final String name = chosen == null ? SHIPPED_PROFILE : (String) chosen.value;
        final String place = chosen == null ? SHIPPED_FILE : chosen.place;
        final ConfigReader profile = new ConfigReader().text(profileText(name, place), name + SUFFIX);
        profile.given.forEach(given::putIfAbsent);
    }

    private void check(DaemonConfig config) {
        if (config.addresses().isEmpty()) {
            throw new ConfigException(
                    "no address: give --address 10.0.0.2/24, or addresses = [\"10.0.0.2/24\"] in the file");
        }
        if (config.strayGateway() != 0) {
            throw new ConfigException(place("gateway") + "gateway: " + Cidr.format(config.strayGateway())
                    + " is in the network of none of the addresses " + config.addresses());
        }
        checkServices(config);
        checkPorts(config);
        try {
            config.engine(new Counters());
        } catch (final IllegalArgumentException e) {
            throw new ConfigException(located(e.getMessage()));
        }
    }

    private void checkServices(DaemonConfig config) {
        if (config.ping() != null && !config.allPorts()) {
            throw new ConfigException(place("services.ping") + "services.ping needs all-ports = true (--all-ports):"
                    + " its replies come to ports that are chosen anew for each connection");
        }
    }

    /** Two services cannot have one port: the later one is told of. */
    private void checkPorts(DaemonConfig config) {
        final Map<Integer, String> services = new HashMap<>();
        config.ports().forEach((service, port) -> {
            final String other = services.putIfAbsent(port, service);
            if (other != null) {
                final String path = "services." + service;
                throw new ConfigException(place(path) + path + ": port " + port + " is that of services." + other
                        + " already: choose another");
            }
        });
    }

    private String place(String path) {
        return given.containsKey(path) ? given.get(path).place + ": " : "";
    }

    /** The engine's message in the words of the file: with its place, its names and its units. */
    private String located(String message) {
        String text = message;
        String place = "";
        for (final Setting setting : settings.all()) {
            final String pattern = "\\b" + setting.javaName() + "\\b";
            if (!text.matches(".*" + pattern + ".*")) {
                continue;
            }
            if (place.isEmpty()) {
                place = place(setting.path());
            }
            text = text.replaceAll(pattern, setting.path());
            if (setting.kind() == Setting.Kind.DURATION) {
                text = Pattern.compile("\\b\\d+\\b")
                        .matcher(text)
                        .replaceAll(number -> Durations.format(Long.parseLong(number.group())));
            }
        }
        return place + text;
    }
}
