package io.spinwire.daemon.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A daemon's own folder, {@code /dev/shm/spinwire/NAME}: its process, counters and control socket. The process is noted
 * with its start time, so that a later process of the same number is not taken for it: what a killed daemon left is
 * told from what a living one has, and removed by the next to start.
 */
public final class RunFolder implements AutoCloseable {
    /** Where daemons have their folders when nothing else is said. */
    public static final Path DEFAULT_PARENT = Path.of("/dev/shm/spinwire");

    private static final String PID_FILE = "pid";
    private static final String CPU_FILE = "cpu";

    /** As /tmp: everyone may add, nobody may remove another's. */
    private static final int SHARED_MODE = 01777;

    /**
     * Place of the start time, in clock ticks since boot, after the name's closing parenthesis. See proc(5), field 22.
     */
    private static final int START_TIME_FIELD = 20;

    private final Path path;

    private RunFolder(Path path) {
        this.path = path;
    }

    /**
     * Makes the folder, and removes those of daemons that are dead.
     *
     * @throws DaemonException when a daemon of this name is running
     */
    public static RunFolder create(Path parent, String name) {
        final Path path = parent.resolve(name);
        try {
            if (!Files.isDirectory(parent)) {
                Files.createDirectories(parent);
                Files.setAttribute(parent, "unix:mode", SHARED_MODE);
            }
            all(parent).stream().filter(folder -> !isLive(folder)).forEach(RunFolder::remove);
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            final long pid = ProcessHandle.current().pid();
            Files.writeString(path.resolve(PID_FILE), pid + " " + startTime(pid), StandardOpenOption.CREATE_NEW);
            return new RunFolder(path);
        } catch (final FileAlreadyExistsException e) {
            throw new DaemonException("a daemon called " + name + " is running already, process " + pid(path)
                    + ": stop it, or give this one another name with --name");
        } catch (final AccessDeniedException e) {
            throw new DaemonException("cannot make the folder " + path + ": this user may not write " + e.getFile()
                    + "; run.folder (--folder) names another place");
        } catch (final NoSuchFileException e) {
            throw new DaemonException("cannot make the folder " + path + ": there is no " + e.getFile()
                    + "; run.folder (--folder) names another place");
        } catch (final IOException e) {
            throw new DaemonException(
                    "cannot make the folder " + path + ": " + e + "; run.folder (--folder) names another place");
        }
    }

    /** Folders of daemons that are there, living or dead, in the order of their names. */
    public static List<Path> all(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of the process that made the folder, or {@code unknown}. */
    public static String pid(Path folder) {
        return note(folder)[0];
    }

    /** Whether the daemon that made the folder is running. */
    public static boolean isLive(Path folder) {
        final String[] note = note(folder);
        if (note.length != 2) {
            return !Files.isReadable(folder); // another user's: leave it alone
        }
        return note[1].equals(startTime(Long.parseLong(note[0])));
    }

    private static String[] note(Path folder) {
        try {
            return Files.readString(folder.resolve(PID_FILE)).strip().split(" ");
        } catch (final IOException e) {
            return new String[] {"unknown"};
        }
    }

    /** When a process started, in the kernel's ticks; empty when there is no such process. */
    private static String startTime(long pid) {
        try {
            final String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.substring(stat.lastIndexOf(')') + 1).split(" ")[START_TIME_FIELD];
        } catch (final IOException e) {
            return "";
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (final Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (final IOException | UncheckedIOException e) {
            System.err.println("spinwire: could not remove " + folder + ": " + e);
        }
    }

    /** Notes the CPU that this daemon's engine stays on, for daemons that start later. */
    public void noteCpu(int cpu) {
        try {
            Files.writeString(path.resolve(CPU_FILE), Integer.toString(cpu));
        } catch (final IOException e) {
            throw new DaemonException("cannot write into the folder " + path + ": " + e);
        }
    }

    /** CPUs that other daemons have noted, those of them that run, and that this user may see. */
    public Set<Integer> cpusOfOthers() {
        final Set<Integer> cpus = new TreeSet<>();
        for (final Path other : all(path.getParent())) {
            final Path file = other.resolve(CPU_FILE);
            if (other.equals(path) || !Files.isReadable(file) || !isLive(other)) {
                continue;
            }
            try {
                cpus.add(Integer.parseInt(Files.readString(file).strip()));
            } catch (final IOException | NumberFormatException e) {
                continue; // it is just being written, or removed
            }
        }
        return cpus;
    }

    public Path countersFile() {
        return countersFile(path);
    }

    static Path countersFile(Path folder) {
        return folder.resolve("counters");
    }

    public Path controlSocket() {
        return controlSocket(path);
    }

    static Path controlSocket(Path folder) {
        return folder.resolve("control");
    }

    /** Removes the folder with all that is in it; also the usual one above, when no other daemon is in it. */
    @Override
    public void close() {
        remove(path);
        if (path.startsWith(DEFAULT_PARENT) && all(DEFAULT_PARENT).isEmpty()) {
            remove(DEFAULT_PARENT);
        }
    }
}
