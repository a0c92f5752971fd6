package org.shmrt.cli.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsImage;
import org.shmrt.fits.FitsOptions;
import org.shmrt.image.NpyFile;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.Astropy;
import org.shmrt.testing.Golden;

/** The verbs fits2shm, link and shm2fits. */
@Tag("slow")
class CacaoVerbsTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inSharedMemory();

    private MemoryImage save(String name, DataType type, Shape shape) {
        MemoryImage image = TestImages.random(type, shape, new Random(1));
        FitsFile.write(shm.file(name), image, FitsOptions.defaults());
        return image;
    }

    private String done(String line) {
        try (ChildProcess child = shm.start(line)) {
            return String.join("\n", child.finish());
        }
    }

    private FitsImage read(String name) {
        return FitsFile.read(shm.file(name));
    }

    private String card(String file, String name) {
        return read(file).cards().stream()
                .filter(card -> card.name().equals(name))
                .map(card -> String.valueOf(card.value()))
                .collect(Collectors.joining("|"));
    }

    @Test
    void shouldReportInOneLineWhatItDidAndWhy() {
        save("ref.fits", DataType.FLOAT32, Shape.of(3, 4));

        String stream = shm.stream() + ": ";
        assertEquals(
                stream + "loaded ref.fits because the file is new or has changed and the stream did not exist; new "
                        + "dao stream of 3x4 float32, count 1",
                done("fits2shm ref.fits STREAM"));
        assertEquals(
                stream + "kept, because neither it nor ref.fits has changed since the last load; dao stream of 3x4 "
                        + "float32, count 1",
                done("fits2shm -c STREAM"));
        assertEquals(
                stream + "loaded ref.fits because -f was given; dao stream of 3x4 float32, count 2",
                done("fits2shm -cf STREAM"));
        assertEquals("", done("fits2shm -cfq STREAM"));
        assertEquals(
                stream + "loaded ref.fits because -r removed the stream; new milk stream of 3x4 " + "float32, count 1",
                done("fits2shm -c -r --format milk STREAM"));
        JsonObject json =
                JsonParser.parseString(done("fits2shm -c --json STREAM")).getAsJsonObject();
        assertEquals("kept", json.get("outcome").getAsString());
        assertEquals("[3,4]", json.get("shape").toString());
        assertEquals("[]", json.get("reasons").toString());
    }

    @Test
    void shouldCreateMilkStreamsInMilksDirectory() {
        save("ref.fits", DataType.FLOAT32, Shape.of(3, 4));
        String name = shm.scratch().prefix() + "s";
        Map<String, String> milk = Map.of("MILK_SHM_DIR", shm.directory().toString());

        try (ChildProcess child = shm.start("fits2shm ref.fits " + name, milk)) {
            assertTrue(child.finish().get(0).contains("new milk stream"));
        }
        try (ChildProcess child =
                shm.start("link " + name + " -p " + shm.scratch().prefix() + " l", milk)) {
            assertEquals(
                    shm.link() + " -> " + name + ".im.shm; 3x4", child.finish().get(0));
        }
        try (ChildProcess child = shm.start("shm2fits " + shm.scratch().prefix() + "l back.fits", milk)) {
            child.finish();
        }
        TestImages.assertSame(read("ref.fits").image(), read("back.fits").image());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2; give a FITS file and a stream;  fits2shm STREAM",
                "2; -c reads a FITS file;         fits2shm -c DIR/x.fits STREAM",
                "2; unknown stream format;          fits2shm --format raw DIR/x.fits STREAM",
                "2; must not contain a slash;       fits2shm -p a/b DIR/x.fits STREAM",
                "1; there is no file;               fits2shm DIR/none.fits STREAM",
                "1; is not an extension;                fits2shm DIR/x.fits[0,1] STREAM",
                "2; give a source and a link;       link LINK",
                "2; -c reads a source;            link -c STREAM LINK",
                "2; 'b' is one argument too many;   link STREAM a b LINK",
                "2; is one argument too many;       fits2shm DIR/x.fits a STREAM",
                "1; there is no file;               link -c LINK",
                "1; would lead to itself;           link LINK LINK",
                "1; there is no /;                shm2fits DIR/none.im.shm DIR/x.fits",
                "2; is not the name of a FITS file;  shm2fits STREAM DIR/x.npy",
                "2; at least 1 frame;               shm2fits --count 0 STREAM DIR/x.fits",
                "2; cannot be combined with --next; shm2fits --history 2 --next STREAM DIR/x.fits"
            })
    void shouldRefuseInOneLine(int status, String reason, String line) throws IOException {
        save("x.fits", DataType.UINT16, Shape.of(3, 4));

        try (ChildProcess child = shm.start(line)) {
            assertEquals(List.of(), child.rest());
            assertEquals(status, child.exitCode());
            String error = child.errors();
            assertTrue(error.lines().count() == 1 && error.startsWith("shm ") && error.contains(reason), error);
        }
    }

    @Test
    void shouldReportALinkWithoutATarget() {
        done("link none LINK");

        CommandRun info = shm.runLine("info LINK");
        info.refused(1, "leads nowhere, to none.im.shm");
        String list = shm.runLine("list DIR").out();
        assertTrue(list.contains("(link)") && list.contains("leads nowhere, to none.im.shm"), list);
        shm.runLine("shm2fits LINK DIR/x.fits").refused(1, "leads nowhere");
        shm.runLine("rm LINK").succeeded();
    }

    static List<Golden> golden() {
        return Golden.fits("fits").filter(golden -> golden.entry().has("data")).toList();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldSaveWhatWasLoadedThroughBothFormats(Golden golden) {
        golden.copyTo(shm.file("in" + golden.name()));
        MemoryImage image = read("in" + golden.name()).image();
        for (String format : List.of("dao", "milk")) {
            shm.runLine("create STREAM --format " + format + " --in DIR/in" + golden.name())
                    .succeeded();
            for (String option : List.of("", " --compress")) {
                shm.runLine("shm2fits STREAM DIR/out.fits" + option).succeeded();
                MemoryImage saved = read("out.fits").image();
                assertEquals(image.type(), saved.type());
                assertEquals(-1, image.data().mismatch(saved.data()));
                assertEquals("1", card("out.fits", "CNT0"));
            }
            shm.runLine("rm STREAM").succeeded();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldPutKeywordsCountersAndUtcTimesIntoTheHeader(String format) {
        try (ImageStream stream = ImageStream.create(
                        shm.stream(),
                        StreamSpec.of(format, DataType.UINT16, Shape.of(3, 4)).withKeywords(5));
                FrameWriter writer = stream.writer();
                Arena arena = Arena.ofConfined()) {
            stream.keywordTable().set(Keyword.of("EXPTIME", 0.25).withComment("seconds"));
            stream.keywordTable().set("CNT0", 77);
            writer.frameId(4711);
            writer.claim().copyFrom(arena.allocate(24));
            // 2026-01-02T03:04:05.25 UTC, on the stream's own clock
            writer.publish(1767323045_250000000L + stream.layout().clock().offsetNs());
        }

        shm.runLine("shm2fits STREAM DIR/out.fits").succeeded();

        assertEquals("2026-01-02T03:04:05.250000000", card("out.fits", "DATE-OBS"));
        assertEquals("1767323045250000000", card("out.fits", "ACQTIME"));
        assertEquals("1", card("out.fits", "CNT0"));
        assertEquals("4711", card("out.fits", "CNT2"));
        assertEquals("0.25", card("out.fits", "EXPTIME"));
    }

    @Test
    void shouldSaveFutureFramesAsACubeWithTheirTimes() throws IOException {
        try (ImageStream stream = ImageStream.create(
                        shm.stream(),
                        StreamSpec.dao(DataType.UINT16, Shape.of(3, 4)).withDepth(64));
                FrameWriter writer = stream.writer()) {
            try (ChildProcess child =
                    shm.start("shm2fits STREAM cube.fits --count 5 --next --wait sem --timeout 30s --json")) {
                short pixel = 0;
                while (!child.hasEnded()) {
                    writer.claim().set(ValueLayout.JAVA_SHORT, 0, ++pixel);
                    writer.publish();
                    LockSupport.parkNanos(2_000_000);
                }
                JsonObject json = JsonParser.parseString(child.finish().get(0)).getAsJsonObject();
                assertEquals(5, json.get("frames").getAsInt());
                assertEquals(json.get("cnt0").getAsString(), card("cube.fits", "CNT0"));
            }
        }
        MemoryImage cube = read("cube.fits").image();
        assertEquals(Shape.of(5, 3, 4), cube.shape());
        int first = Integer.parseInt(card("cube.fits", "CNT0"));
        for (int i = 0; i < 5; i++) {
            assertTrue(cube.data().get(ValueLayout.JAVA_SHORT, i * 24L) >= first + i);
        }
        String text = Files.readString(shm.file("cube.fits"), StandardCharsets.ISO_8859_1);
        assertTrue(text.contains("'TIMES") && text.contains("NAXIS2  =                    5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --compress"})
    void shouldSaveTheHistoryOldestFirst(String option) {
        try (ImageStream stream = ImageStream.create(
                        shm.stream(),
                        StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)).withDepth(4));
                FrameWriter writer = stream.writer()) {
            for (int i = 1; i <= 6; i++) {
                writer.claim().fill((byte) i);
                writer.publish();
            }
        }

        CommandRun run = shm.runLine("shm2fits STREAM DIR/h.fits --history 10" + option);

        assertTrue(run.err().contains("holds 4 frames, not 10"), run.err());
        assertEquals(shm.directory() + "/h.fits: 4 frames of 2x2 uint8, counts 3 to 6\n", run.out());
        MemoryImage cube = read("h.fits").image();
        assertEquals(Shape.of(4, 2, 2), cube.shape());
        assertEquals(3, cube.data().get(ValueLayout.JAVA_BYTE, 0));
        assertEquals("3", card("h.fits", "CNT0"));
        assertEquals("", card("h.fits", "CNT1"));
    }

    @Test
    void shouldLeaveNoFileWhenNoFrameComes() {
        shm.runLine("create STREAM --shape 3x4 --dtype u16");

        CommandRun run = shm.runLine("shm2fits STREAM DIR/x.fits --count 2 --wait spin --timeout 20ms");

        assertEquals(3, run.status());
        assertFalse(Files.exists(shm.file("x.fits")));
        shm.runLine("shm2fits STREAM DIR/x.fits --history 1").refused(1, "no frame yet");
    }

    @Test
    void shouldWriteWhatAstropyReads() {
        Astropy.assumePresent();
        save("in.fits", DataType.FLOAT32, Shape.of(3, 4));
        shm.runLine("create STREAM --in DIR/in.fits").succeeded();
        shm.runLine("shm2fits STREAM DIR/out.fits --compress").succeeded();

        List<String> header = Astropy.run("load", shm.file("out.fits"), 1, shm.file("out.npy"));

        TestImages.assertSame(read("in.fits").image(), NpyFile.read(shm.file("out.npy")));
        assertTrue(header.stream().anyMatch(card -> card.startsWith("DATE-OBS|'20")), header.toString());
        shm.runLine("shm2fits STREAM DIR/cube.fits --history 1").succeeded();
        assertEquals(List.of("1 " + card("cube.fits", "ACQTIME")), Astropy.run("table", shm.file("cube.fits")));
    }
}
