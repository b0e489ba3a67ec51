package io.spinwire.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"run", "stat", "paths", "demo", "doctor", "config", "lab"})
    void shouldExplainWithExamplesWhenAskedForHelp(String command) {
        assertEquals(0, run("help", command));
        final String help = out.toString();
        assertTrue(help.contains("Example"), help);
        assertTrue(help.contains("spinwire " + command), help);
        out.getBuffer().setLength(0);
        assertEquals(0, run(command, "--help"));
        assertEquals(help, out.toString());
    }

    @Test
    void shouldListCommandsButNotHiddenOnesWhenAskedForHelp() {
        assertEquals(0, run("--help"));
        assertTrue(out.toString().contains("doctor"), out.toString());
        assertFalse(out.toString().contains("client "), out.toString());
    }

    @Test
    void shouldPrintVersionWhenAsked() {
        assertEquals(0, run("--version"));
        assertTrue(out.toString().startsWith("spinwire "));
        assertTrue(out.toString().contains("Java "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "runn", "run --nope", "lab", "lab exec", "doctor", "stat --watch x"})
    void shouldExitWithTwoWhenArgumentsAreWrong(String line) {
        assertEquals(2, run(line.isEmpty() ? new String[0] : line.split(" ")));
        assertOneProblemWithoutStackTrace();
    }

    @Test
    void shouldSayWhatIsMissingWhenRunIsGivenTooLittle() {
        assertRefused("no address", "run");
        assertRefused("no network card: give --nic", "run", "--address=10.0.0.2/24");
        assertRefused("nothing to serve", "run", "--address=10.0.0.2/24", "--nic=pipe");
    }

    @Test
    void shouldNameTheFlagWhenItsValueIsWrong() {
        assertRefused("--echo: services.echo: \"x\"", "run", "--address=10.0.0.2/24", "--nic=pipe", "--echo=x");
        assertRefused("--set tcp.min-rot: unknown setting", "run", "--set=tcp.min-rot=1ms");
        assertRefused("--address: addresses: address \"10.0.0.2\" lacks its prefix", "run", "--address=10.0.0.2");
        assertRefused("--vlan: engine.vlan-id 5000 is out of range", "run", "--address=10.0.0.2/24", "--vlan=5000");
    }

    @Test
    void shouldNameTheDriversWhenNicIsUnknown() {
        assertRefused(
                "nic \"tun:x\" is not known: allowed are afxdp, as afxdp:eth0",
                "run",
                "--address=10.0.0.2/24",
                "--nic=tun:x",
                "--echo=7",
                "--folder=" + folder);
        assertTrue(isEmpty(folder));
    }

    @Test
    void shouldNameTheLineWhenFileIsWrong() throws Exception {
        final Path file = Files.writeString(folder.resolve("f.toml"), "nic = \"pipe\"\n[tcp]\nretries = 0\n");
        assertRefused(
                file + ":3: tcp.retries 0 is out of range: allowed are 1 to 127",
                "run",
                "--address=10.0.0.2/24",
                "--config=" + file);
    }

    @Test
    void shouldPrintAFileThatItAcceptsWhenAskedForConfig() throws Exception {
        assertEquals(0, run("config"));
        final Path file = Files.writeString(
                folder.resolve("f.toml"), out.toString().replace("addresses = []", "addresses = [\"10.0.0.2/24\"]"));
        assertEquals(0, run("config", "--check", file.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"latency", "throughput", "none"})
    void shouldPrintWhatAProfileSaysWhenAskedForIt(String profile) throws Exception {
        assertEquals(0, run("config", "--profile", profile));
        final Path file =
                Files.writeString(folder.resolve("f.toml"), "addresses = [\"10.0.0.2/24\"]\n" + out.toString());
        assertEquals(0, run("config", "--check", file.toString()));
        assertRefused("--profile: \"fast\" is no profile: latency, throughput or none", "config", "--profile=fast");
    }

    @Test
    void shouldSayThatNoneIsRunningWhenAskedForStatus() {
        assertRefused("no daemon called spinwire is running", "stat", "--folder=" + folder);
        assertRefused("no daemon called spinwire is running", "paths", "--flush", "--folder=" + folder);
    }

    @Test
    void shouldPassOptionsOnWhenLabExecIsGivenACommand() {
        final CommandLine.ParseResult parsed =
                Main.commandLine().parseArgs("lab", "exec", "b", "curl", "-s", "--max-time", "3", "http://10.77.0.2/");
        assertEquals(
                5,
                parsed.subcommand()
                        .subcommand()
                        .matchedPositional(1)
                        .<java.util.List<String>>getValue()
                        .size());
    }

    @Test
    void shouldSayWhatIsWrongInTwoLinesWhenFlagIsUnknown() {
        assertEquals(2, run("run", "--adress=10.0.0.2/24"));
        assertTrue(err.toString().startsWith("spinwire: Unknown option: '--adress=10.0.0.2/24'"), err.toString());
        assertTrue(err.toString().contains("--address"), err.toString());
        assertTrue(err.toString().contains("\"spinwire run --help\""), err.toString());
        assertTrue(err.toString().lines().count() <= 3, err.toString());
    }

    @Test
    void shouldRefuseWhenTwoServicesWantOnePort() {
        assertRefused(
                "--http: services.http: port 7 is that of services.echo already: choose another",
                "run",
                "--address=10.0.0.2/24",
                "--nic=pipe",
                "--echo=7",
                "--http=7");
    }

    @Test
    void shouldRefuseAndLeaveNothingWhenCpuCannotBeHad() {
        assertRefused(
                "cannot stay on cpu 1023: EINVAL",
                "run",
                "--address=10.0.0.2/24",
                "--nic=pipe",
                "--echo=7",
                "--cpu=1023",
                "--folder=" + folder);
        assertTrue(isEmpty(folder));
    }

    @Test
    void shouldSayHowToNameAnInterfaceWhenNicHasNoDriver() {
        assertRefused("write afxdp:eth0", "run", "--address=10.0.0.2/24", "--nic=eth0", "--echo=7");
    }

    @Test
    void shouldSayThatTheFolderIsMissingWhenCaptureCannotBeWritten() {
        final Path file = folder.resolve("none/x.pcapng");
        assertRefused(
                "capture file " + file + " cannot be written: there is no such folder",
                "run",
                "--address=10.0.0.2/24",
                "--nic=pipe",
                "--echo=7",
                "--pcap=" + file,
                "--folder=" + folder);
        assertTrue(isEmpty(folder));
    }

    private void assertRefused(String message, String... arguments) {
        err.getBuffer().setLength(0);
        assertEquals(1, run(arguments));
        assertTrue(err.toString().startsWith("spinwire: "), err.toString());
        assertTrue(err.toString().contains(message), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    private void assertOneProblemWithoutStackTrace() {
        assertFalse(err.toString().contains("\tat "), err.toString());
        assertFalse(err.toString().isEmpty());
    }

    private static boolean isEmpty(Path folder) {
        try (var entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        } catch (final java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
