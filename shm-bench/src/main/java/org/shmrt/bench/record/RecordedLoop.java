package org.shmrt.bench.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.shmrt.bench.loop.SteadyLoop;
import org.shmrt.bench.rig.process.RigProcess;
import org.shmrt.cli.Shm;
import org.shmrt.process.ChildProcess;

/** A control loop in this process, whose frames and commands {@code shm record} records in another one. */
final class RecordedLoop implements AutoCloseable {
    /** The status of a process that completes its work on SIGTERM. */
    private static final int TERMINATED = 128 + 15;

    private static final long SILENCE_NS = 60_000_000_000L;

    private final SteadyLoop loop = new SteadyLoop("recording");

    /** The 99.9th percentile of the time from a frame to its command, without a recorder. */
    long alone(double seconds) throws InterruptedException {
        return loop.endToEndP999Ns(seconds);
    }

    /** The same while both streams are recorded to a new directory. */
    long recorded(Path directory, double seconds) throws InterruptedException, IOException {
        List<String> command = RigProcess.java(
                List.of("-XX:-UsePerfData", "-XX:+UseSerialGC"),
                Shm.class,
                "record",
                loop.camera().toString(),
                loop.mirror().toString(),
                "--out",
                directory.toString());
        try (ChildProcess recorder = RigProcess.start("shm record", command, SILENCE_NS)) {
            long startNs = System.nanoTime();
            while (!isRecording(directory)) {
                if (recorder.hasEnded() || System.nanoTime() - startNs > SILENCE_NS) {
                    throw new IllegalStateException("shm record records nothing: " + recorder.rest());
                }
                Thread.sleep(1);
            }
            long result = loop.endToEndP999Ns(seconds);
            boolean ignored =
                    ProcessHandle.of(recorder.pid()).map(ProcessHandle::destroy).orElse(false);
            List<String> summary = recorder.rest();
            if (recorder.exitCode() != TERMINATED || summary.isEmpty()) {
                throw new IllegalStateException("shm record failed: " + summary);
            }
            return result;
        }
    }

    private static boolean isRecording(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".fits")).count() == 2;
        }
    }

    /** Why the loop runs although it is not armed: a remark for the report, or an empty text. */
    String remark() {
        return loop.remark();
    }

    @Override
    public void close() {
        loop.close();
    }
}
