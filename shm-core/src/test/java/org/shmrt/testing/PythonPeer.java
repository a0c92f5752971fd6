package org.shmrt.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.shmrt.stream.FrameWriter;

/** A program of the other side, written with Python's standard library alone. */
public final class PythonPeer {
    private static final boolean PRESENT = ChildProcess.works("python3", "-c", "import ctypes, mmap");

    private PythonPeer() {}

    /** Skips the calling test where there is no Python. */
    public static void assumePresent() {
        Assumptions.assumeTrue(PRESENT, "there is no python3 with ctypes here, so there is no peer to exchange with");
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

    /** Runs a script of the test resources to its end; it must end well. */
    public static List<String> run(String script, Object... words) {
        try (ChildProcess child = start(script, words)) {
            return child.finish();
        }
    }

    /** Asserts that a peer that waits for two frames of four bytes prints them. */
    public static void assertPrintsTwoFrames(ChildProcess peer, FrameWriter writer) {
        writer.write(MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
        assertEquals("1 01020304", peer.line());

        writer.write(MemorySegment.ofArray(new byte[] {5, 6, 7, 8}));
        assertEquals("2 05060708", peer.line());
        peer.finish();
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
