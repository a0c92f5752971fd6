package org.shmrt.stream.format.milk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.PythonPeer;

/**
 * The exchange with milk's own library, if the environment variable {@code SHMRT_MILK_REAL} names a directory with
 * {@code libImageStreamIO.so}, and, if they are to be tried as well, {@code libImageStreamIO-dao-compat.so} and {@code
 * libImageStreamIO-writehistory.so}, built with {@code DAO_COMPAT} and {@code IMAGESTRUCT_WRITEHISTORY}.
 */
class MilkRealTest extends MilkPeerContract {
    private static final String VARIABLE = "SHMRT_MILK_REAL";

    @BeforeAll
    static void findLibrary() {
        PythonPeer.assumePresent();
        String directory = System.getenv(VARIABLE);
        Assumptions.assumeTrue(
                directory != null && Files.exists(Path.of(directory, "libImageStreamIO.so")),
                VARIABLE + " does not name a directory with milk's own libImageStreamIO.so");
    }

    @Override
    ChildProcess start(String build, Object... words) {
        Path library =
                Path.of(System.getenv(VARIABLE), "libImageStreamIO" + build.substring(DEFAULT_BUILD.length()) + ".so");
        Assumptions.assumeTrue(Files.exists(library), () -> "there is no " + library);
        Object[] all = new Object[words.length + 1];
        all[0] = library;
        System.arraycopy(words, 0, all, 1, words.length);
        return PythonPeer.start("milk_real.py", all);
    }

    /** The creation warnings predict both. */
    @Test
    void shouldRejectWhatTheCreationWarningsPredict() {
        StreamSpec spec = StreamSpec.milk(DataType.UINT8, Shape.of(2, 2));
        String start = scratch.stream("").toString().replace(".im.shm", "");
        path = Path.of(start + "x".repeat(200 - start.length() - 7) + ".im.shm");
        try (ImageStream stream = ImageStream.create(path, spec)) {
            assertTrue(stream.creationWarning() != null);
        }
        assertEquals(1, exitCode("read", path));

        path = Path.of(path.toString().replace("xxxxxxx.im", ".im"));
        try (ImageStream stream = ImageStream.create(path, spec)) {
            stream.writer().write(MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
        }
        assertEquals(0, exitCode("read", path));
    }

    /** A library of 2.00 rejects streams of 2.01, as the warning says, and the other way round. */
    @Test
    void shouldOpenTheStreamsOfItsVersionOnly() {
        StreamSpec spec = StreamSpec.milk(DataType.UINT8, Shape.of(2, 2));
        List<Integer> statuses = new ArrayList<>();
        for (String version : List.of("2.00", "2.01")) {
            path = scratch.stream("v" + version);
            try (ImageStream stream = ImageStream.create(path, spec.withVariant(version));
                    FrameWriter writer = stream.writer()) {
                writer.write(MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
            }
            statuses.add(exitCode("read", path));
        }

        assertTrue(
                statuses.equals(List.of(0, 1)) || statuses.equals(List.of(1, 0)),
                "the library opens the streams of one version: " + statuses);
    }

    private int exitCode(Object... words) {
        try (ChildProcess child = start(DEFAULT_BUILD, words)) {
            return child.exitCode();
        }
    }
}
