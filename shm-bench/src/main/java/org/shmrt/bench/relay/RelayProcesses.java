package org.shmrt.bench.relay;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.IoUtil;
import org.shmrt.bench.rig.process.RigProcess;
import org.shmrt.cli.Shm;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.ImageStream;

/** Processes that copy streams of this machine to copies on it. Closing it ends them and removes the copies. */
final class RelayProcesses implements AutoCloseable {
    private static final long SILENCE_NS = 60_000_000_000L;
    private static final String SUFFIX = ".im.shm";

    private final List<ChildProcess> children = new ArrayList<>();
    private final List<Path> copies = new ArrayList<>();

    /**
     * Starts {@code shm relay serve}.
     *
     * @param streams what it serves
     * @param options further options
     * @return the line that says where it listens
     */
    String serve(List<Path> streams, String... options) {
        List<String> command = new ArrayList<>(List.of("relay", "serve", "--port", "0", "--wait", "sem"));
        streams.forEach(stream -> command.add(stream.toString()));
        command.addAll(List.of(options));
        return start(Shm.class, command).lineWith("shm relay serve: listening");
    }

    /** The port of the relay's own protocol, from the line of {@code shm relay serve}. */
    static String port(String listening) {
        return listening.replaceAll(".*127\\.0\\.0\\.1:([0-9]+) .*", "$1");
    }

    /** The port of DAO's protocol, from the line of {@code shm relay serve}. */
    static String daoPort(String listening) {
        return listening.replaceAll(".* for DAO, ([0-9]+) .*", "$1");
    }

    /** Starts {@code shm relay get}, and returns the path of the copy that it makes. */
    Path get(String port, Path stream, String... options) {
        Path copy = addCopy(stream);
        String file = stream.getFileName().toString();
        String name = file.substring(0, file.length() - SUFFIX.length());
        List<String> command =
                new ArrayList<>(List.of("relay", "get", "127.0.0.1:" + port + ":" + name, copy.toString()));
        command.addAll(List.of(options));
        start(Shm.class, command);
        return copy;
    }

    /** The path of the copy of a stream, which is removed at the end. */
    Path addCopy(Path stream) {
        Path copy = stream.resolveSibling("copy_" + stream.getFileName());
        copies.add(copy);
        return copy;
    }

    /** Starts a program of this benchmark or of ShmRT. */
    ChildProcess start(Class<?> main, List<String> words) {
        ChildProcess child = RigProcess.start(
                String.join(" ", words),
                RigProcess.java(List.of("-XX:-UsePerfData", "-XX:+UseSerialGC"), main, words.toArray(String[]::new)),
                SILENCE_NS);
        children.add(child);
        return child;
    }

    @Override
    public void close() {
        children.reversed().forEach(child -> {
            child.kill();
            child.close();
            removePage(child.pid());
            IoUtil.delete(new File("/dev/shm/shmrt-aeron." + child.pid() + "-1"), true);
        });
        copies.stream().filter(Files::exists).forEach(ImageStream::remove);
    }

    /** A killed relay leaves its page. */
    private static void removePage(long pid) {
        try {
            Files.deleteIfExists(Path.of("/dev/shm/shmrt-relay." + pid));
        } catch (IOException e) {
            System.err.println("relay: cannot remove the page of process " + pid + ": " + e.getMessage());
        }
    }
}
