package org.shmrt.stream.format.milk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.ProcessTrace;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.Golden;
import org.shmrt.testing.contract.GoldenContract;

/** Files of milk's own C library and of pyMilk. */
class MilkGoldenTest extends GoldenContract {
    private static final long NS_PER_S = 1_000_000_000L;

    MilkGoldenTest() {
        super("milk");
    }

    static Stream<Golden> files() {
        return Golden.of("milk");
    }

    @Override
    protected Shape expectedShape(Golden golden) {
        List<Long> lengths = new ArrayList<>(golden.numbers("axes_c"));
        Collections.reverse(lengths);
        return Shape.of(lengths.stream().mapToLong(n -> n).toArray());
    }

    @Override
    protected long expectedDataOffset(Golden golden) {
        return golden.number("layout", "data");
    }

    @Override
    protected String expectedVariant(Golden golden) {
        return golden.name().contains("writehistory") ? "2.00-writehistory" : "2.00";
    }

    /** The list ends at the first record without a name. */
    @Override
    protected Stream<JsonObject> keywordsInUse(List<JsonObject> table) {
        return table.stream()
                .takeWhile(keyword -> !keyword.get("name").getAsString().isEmpty());
    }

    @Override
    protected void assertContinued(Golden golden, ImageStream stream) {
        assertEquals(
                golden.number("metadata", "sem"), stream.layout().semaphores().count());
        assertEquals(List.of(), scratch.semaphores(), "milk's semaphores are in the file");
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldFindEveryRegionWhereTheManifestDescribesIt(Golden golden) {
        Path path = copy(golden);
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            StreamLayout layout = stream.layout();

            assertEquals(golden.number("layout", "metadata_bytes"), layout.headerStride());
            assertEquals(golden.number("layout", "data"), layout.dataOffset());
            assertEquals(golden.number("layout", "keywords"), layout.keywords().offset());
            assertEquals(
                    golden.number("layout", "semaphores"), layout.semaphores().offset());
            assertEquals(golden.number("layout", "semlog"), layout.semaphores().logOffset());
            assertEquals(
                    golden.number("layout", "semReadPID"), layout.semaphores().readerPidOffset());
            assertEquals(
                    golden.number("layout", "semWritePID"), layout.semaphores().writerPidOffset());
            assertEquals(
                    golden.number("layout", "streamproctrace"), layout.traces().offset());
            assertEquals(golden.number("metadata", "sem"), layout.semaphores().count());
            assertEquals(
                    golden.number("metadata", "NBproctrace"), layout.traces().count());
            if (layout.cube() != null && layout.cube().countOffset() >= 0) {
                assertEquals(
                        golden.number("layout", "atimearray"),
                        layout.cube().acquired().offset());
                assertEquals(
                        golden.number("layout", "writetimearray"),
                        layout.cube().written().offset());
                assertEquals(golden.number("layout", "cntarray"), layout.cube().countOffset());
            }
            if (layout.circular() != null) {
                assertEquals(
                        golden.number("metadata", "CBsize"), layout.circular().size());
                assertEquals(
                        golden.number("layout", "CircBuff_md"),
                        layout.circular().recordsOffset());
                assertEquals(
                        golden.number("layout", "CBimdata"), layout.circular().dataOffset());
            } else {
                assertEquals(0, golden.number("metadata", "CBsize"));
            }
            if (layout.writeHistory() != null) {
                assertEquals(
                        golden.number("layout", "writehist"),
                        layout.writeHistory().recordsOffset());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldReadTheFrameThatTheManifestDescribes(Golden golden) {
        Path path = copy(golden);
        boolean stuck = golden.number("metadata", "write") != 0;
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(golden.number("metadata", "cnt0"), stream.status().cnt0());
            assertEquals(golden.number("metadata", "cnt1"), stream.status().cnt1());
            assertEquals(stuck, stream.status().writing());
            assertFalse(stream.status().strict());
            assertEquals(golden.number("metadata", "inode"), stream.status().storedInode());
            assertEquals(
                    golden.number("metadata", "creatorPID"), stream.status().creatorPid());
            assertEquals(time(golden, "creationtime"), stream.status().createdNs());
            assertEquals(time(golden, "writetime"), stream.status().writtenNs());
            assertEquals(stuck ? Verdict.STALE_WRITER : Verdict.FRESH, reader.newest());
            assertEquals(golden.number("metadata", "cnt0"), reader.count());
            assertEquals(time(golden, "atime"), reader.acquiredNs());
            assertEquals(
                    golden.expectedElements(golden.entry().getAsJsonObject("data")),
                    Golden.elements(golden.type(), reader.frame()));
            assertEquals(!stuck, reader.validate());
        }
    }

    private static long time(Golden golden, String key) {
        List<JsonElement> parts =
                golden.entry().getAsJsonObject("metadata").getAsJsonArray(key).asList();
        return parts.get(0).getAsLong() * NS_PER_S + parts.get(1).getAsLong();
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldReadTheSemaphoresAndTheirPosters(Golden golden) {
        Path path = copy(golden);
        StreamInfo info = StreamInfo.of(path);
        JsonObject semaphores = golden.entry().getAsJsonObject("semaphores");

        assertEquals(semaphores.get("count").getAsInt(), info.semaphores().size());
        for (int i = 0; i < info.semaphores().size(); i++) {
            if (!semaphores.get("value_each").isJsonNull()) {
                assertEquals(
                        semaphores.get("value_each").getAsInt(),
                        info.semaphores().get(i).value());
            }
            assertEquals(
                    Math.max(0, golden.numbers("semReadPID").get(i)),
                    info.semaphores().get(i).readerPid());
        }
        if (!info.semaphores().isEmpty() && golden.entry().has("semWritePID_first")) {
            assertEquals(
                    Math.max(0, golden.entry().get("semWritePID_first").getAsInt()),
                    info.semaphores().getFirst().writerPid());
        }
        assertTrue(info.warnings().stream().anyMatch(f -> f.contains("number of another file")), "the file is a copy");
    }

    @Test
    void shouldReadTheProcessTrace() {
        Path path = Golden.named("milk", "proctrace_2d_uint8").copyTo(scratch.stream("trace"));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            assertEquals(
                    List.of(new ProcessTrace(0, 4242, 987654321, 11 * NS_PER_S + 12, 13 * NS_PER_S + 14, 5, 6, 77)),
                    stream.traces());
        }
    }
}
