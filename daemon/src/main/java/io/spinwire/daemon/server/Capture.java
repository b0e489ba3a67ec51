package io.spinwire.daemon.server;

import io.spinwire.nic.CaptureNic;
import io.spinwire.nic.CaptureRing;
import io.spinwire.nic.CaptureWriter;
import io.spinwire.nic.Nic;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/** Frames on their way into a file: the decorated NIC for the engine, and the thread that writes what it has copied. */
final class Capture implements AutoCloseable {
    private final CaptureNic nic;
    private final CaptureWriter writer;
    private final AgentRunner runner;

    Capture(Nic captured, Path file, NanoClock clock) {
        final CaptureRing ring = new CaptureRing(CaptureRing.DEFAULT_CAPACITY, CaptureRing.DEFAULT_SNAP_LENGTH);
        final long epochOffsetNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - clock.nanoTime();
        nic = new CaptureNic(captured, clock, ring);
        writer = new CaptureWriter(ring, file, captured, CaptureWriter.DEFAULT_MAX_FILE_BYTES, epochOffsetNs);
        runner = new AgentRunner(
                new SleepingMillisIdleStrategy(1),
                error -> System.err.println("spinwire: capture: " + error.getMessage()),
                null,
                writer);
        AgentRunner.startOnThread(runner, Thread.ofPlatform().daemon()::unstarted);
    }

    Nic nic() {
        return nic;
    }

    /** What became of the frames, for people. */
    String summary() {
        return "captured " + writer.written() + " frames, " + writer.overruns()
                + " left out because the disk was too slow, " + writer.skipped()
                + " because the file was full or the disk failed";
    }

    /** Writes the rest; after the engine has ended. */
    @Override
    public void close() {
        runner.close();
    }
}
