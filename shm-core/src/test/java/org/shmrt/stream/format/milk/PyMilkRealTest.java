package org.shmrt.stream.format.milk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.Scratch;

/** Frames are exchanged with pyMilk, if {@code SHMRT_PYMILK} names a Python that can import it. */
@Timeout(600)
class PyMilkRealTest {
    private static final String VARIABLE = "SHMRT_PYMILK";
    private static final long SECOND = 1_000_000_000L;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path path;

    @BeforeAll
    static void findPyMilk() {
        String python = System.getenv(VARIABLE);
        Assumptions.assumeTrue(
                python != null
                        && ExternalCommand.succeeds(
                                "env", "MILK_SHM_DIR=/tmp", python, "-c", "import pyMilk.interfacing.isio_shmlib"),
                VARIABLE + " does not name a Python that can import pyMilk");
    }

    @BeforeEach
    void choosePath() {
        path = scratch.stream("cam");
    }

    private ChildProcess start(Object... words) {
        try {
            URL script = Objects.requireNonNull(PyMilkRealTest.class.getResource("/python/pymilk_real.py"));
            List<String> command = new ArrayList<>(List.of(
                    System.getenv(VARIABLE), "-B", Path.of(script.toURI()).toString(), path.toString()));
            for (Object word : words) {
                command.add(word.toString());
            }
            return ChildProcess.start(command);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private String run(Object... words) {
        try (ChildProcess child = start(words)) {
            List<String> output = child.finish();
            return output.isEmpty() ? "" : output.getLast();
        }
    }

    private static MemorySegment counting(int count, int start) {
        float[] elements = new float[count];
        for (int i = 0; i < count; i++) {
            elements[i] = start + i;
        }
        return MemorySegment.ofArray(elements);
    }

    private static List<Double> values(JsonObject read) {
        return read.getAsJsonArray("values").asList().stream()
                .map(v -> v.getAsDouble())
                .toList();
    }

    /**
     * With pyMilk's default axis order an image is the same array on both sides; the slices of a cube come last there.
     */
    @Test
    void shouldExchangeTheSameImageWithPyMilk() {
        try (ImageStream stream = ImageStream.create(
                        path, StreamSpec.milk(DataType.FLOAT32, Shape.of(3, 4)).withKeywords(2));
                FrameWriter writer = stream.writer()) {
            writer.write(counting(12, 5));

            JsonObject read = JsonParser.parseString(run("read", 0)).getAsJsonObject();

            assertEquals("[3,4]", read.get("shape").toString());
            assertEquals("float32", read.get("dtype").getAsString());
            assertEquals(1, read.get("counter").getAsLong());
            for (int i = 0; i < 12; i++) {
                assertEquals(5 + i, values(read).get(i));
            }
        }
    }

    @Test
    void shouldHaveTheSlicesOfACubeLastInPyMilk() {
        try (ImageStream stream = ImageStream.create(path, StreamSpec.milk(DataType.FLOAT32, Shape.of(2, 3, 4)));
                FrameWriter writer = stream.writer()) {
            writer.write(counting(24, 0));

            JsonObject read = JsonParser.parseString(run("read", 0)).getAsJsonObject();

            assertEquals("[3,4,2]", read.get("shape").toString());
            for (int i = 0; i < 24; i++) {
                assertEquals(i % 2 * 12 + i / 2, values(read).get(i));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"float32, FLOAT32", "uint16, UINT16", "float64, FLOAT64", "int8, INT8", "uint32, UINT32"})
    void shouldReadAndWriteAStreamOfPyMilk(String dtype, DataType type) {
        run("create", dtype, "3x4", 5);
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.spin());
                FrameWriter writer = stream.writer()) {
            assertEquals(type, stream.type());
            assertEquals(Shape.of(3, 4), stream.shape());
            assertEquals(
                    List.of(List.of("gain", 0.5, ""), List.of("loops", 7L, "a comment"), List.of("mode", "closed", "")),
                    stream.keywords().stream().map(PyMilkRealTest::parts).toList());
            assertEquals(Verdict.FRESH, reader.newest());
            assertEquals(1, reader.count());

            writer.write(reader.frame());

            JsonObject read = JsonParser.parseString(run("read", 0)).getAsJsonObject();
            assertEquals(2, read.get("counter").getAsLong());
            assertEquals(16, values(read).get(11));
            assertEquals(
                    "{\"gain\":0.5,\"loops\":7,\"mode\":\"closed\"}",
                    read.get("keywords").toString());
        }
    }

    private static List<Object> parts(Keyword keyword) {
        return List.of(keyword.name(), keyword.value(), keyword.comment());
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "sem", "hybrid"})
    void shouldReadEveryFrameOfPyMilk(String wait) {
        int frames = 30;
        WaitStrategy strategy = switch (wait) {
            case "spin" -> WaitStrategy.spin();
            case "hybrid" -> WaitStrategy.hybrid(200_000);
            default -> WaitStrategy.semaphore();
        };
        run("create", "float32", "3x4", 0);
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(strategy);
                ChildProcess child = start("write", frames, 100)) {
            for (int i = 0; i < frames; i++) {
                child.send("next");
                assertEquals(Verdict.FRESH, reader.awaitNext(30 * SECOND));
                assertEquals(2 + i, reader.count());
                assertEquals(100 + i, reader.frame().get(ValueLayout.JAVA_FLOAT, 0));
                assertFalse(reader.isStrict());
            }
            assertEquals(1 + frames, stream.status().cnt1(), "pyMilk counts there");
            child.finish();
        }
    }

    @Test
    void shouldWakePyMilkOnItsOwnSemaphore() {
        try (ImageStream stream = ImageStream.create(path, StreamSpec.milk(DataType.FLOAT32, Shape.of(3, 4)));
                FrameReader reader = stream.reader(WaitStrategy.semaphore(0));
                FrameWriter writer = stream.writer();
                ChildProcess child = start("wait", 4, 0.5)) {
            assertEquals("ready 1", child.line(), "semaphore 0 is reserved by ShmRT");
            for (int i = 1; i <= 3; i++) {
                writer.write(counting(12, i));
                assertEquals(i + ".0 " + i, child.line());
            }
            assertEquals(0, reader.semaphoreIndex());
            assertEquals("none", child.rest().getLast());
        }
    }

    @Test
    void shouldBeFollowedByPyMilkWhenItReplacesAStream() throws IOException {
        StreamSpec spec = StreamSpec.milk(DataType.FLOAT32, Shape.of(3, 4)).withFirstFrame(counting(12, 1));
        try (ImageStream first = ImageStream.create(path, spec);
                ChildProcess child = start("relink", 0)) {
            assertEquals("first 1.0", child.lineWith("first"));
            try (ImageStream second =
                    ImageStream.create(path, spec.replacingExisting().withFirstFrame(counting(12, 7)))) {
                child.send("go on");
                assertEquals("then 7.0", child.lineWith("then"));
                assertTrue(first.status().storedInode() != second.status().storedInode());
            }
        }
    }
}
