package io.spinwire.daemon;

import io.spinwire.daemon.config.ConfigReader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spinwire config}: prints the file of all settings, or checks one. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        header = "Print a configuration file with every setting, or check one.",
        footer = {"", "Examples:", "  spinwire config > spinwire.toml", "  spinwire config --check spinwire.toml"})
final class ConfigCommand implements Callable<Integer> {
    @Option(names = "--check", paramLabel = "FILE", description = "Say whether this file is right.")
    private Path file;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "Print what a profile sets: latency, throughput or none.")
    private String profile;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (profile != null) {
            spec.commandLine().getOut().print(ConfigReader.profileText(profile, "--profile"));
            spec.commandLine().getOut().flush();
        } else if (file == null) {
            spec.commandLine().getOut().print(ConfigReader.shippedFile());
            spec.commandLine().getOut().flush();
        } else {
            new ConfigReader().file(file).build();
            spec.commandLine().getOut().println(file + ": all settings are right");
        }
        return 0;
    }
}
