package org.shmrt.bench.rig.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The C programs of the rig, compiled for this machine in a directory that goes away with them.
 */
public final class CPrograms implements AutoCloseable {
    static final String COUNTER = "counter_pingpong";
    static final String SEMAPHORE = "semaphore_pingpong";
    static final String FRAME = "frame_pingpong";
    static final String LIBRARY = "library_pingpong";
    static final String PUBLISH = "publish";
    static final String MEMORY_COPY = "memory_copy";
    public static final String JITTER = "jitter";

    private static final List<String> HEADERS = List.of("pingpong.h", "frames.h");
    private static final List<String> NAMES = List.of(COUNTER, SEMAPHORE, FRAME, LIBRARY, PUBLISH, MEMORY_COPY, JITTER);
    private static final List<String> FLAGS = List.of("-std=gnu11", "-O2", "-pthread");
    /** After the sources: where the loader of libraries is. */
    private static final String LOADER = "-ldl";

    private static final long COMPILE_S = 60;

    private final Path directory;
    private final String compiler;

    private CPrograms(Path directory, String compiler) {
        this.directory = directory;
        this.compiler = compiler;
    }

    /** The compiler on this machine's path, if there is one. */
    public static Optional<Path> compiler() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of("cc", "gcc", "clang")
                .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(dir -> Path.of(dir, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Compiles the programs.
     *
     * @throws IOException saying what the compiler said
     */
    public static CPrograms compile(Path compiler) throws IOException {
        CPrograms programs = new CPrograms(Files.createTempDirectory("shmrt_rig_c"), firstLineOf(compiler));
        try {
            for (String header : HEADERS) {
                programs.copySource(header);
            }
            for (String name : NAMES) {
                programs.copySource(name + ".c");
                programs.compile(compiler, name);
            }
            return programs;
        } catch (IOException | RuntimeException e) {
            programs.close();
            throw e;
        }
    }

    private void copySource(String source) throws IOException {
        try (InputStream in = CPrograms.class.getResourceAsStream("/org/shmrt/bench/rig/c/" + source)) {
            Files.copy(in, directory.resolve(source));
        }
    }

    private void compile(Path compiler, String name) throws IOException {
        List<String> command = new ArrayList<>(List.of(compiler.toString()));
        command.addAll(FLAGS);
        command.addAll(List.of("-o", path(name), path(name) + ".c", LOADER));
        Process cc = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (exitStatus(cc) != 0) {
            throw new IOException(compiler + " cannot compile " + name + ".c: " + said);
        }
    }

    private static String firstLineOf(Path compiler) throws IOException {
        Process cc = new ProcessBuilder(compiler.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        String said = new String(cc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        exitStatus(cc);
        return said.lines().findFirst().orElse(compiler.toString());
    }

    private static int exitStatus(Process cc) throws IOException {
        try {
            if (!cc.waitFor(COMPILE_S, TimeUnit.SECONDS)) {
                cc.destroyForcibly();
                throw new IOException("the C compiler has not ended within " + COMPILE_S + " s");
            }
            return cc.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cc.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }

    /** Where the program of that name is. */
    public String path(String name) {
        return directory.resolve(name).toString();
    }

    /** What compiled them, and how. */
    public String description() {
        return compiler + ", " + String.join(" ", FLAGS);
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.exists(directory) ? Files.list(directory) : Stream.empty()) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
