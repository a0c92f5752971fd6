package org.shmrt.cli;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
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
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/** fits2shm, link and shm2fits as their users meet them. */
class CacaoVerbsTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private MemoryImage save(String name, DataType type, Shape shape) {
        MemoryImage image = TestImages.random(type, shape, new Random(1));
        FitsFile.write(scratch.directory().resolve(name), image, FitsOptions.defaults());
        return image;
    }

    private String[] words(String line) {
        String[] words = line.strip().split(" ");
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i].replace("STREAM", scratch.stream("s").toString())
                    .replace("LINK", scratch.stream("l").toString())
                    .replace("DIR", scratch.directory().toString());
        }
        return words;
    }

    private CommandRun shm(String line) {
        return CommandRun.of(words(line));
    }

    /** In a process of its own, whose working directory is the test's. */
    private ChildProcess start(String line, Map<String, String> environment) {
        List<String> command = new ArrayList<>(List.of("env", "-u", "MILK_SHM_DIR"));
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(ChildJvm.command(ChildJvm.QUICK, Shm.class, words(line)));
        return ChildProcess.builder(command).directory(scratch.directory()).start();
    }

    private String done(String line) {
        try (ChildProcess child = start(line, Map.of())) {
            return String.join("\n", child.finish());
        }
    }

    private FitsImage read(String name) {
        return FitsFile.read(scratch.directory().resolve(name));
    }

    private String card(String file, String name) {
        return read(file).cards().stream()
                .filter(card -> card.name().equals(name))
                .map(card -> String.valueOf(card.value()))
                .collect(Collectors.joining("|"));
    }

    @Test
    void shouldSayInOneLineWhatWasDoneAndWhy() {
        save("ref.fits", DataType.FLOAT32, Shape.of(3, 4));

        String stream = scratch.stream("s") + ": ";
        assertEquals(
                stream + "loaded ref.fits because that file is new or has changed and there was no stream; new "
                        + "dao stream of 3x4 float32, count 1",
                done("fits2shm ref.fits STREAM"));
        assertEquals(
                stream + "kept, neither it nor ref.fits has changed since the last load; dao stream of 3x4 "
                        + "float32, count 1",
                done("fits2shm -c STREAM"));
        assertEquals(
                stream + "loaded ref.fits because you forced it (-f); dao stream of 3x4 float32, count 2",
                done("fits2shm -cf STREAM"));
        assertEquals("", done("fits2shm -cfq STREAM"));
        assertEquals(
                stream + "loaded ref.fits because you had the stream removed (-r); new milk stream of 3x4 "
                        + "float32, count 1",
                done("fits2shm -c -r --format milk STREAM"));
        JsonObject json =
                JsonParser.parseString(done("fits2shm -c --json STREAM")).getAsJsonObject();
        assertEquals("kept", json.get("outcome").getAsString());
        assertEquals("[3,4]", json.get("shape").toString());
        assertEquals("[]", json.get("reasons").toString());
    }

    @Test
    void shouldMakeMilkStreamsInMilksDirectory() {
        save("ref.fits", DataType.FLOAT32, Shape.of(3, 4));
        String name = scratch.prefix() + "s";
        Map<String, String> milk = Map.of("MILK_SHM_DIR", scratch.directory().toString());

        try (ChildProcess child = start("fits2shm ref.fits " + name, milk)) {
            assertTrue(child.finish().get(0).contains("new milk stream"));
        }
        try (ChildProcess child = start("link " + name + " -p " + scratch.prefix() + " l", milk)) {
            assertEquals(
                    scratch.stream("l") + " -> " + name + ".im.shm; 3x4",
                    child.finish().get(0));
        }
        try (ChildProcess child = start("shm2fits " + scratch.prefix() + "l back.fits", milk)) {
            child.finish();
        }
        TestImages.assertSame(read("ref.fits").image(), read("back.fits").image());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2; give a FITS file and a stream;  fits2shm STREAM",
                "2; -c takes the FITS file;         fits2shm -c DIR/x.fits STREAM",
                "2; choose dao or milk;             fits2shm --format raw DIR/x.fits STREAM",
                "2; no slash;                       fits2shm -p a/b DIR/x.fits STREAM",
                "1; there is no file;               fits2shm DIR/none.fits STREAM",
                "1; is no extension;                fits2shm DIR/x.fits[0,1] STREAM",
                "2; give a source and a link;       link LINK",
                "2; -c takes the source;            link -c STREAM LINK",
                "1; there is no file;               link -c LINK",
                "1; would lead to itself;           link LINK LINK",
                "1; there is no /;                shm2fits DIR/none.im.shm DIR/x.fits",
                "2; is no name of a FITS file;      shm2fits STREAM DIR/x.npy",
                "2; at least 1 frame;               shm2fits --count 0 STREAM DIR/x.fits",
                "2; neither waits nor counts;       shm2fits --history 2 --wait spin STREAM DIR/x.fits"
            })
    void shouldRefuseInOneLine(int status, String reason, String line) throws IOException {
        save("x.fits", DataType.UINT16, Shape.of(3, 4));

        try (ChildProcess child = start(line, Map.of())) {
            assertEquals(List.of(), child.rest());
            assertEquals(status, child.exitCode());
            String error = child.errors();
            assertTrue(error.lines().count() == 1 && error.startsWith("shm ") && error.contains(reason), error);
        }
    }

    @Test
    void shouldTellOfALinkThatLeadsNowhere() {
        done("link none LINK");

        CommandRun info = shm("info LINK");
        assertTrue(info.failedInOneLine(1) && info.err().contains("leads nowhere, to none.im.shm"), info.err());
        String list = shm("list DIR").out();
        assertTrue(list.contains("(link)") && list.contains("leads nowhere, to none.im.shm"), list);
        assertTrue(shm("shm2fits LINK DIR/x.fits").failedInOneLine(1));
        assertEquals(0, shm("rm LINK").status());
    }

    static List<Golden> golden() {
        return Golden.fits("fits").filter(golden -> golden.entry().has("data")).toList();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldSaveWhatWasLoadedThroughBothFormats(Golden golden) {
        golden.copyTo(scratch.directory().resolve("in" + golden.name()));
        MemoryImage image = read("in" + golden.name()).image();
        for (String format : List.of("dao", "milk")) {
            assertEquals(
                    0,
                    shm("create STREAM --format " + format + " --in DIR/in" + golden.name())
                            .status());
            for (String option : List.of("", " --compress")) {
                CommandRun run = shm("shm2fits STREAM DIR/out.fits" + option);

                assertEquals(0, run.status(), run.err());
                MemoryImage saved = read("out.fits").image();
                assertEquals(image.type(), saved.type());
                assertEquals(-1, image.data().mismatch(saved.data()));
                assertEquals("1", card("out.fits", "CNT0"));
            }
            assertEquals(0, shm("rm STREAM").status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldPutKeywordsCountersAndUtcTimesIntoTheHeader(String format) {
        try (ImageStream stream = ImageStream.create(
                        scratch.stream("s"),
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

        assertEquals(0, shm("shm2fits STREAM DIR/out.fits").status());

        assertEquals("2026-01-02T03:04:05.250000000", card("out.fits", "DATE-OBS"));
        assertEquals("1767323045250000000", card("out.fits", "ACQTIME"));
        assertEquals("1", card("out.fits", "CNT0"));
        assertEquals("4711", card("out.fits", "CNT2"));
        assertEquals("0.25", card("out.fits", "EXPTIME"));
    }

    @Test
    void shouldSaveFramesToComeAsACubeWithTheirTimes() throws IOException {
        try (ImageStream stream = ImageStream.create(
                        scratch.stream("s"),
                        StreamSpec.dao(DataType.UINT16, Shape.of(3, 4)).withDepth(64));
                FrameWriter writer = stream.writer()) {
            try (ChildProcess child =
                    start("shm2fits STREAM cube.fits --count 5 --next --wait sem --timeout 30s --json", Map.of())) {
                short pixel = 0;
                while (scratch.files().stream().noneMatch(name -> name.equals("cube.fits"))) {
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
        String text = Files.readString(scratch.directory().resolve("cube.fits"), StandardCharsets.ISO_8859_1);
        assertTrue(text.contains("'TIMES") && text.contains("NAXIS2  =                    5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --compress"})
    void shouldSaveTheHistoryOldestFirst(String option) {
        try (ImageStream stream = ImageStream.create(
                        scratch.stream("s"),
                        StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)).withDepth(4));
                FrameWriter writer = stream.writer()) {
            for (int i = 1; i <= 6; i++) {
                writer.claim().fill((byte) i);
                writer.publish();
            }
        }

        CommandRun run = shm("shm2fits STREAM DIR/h.fits --history 10" + option);

        assertTrue(run.err().contains("holds 4 frames, not 10"), run.err());
        assertEquals(scratch.directory() + "/h.fits: 4 frames of 2x2 uint8, counts 3 to 6\n", run.out());
        MemoryImage cube = read("h.fits").image();
        assertEquals(Shape.of(4, 2, 2), cube.shape());
        assertEquals(3, cube.data().get(ValueLayout.JAVA_BYTE, 0));
        assertEquals("3", card("h.fits", "CNT0"));
        assertEquals("", card("h.fits", "CNT1"));
    }

    @Test
    void shouldLeaveNoFileWhenNoFrameComes() {
        shm("create STREAM --shape 3x4 --dtype u16");

        CommandRun run = shm("shm2fits STREAM DIR/x.fits --count 2 --wait spin --timeout 20ms");

        assertEquals(3, run.status());
        assertFalse(Files.exists(scratch.directory().resolve("x.fits")));
        assertTrue(shm("shm2fits STREAM DIR/x.fits --history 1").failedInOneLine(1));
    }

    @Test
    void shouldWriteWhatAstropyReads() {
        Astropy.assumePresent();
        save("in.fits", DataType.FLOAT32, Shape.of(3, 4));
        assertEquals(0, shm("create STREAM --in DIR/in.fits").status());
        assertEquals(0, shm("shm2fits STREAM DIR/out.fits --compress").status());

        List<String> header = Astropy.run(
                "load",
                scratch.directory().resolve("out.fits"),
                1,
                scratch.directory().resolve("out.npy"));

        TestImages.assertSame(
                read("in.fits").image(), NpyFile.read(scratch.directory().resolve("out.npy")));
        assertTrue(header.stream().anyMatch(card -> card.startsWith("DATE-OBS|'20")), header.toString());
        assertEquals(0, shm("shm2fits STREAM DIR/cube.fits --history 1").status());
        assertEquals(
                List.of("1 " + card("cube.fits", "ACQTIME")),
                Astropy.run("table", scratch.directory().resolve("cube.fits")));
    }
}
