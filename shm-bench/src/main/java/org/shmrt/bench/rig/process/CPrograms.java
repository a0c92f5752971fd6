package org.shmrt.bench.rig.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.shmrt.bench.Leftovers;
import org.shmrt.process.ChildProcess;
import org.shmrt.process.ChildProcessException;

/** The C programs of the rig, compiled for this machine in a temporary directory that {@link #close} removes. */
public final class CPrograms implements AutoCloseable {
    static final String COUNTER = "counter_pingpong";
    static final String SEMAPHORE = "semaphore_pingpong";
    static final String FRAME = "frame_pingpong";
    static final String LIBRARY = "library_pingpong";
    static final String ICEORYX = "iceoryx_pingpong";
    static final String PUBLISH = "publish";
    static final String MEMORY_COPY = "memory_copy";
    public static final String JITTER = "jitter";

    /** Where the build puts the C sources in the jar. */
    private static final String SOURCES = "/org/shmrt/bench/rig/c/";

    private static final List<String> HEADERS = List.of("pingpong.h", "frames.h", "realtime.h", "packets.h");
    private static final List<String> NAMES = List.of(COUNTER, SEMAPHORE, FRAME, LIBRARY, PUBLISH, MEMORY_COPY, JITTER);
    private static final List<String> FLAGS = List.of("-std=gnu11", "-O2", "-pthread");
    /** The library of dlopen. Libraries must follow the sources. */
    private static final String DLOPEN_LIBRARY = "-ldl";

    private static final String ICEORYX_LIBRARY = "-liceoryx_binding_c";

    private static final long COMPILE_NS = 60_000_000_000L;

    private final Path directory;
    private final String compiler;
    private final List<String> flags;

    private CPrograms(Path directory, String compiler, List<String> flags) {
        this.directory = directory;
        this.compiler = compiler;
        this.flags = flags;
        Leftovers.add(directory);
    }

    /** The first C compiler in the PATH, if there is one. */
    public static Optional<Path> compiler() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of("cc", "gcc", "clang")
                .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(dir -> Path.of(dir, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Compiles the programs of the rig, among them the one for iceoryx if that is installed.
     *
     * @throws IOException if that fails, with the output of the compiler
     */
    public static CPrograms compile(Path compiler) throws IOException {
        CPrograms programs = compile(compiler, NAMES, FLAGS);
        try {
            Optional<Path> iceoryx = Iceoryx.headers();
            if (iceoryx.isPresent()) {
                programs.copySource(ICEORYX + ".c");
                programs.compile(compiler, ICEORYX, List.of("-I" + iceoryx.get()), List.of(ICEORYX_LIBRARY));
            }
            return programs;
        } catch (IOException | RuntimeException e) {
            programs.close();
            throw e;
        }
    }

    /**
     * Compiles some programs.
     *
     * @param names without suffix
     * @throws IOException if that fails, with the output of the compiler
     */
    public static CPrograms compile(Path compiler, List<String> names, List<String> flags) throws IOException {
        String version = versionOf(compiler); // before there is a directory: it fails if this is no compiler
        CPrograms programs = new CPrograms(Files.createTempDirectory("shmrt_rig_c"), version, flags);
        try {
            for (String header : HEADERS) {
                programs.copySource(header);
            }
            for (String name : names) {
                programs.copySource(name + ".c");
                programs.compile(compiler, name, List.of(), List.of(DLOPEN_LIBRARY));
            }
            return programs;
        } catch (IOException | RuntimeException e) {
            programs.close();
            throw e;
        }
    }

    private void copySource(String source) throws IOException {
        try (InputStream in = CPrograms.class.getResourceAsStream(SOURCES + source)) {
            Files.copy(in, directory.resolve(source));
        }
    }

    private void compile(Path compiler, String name, List<String> moreFlags, List<String> libraries)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(compiler.toString()));
        command.addAll(flags);
        command.addAll(moreFlags);
        command.addAll(List.of("-o", path(name), path(name) + ".c"));
        command.addAll(libraries);
        try (ChildProcess process = start(command)) {
            if (process.exitCode() != 0) {
                throw new IOException(compiler + " cannot compile " + name + ".c: "
                        + process.errors().strip());
            }
        } catch (ChildProcessException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static String versionOf(Path compiler) throws IOException {
        try (ChildProcess process = start(List.of(compiler.toString(), "--version"))) {
            return process.rest().stream().findFirst().orElse(compiler.toString());
        } catch (ChildProcessException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static ChildProcess start(List<String> command) {
        return ChildProcess.builder(command)
                .name("the C compiler")
                .silenceTimeoutNs(COMPILE_NS)
                .start();
    }

    /** The path of a program. */
    public String path(String name) {
        return directory.resolve(name).toString();
    }

    /** The version and the flags of the compiler. */
    public String description() {
        return compiler + ", " + String.join(" ", flags);
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.exists(directory) ? Files.list(directory) : Stream.empty()) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.deleteIfExists(directory);
            Leftovers.forget(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
