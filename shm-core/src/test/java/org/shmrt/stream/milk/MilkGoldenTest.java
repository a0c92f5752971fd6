package org.shmrt.stream.milk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Keyword;
import org.shmrt.stream.ProcessTrace;
import org.shmrt.stream.StreamInfo;
import org.shmrt.stream.StreamLayout;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/** Files of milk's own library in C, and of pyMilk over it. */
@Timeout(60)
class MilkGoldenTest {
    private static final long NS_PER_S = 1_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    static Stream<Golden> files() {
        return Golden.of("milk");
    }

    @Test
    void shouldHaveAllTheFilesOfTheManifest() {
        assertEquals(40, files().count());
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldSeeTheImageThatTheManifestTells(Golden golden) {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            StreamLayout layout = stream.layout();
            List<Long> lengths = new ArrayList<>(golden.numbers("axes_c"));
            Collections.reverse(lengths);

            assertEquals("milk", layout.format());
            assertEquals(golden.type(), stream.type());
            assertEquals(golden.numbers("axes_c"), layout.axes());
            assertEquals(Shape.of(lengths.stream().mapToLong(n -> n).toArray()), stream.shape());
            assertEquals(golden.number("layout", "file_bytes"), layout.fileBytes());
            assertEquals(golden.entry().getAsJsonObject("metadata").get("name").getAsString(), layout.storedName());
            assertEquals(golden.name().contains("writehistory") ? "2.00-writehistory" : "2.00", layout.variant());
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldFindEveryRegionWhereTheManifestSays(Golden golden) {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            StreamLayout layout = stream.layout();

            assertEquals(golden.number("layout", "metadata_bytes"), layout.headerStride());
            assertEquals(golden.number("layout", "data"), layout.dataOffset());
            assertEquals(golden.number("layout", "keywords"), layout.keywords().offset());
            assertEquals(golden.number("layout", "semaphores"), layout.semaphores().offset());
            assertEquals(golden.number("layout", "semlog"), layout.semaphores().logOffset());
            assertEquals(golden.number("layout", "semReadPID"), layout.semaphores().readerPidOffset());
            assertEquals(golden.number("layout", "semWritePID"), layout.semaphores().writerPidOffset());
            assertEquals(golden.number("layout", "streamproctrace"), layout.traces().offset());
            assertEquals(golden.number("metadata", "sem"), layout.semaphores().count());
            assertEquals(golden.number("metadata", "NBproctrace"), layout.traces().count());
            if (layout.cube() != null && layout.cube().countOffset() >= 0) {
                assertEquals(golden.number("layout", "atimearray"), layout.cube().acquiredOffset());
                assertEquals(golden.number("layout", "writetimearray"), layout.cube().writtenOffset());
                assertEquals(golden.number("layout", "cntarray"), layout.cube().countOffset());
            }
            if (layout.circular() != null) {
                assertEquals(golden.number("metadata", "CBsize"), layout.circular().size());
                assertEquals(golden.number("layout", "CircBuff_md"), layout.circular().recordsOffset());
                assertEquals(golden.number("layout", "CBimdata"), layout.circular().dataOffset());
            } else {
                assertEquals(0, golden.number("metadata", "CBsize"));
            }
            if (layout.writeHistory() != null) {
                assertEquals(golden.number("layout", "writehist"), layout.writeHistory().recordsOffset());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldSeeTheFrameThatTheManifestTells(Golden golden) {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        boolean stuck = golden.number("metadata", "write") != 0;
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            assertEquals(golden.number("metadata", "cnt0"), stream.status().cnt0());
            assertEquals(golden.number("metadata", "cnt1"), stream.status().cnt1());
            assertEquals(stuck, stream.status().writing());
            assertFalse(stream.status().strict());
            assertEquals(golden.number("metadata", "inode"), stream.status().storedInode());
            assertEquals(golden.number("metadata", "creatorPID"), stream.status().creatorPid());
            assertEquals(time(golden, "creationtime"), stream.status().createdNs());
            assertEquals(time(golden, "writetime"), stream.status().writtenNs());
            assertEquals(stuck ? Verdict.STALE_WRITER : Verdict.FRESH, reader.newest());
            assertEquals(golden.number("metadata", "cnt0"), reader.count());
            assertEquals(time(golden, "atime"), reader.acquiredNs());
            assertEquals(golden.expectedElements(golden.entry().getAsJsonObject("data")),
                    Golden.elements(golden.type(), reader.frame()));
            assertEquals(!stuck, reader.validate());
        }
    }

    private static long time(Golden golden, String key) {
        List<JsonElement> parts = golden.entry().getAsJsonObject("metadata").getAsJsonArray(key).asList();
        return parts.get(0).getAsLong() * NS_PER_S + parts.get(1).getAsLong();
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldReadTheKeywordsUpToTheFirstWithoutName(Golden golden) {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        List<Keyword> expected = new ArrayList<>();
        for (JsonObject keyword : golden.keywords()) {
            if (keyword.get("name").getAsString().isEmpty()) {
                break;
            }
            Keyword.Type type = Keyword.Type.ofCode(keyword.get("type").getAsString().charAt(0));
            Object value = switch (type) {
                case LONG -> keyword.get("value").getAsLong();
                case DOUBLE -> keyword.get("value").getAsDouble();
                case TEXT -> keyword.get("value").getAsString();
            };
            expected.add(new Keyword(keyword.get("name").getAsString(), type, value,
                    keyword.get("comment").getAsString()));
        }

        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            assertEquals(golden.number("metadata", "NBkw"), stream.layout().keywords().count());
            assertEquals(expected, stream.keywords());
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldSeeTheSemaphoresAndWhoPostedThem(Golden golden) {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        StreamInfo info = StreamInfo.of(path);
        JsonObject semaphores = golden.entry().getAsJsonObject("semaphores");

        assertEquals(semaphores.get("count").getAsInt(), info.semaphores().size());
        for (int i = 0; i < info.semaphores().size(); i++) {
            if (!semaphores.get("value_each").isJsonNull()) {
                assertEquals(semaphores.get("value_each").getAsInt(), info.semaphores().get(i).value());
            }
            assertEquals(Math.max(0, golden.numbers("semReadPID").get(i)), info.semaphores().get(i).readerPid());
        }
        if (!info.semaphores().isEmpty() && golden.entry().has("semWritePID_first")) {
            assertEquals(Math.max(0, golden.entry().get("semWritePID_first").getAsInt()),
                    info.semaphores().getFirst().writerPid());
        }
        assertTrue(info.findings().stream().anyMatch(f -> f.contains("number of another file")), "it is a copy");
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldLeaveTheFileAsItWas(Golden golden) throws IOException {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY);
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            reader.newest();
            reader.awaitNext(0);
            stream.keywords();
            stream.traces();
        }
        StreamInfo.of(path);

        assertArrayEquals(golden.bytes(), Files.readAllBytes(path));
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldWriteOnWhereMilkLeftOff(Golden golden) {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        int semaphores = (int) golden.number("metadata", "sem");
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(semaphores == 0 ? WaitStrategy.spin() : WaitStrategy.semaphore(0));
                FrameWriter writer = stream.writer()) {
            long before = stream.status().cnt0();
            MemorySegment frame = MemorySegment.ofArray(new byte[(int) stream.layout().frameBytes()]).fill((byte) 3);

            assertEquals(before + 1, writer.write(frame));

            assertEquals(Verdict.FRESH, reader.awaitNext(NS_PER_S));
            assertEquals(-1, reader.frame().mismatch(frame));
            assertTrue(reader.isStrict());
        }
        assertEquals(List.of(), scratch.semaphores(), "milk's semaphores lie in the file");
    }

    @Test
    void shouldReadTheProcessTrace() {
        Path path = Golden.named("milk", "proctrace_2d_uint8").copyTo(scratch.stream("trace"));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            assertEquals(List.of(new ProcessTrace(0, 4242, 987654321, 11 * NS_PER_S + 12, 13 * NS_PER_S + 14, 5, 6, 77)),
                    stream.traces());
        }
    }

    @Test
    void shouldFindNothingOddAboutASoundFile() {
        Path path = Golden.named("milk", "c_2d_uint16").copyTo(scratch.stream("sound"));
        try (ImageStream stream = ImageStream.open(path, Access.READ_ONLY)) {
            assertEquals(List.of(), stream.layout().findings());
            assertNull(stream.layout().writeRefusal());
            assertNull(stream.layout().readRefusal());
            assertNotNull(stream.layout().traces());
        }
    }
}
