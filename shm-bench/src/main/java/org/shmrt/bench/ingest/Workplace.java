package org.shmrt.bench.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.shmrt.bench.Leftovers;
import org.shmrt.bench.TemporaryStream;
import org.shmrt.bench.rig.process.CPrograms;
import org.shmrt.bench.rig.process.RigProcess;
import org.shmrt.cli.Shm;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.ImageStream;

/** What the parts of the benchmark share: programs, a directory in memory, the plan and the notes. */
final class Workplace implements AutoCloseable {
    /** No program may be silent longer. */
    static final long SILENCE_NS = 600_000_000_000L;

    private final CPrograms programs;
    private final Path directory;
    private final double seconds;
    private final int pairs;
    private final Set<String> notes;

    Workplace(CPrograms programs, double seconds, int pairs, Set<String> notes) throws IOException {
        this.programs = programs;
        this.seconds = seconds;
        this.pairs = pairs;
        this.notes = notes;
        this.directory = Files.createTempDirectory(TemporaryStream.memoryDirectory(), "shmrt_ingest_");
        Leftovers.add(directory);
    }

    double seconds() {
        return seconds;
    }

    int pairs() {
        return pairs;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    String program(String name) {
        return programs.path(name);
    }

    void note(String text) {
        notes.add(text);
    }

    void progress(String part, int pair) {
        System.err.println("ingest: " + part + ", pair " + (pair + 1) + " of " + pairs);
    }

    ChildProcess start(String name, List<String> command) {
        return RigProcess.start(name, command, SILENCE_NS);
    }

    /** The command {@code shm grab} in a JVM of its own, as the launcher starts it. */
    List<String> grab(String source, Path stream, String... words) {
        List<String> command = RigProcess.java(List.of("-XX:-UsePerfData", "-XX:+UseSerialGC"), Shm.class, "grab");
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(source, stream.toString(), "--json"));
        all.addAll(List.of(words));
        return all;
    }

    /** Removes a stream, if a program has created it. */
    void remove(Path stream) {
        if (Files.exists(stream)) {
            ImageStream.remove(stream).ifPresent(this::note);
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
        Leftovers.forget(directory);
    }
}
