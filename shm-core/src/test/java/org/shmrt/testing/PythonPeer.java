package org.shmrt.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.Verdict;

/** A Python program that implements the other side of an exchange with only the standard library. */
public final class PythonPeer {
    private static final boolean PRESENT = ExternalCommand.succeeds("python3", "-c", "import ctypes, mmap");

    private PythonPeer() {}

    /** Skips the calling test if there is no Python. */
    public static void assumePresent() {
        Assumptions.assumeTrue(PRESENT, "no python3 with ctypes found to run the peer");
    }

    /** Starts a script of the test resources. */
    public static ChildProcess start(String script, Object... words) {
        List<String> command =
                new ArrayList<>(List.of("python3", "-B", file(script).toString()));
        for (Object word : words) {
            command.add(word.toString());
        }
        return ChildProcess.start(command);
    }

    /** Runs a script of the test resources, which must exit with status 0, and returns its output lines. */
    public static List<String> run(String script, Object... words) {
        try (ChildProcess child = start(script, words)) {
            return child.finish();
        }
    }

    /**
     * Waits for the next frame of a program that holds no lock on the stream, as no program but ShmRT does. If such a
     * program has no processor for half a second while it writes, it counts as dead, and then continues.
     */
    public static Verdict awaitNext(FrameReader reader, long timeoutNs) {
        Verdict verdict = reader.awaitNext(timeoutNs);
        while (verdict == Verdict.STALE_WRITER) {
            verdict = reader.awaitNext(timeoutNs);
        }
        return verdict;
    }

    /** Asserts that a peer that waits for two frames of four bytes prints them. */
    public static void assertPrintsTwoFrames(ChildProcess peer, FrameWriter writer) {
        writer.write(MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
        assertEquals("1 01020304", peer.line());

        writer.write(MemorySegment.ofArray(new byte[] {5, 6, 7, 8}));
        assertEquals("2 05060708", peer.line());
        peer.finish();
    }

    /** The text of a script of the test resources. */
    public static String text(String script) {
        try {
            return Files.readString(file(script));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of a script of the test resources. */
    public static Path file(String script) {
        try {
            return Path.of(Objects.requireNonNull(PythonPeer.class.getResource("/python/" + script), script)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
