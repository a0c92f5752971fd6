package org.shmrt.cacao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cacao.LoadReport.Outcome;
import org.shmrt.cacao.LoadReport.Reason;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileId;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/** What a load does to the stream, to the files about it, and what it leaves alone. */
class FitsLoaderTest {
    private static final Shape SHAPE = Shape.of(3, 4);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private LoadBench bench;

    @BeforeEach
    void save() {
        bench = new LoadBench(scratch);
        bench.save("ref.fits", DataType.UINT16, SHAPE);
    }

    private void assertRefused(Class<? extends ShmException> type, LoadRequest request, String... words) {
        TestImages.assertOneLine(assertThrows(type, () -> FitsLoader.load(request)), words);
    }

    @Test
    void shouldWakeReadersAndKeepTheFileWhenItUpdates() {
        bench.load("ref.fits");
        FileId before = FileId.of(bench.stream());
        try (ImageStream stream = ImageStream.open(bench.stream());
                FrameReader reader = stream.reader(WaitStrategy.semaphore(WaitStrategy.ANY_SEMAPHORE))) {
            bench.save("ref.fits", DataType.UINT16, SHAPE);
            assertEquals(Outcome.UPDATED, bench.load("ref.fits").outcome());
            assertTrue(reader.awaitNext(2_000_000_000L).hasFrame());
            assertEquals(2, reader.count());
        }
        assertTrue(before.isSameFile(FileId.of(bench.stream())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldMakeTheStreamAnewForAnotherShapeOrType(String format) throws IOException {
        ImageStream.create(
                        bench.stream(),
                        StreamSpec.of(format, DataType.FLOAT32, SHAPE).withPermissions(0640))
                .close();

        LoadReport report = FitsLoader.load(bench.request("ref.fits").withFormat("dao"));

        assertEquals(Outcome.RECREATED, report.outcome());
        assertEquals(format, report.format());
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(bench.stream())));
        bench.assertHolds(bench.image());
        bench.save("ref.fits", DataType.UINT16, Shape.of(5, 4));
        assertEquals(Outcome.RECREATED, bench.load("ref.fits").outcome());
        assertEquals("4 5 \n", bench.text("loadedSM/%.imsize"));
        assertEquals(Outcome.KEPT, bench.load("ref.fits").outcome());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldTakeAVectorForTheSameHoweverItIsStored(String format) {
        bench.save("ref.fits", DataType.FLOAT32, Shape.of(7));
        assertEquals(
                Outcome.CREATED,
                FitsLoader.load(bench.request("ref.fits").withFormat(format)).outcome());

        bench.save("ref.fits", DataType.FLOAT32, Shape.of(7));

        assertEquals(Outcome.UPDATED, bench.load("ref.fits").outcome());
        bench.assertHolds(bench.image());
    }

    static List<Golden> golden() {
        return Golden.fits("fits").filter(golden -> golden.entry().has("data")).toList();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldLoadEveryGoldenFileIntoBothFormatsAndSaveIt(Golden golden) {
        Path file = golden.copyTo(bench.file(golden.text("file").replaceFirst(".*/", "")));
        MemoryImage expected = FitsFile.read(file).image();
        for (String format : List.of("dao", "milk")) {
            LoadReport report = FitsLoader.load(
                    bench.request(file.toString()).withFormat(format).withReset());

            assertEquals(format, report.format());
            bench.assertHolds(expected);
            assertEquals(Outcome.KEPT, bench.load(file.toString()).outcome());
        }
    }

    static List<Golden> corrupt() {
        return Golden.fits("corrupt")
                .filter(golden -> !golden.text("expect").startsWith("accept"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("corrupt")
    void shouldLeaveStreamAndFilesAloneIfTheFitsFileIsDamaged(Golden golden) {
        MemoryImage image = bench.image();
        bench.load("ref.fits");
        String fitsInfo = bench.text("loadedSM/%.FITSinfo");
        List<String> loaded = bench.loaded();
        Path file = golden.copyTo(bench.file(golden.text("file").replaceFirst(".*/", "")));

        assertRefused(IncompatibleException.class, bench.request(file.toString()), file.toString());
        assertRefused(
                IncompatibleException.class,
                bench.request(file.toString()).forced().withReset(),
                file.toString());

        bench.assertHolds(image);
        assertEquals(1, StreamInfo.of(bench.stream()).status().cnt0());
        assertEquals(loaded, bench.loaded());
        assertEquals(fitsInfo, bench.text("loadedSM/%.FITSinfo"));
        assertEquals("ref.fits\n", bench.text("conf/shmim_%.name.txt"));
        assertEquals(Outcome.KEPT, bench.load(null).outcome());
    }

    @Test
    void shouldLeaveTheOldFrameIfTheFitsFileIsCutOffWhileItIsLoaded() throws Exception {
        MemoryImage image = bench.image();
        bench.load("ref.fits");
        bench.save("large.fits", DataType.UINT16, Shape.of(2000, 2000));
        long whole = Files.size(bench.file("large.fits"));
        byte[] bytes = Files.readAllBytes(bench.file("large.fits"));
        MemoryImage large = bench.image();
        for (int i = 0; i < 20; i++) {
            Files.write(bench.file("large.fits"), bytes);
            Thread cutter = Thread.ofPlatform().start(() -> {
                try (FileChannel channel = FileChannel.open(bench.file("large.fits"), StandardOpenOption.WRITE)) {
                    channel.truncate(whole / 2);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            boolean loaded = true;
            try {
                FitsLoader.load(bench.request("large.fits").forced());
            } catch (ShmException e) {
                loaded = false;
            }
            cutter.join();
            bench.assertHolds(loaded ? large : image);
            image = loaded ? large : image;
        }
        assertRefused(IncompatibleException.class, bench.request("large.fits").forced(), "truncated");
        bench.assertHolds(image);
    }

    @Test
    void shouldSeeAnotherFileBehindTheSameLink() throws IOException {
        bench.save("other.fits", DataType.UINT16, SHAPE);
        bench.touch("ref.fits", 1);
        bench.touch("other.fits", 1);
        Files.createSymbolicLink(bench.file("today.fits"), Path.of("ref.fits"));
        bench.load("today.fits");
        assertEquals(Outcome.KEPT, bench.load("today.fits").outcome());
        assertTrue(Files.isSymbolicLink(bench.file("today.fits")));

        WorkFiles.link(bench.file("today.fits"), Path.of("other.fits"));

        assertEquals(List.of(Reason.FITS_CHANGED), bench.load(null).reasons());
        bench.assertHolds(bench.image());
        assertEquals("today.fits\n", bench.text("conf/shmim_%.name.txt"));
    }

    @Test
    void shouldReadTheNewerSpellingOfTheConfFile() throws IOException {
        Files.createDirectories(bench.file("conf"));
        Files.writeString(bench.file("conf/shmim.%.name.txt"), " ./ref.fits \n# a remark\n");

        assertEquals(Outcome.CREATED, bench.load(null).outcome());

        assertFalse(bench.has("conf/shmim_%.name.txt"));
        Files.writeString(bench.file("conf/shmim_%.name.txt"), "none.fits\n");
        assertRefused(NotFoundException.class, bench.request(null), "there is no file", "none.fits");
        Files.writeString(bench.file("conf/shmim_%.name.txt"), "\n");
        assertRefused(IncompatibleException.class, bench.request(null), "first line is empty");
    }

    @Test
    void shouldLeaveNothingBehindWhereThereIsNothingToLoad() {
        assertRefused(NotFoundException.class, bench.request(null), "conf/shmim_ref.name.txt", "or give one");
        assertRefused(NotFoundException.class, bench.request("none.fits"), "there is no file");

        assertEquals(List.of("ref.fits"), scratch.files());
    }

    @Test
    void shouldBringTheHeaderAlongAsKeywords() {
        FitsFile.write(
                bench.file("ref.fits"),
                bench.image(),
                FitsOptions.defaults()
                        .withCards(List.of(
                                FitsCard.of("EXPTIME", 0.5, "seconds"),
                                FitsCard.of("NREAD", 4, ""),
                                FitsCard.of("FILTER", "H", ""),
                                FitsCard.of("CNT0", 99, "of another frame"),
                                FitsCard.of("LONGTEXT", "more than sixteen bytes", ""))));

        LoadReport report = bench.load("ref.fits");

        assertEquals(3, report.keywords());
        assertTrue(report.remarks().toString().contains("1 card of the header fits no keyword"), report.toString());
        List<Keyword> keywords = StreamInfo.of(bench.stream()).keywords();
        assertEquals(
                List.of(
                        Keyword.of("EXPTIME", 0.5).withComment("seconds"),
                        Keyword.of("NREAD", 4),
                        Keyword.of("FILTER", "H")),
                keywords);
    }

    @Test
    void shouldSayThatAStreamHasNoRoomForKeywords() {
        ImageStream.create(bench.stream(), StreamSpec.dao(DataType.UINT16, SHAPE))
                .close();
        FitsFile.write(
                bench.file("ref.fits"),
                bench.image(),
                FitsOptions.defaults().withCards(List.of(FitsCard.of("NREAD", 4, ""))));

        LoadReport report = bench.load("ref.fits");

        assertEquals(Outcome.UPDATED, report.outcome());
        assertTrue(report.remarks().toString().contains("none of 1 keywords set: the stream has room for 0"));
        bench.assertHolds(bench.image());
    }

    @Test
    void shouldNeverReplaceAnImageByALinkToItself() throws IOException {
        Files.createDirectories(bench.file("conf"));
        Path only = Files.move(bench.file("ref.fits"), bench.file("conf/shmim_%.fits"));

        LoadReport report = bench.load("conf/shmim_ref.fits");

        assertTrue(report.remarks().toString().contains("is a file and was left alone"), report.toString());
        assertTrue(Files.isRegularFile(only) && !Files.isSymbolicLink(only));
        FitsLoader.load(bench.request(null).withReset());
        bench.assertHolds(bench.image());
        assertTrue(Files.isRegularFile(only));
    }

    @Test
    void shouldRefuseAStreamThatHasAWriter() {
        bench.load("ref.fits");
        try (ImageStream stream = ImageStream.open(bench.stream());
                FrameWriter writer = stream.writer()) {
            assertEquals(Outcome.KEPT, bench.load("ref.fits").outcome());
            assertRefused(BusyException.class, bench.request("ref.fits").forced(), "is being written by process");
            bench.save("ref.fits", DataType.UINT8, SHAPE);
            assertRefused(BusyException.class, bench.request("ref.fits"), "is being written by process");
            assertEquals(
                    2,
                    writer.write(
                            TestImages.of(DataType.UINT16, SHAPE, buffer -> {}).data()));
        }
    }

    @Test
    void shouldRefuseWhatIsNoStreamAndALinkThatLeadsNowhere() throws IOException {
        Files.writeString(bench.stream(), "notes");
        assertRefused(IncompatibleException.class, bench.request("ref.fits"), "not an image stream");
        assertRefused(IncompatibleException.class, bench.request("ref.fits").withReset(), "not an image stream");
        assertEquals("notes", Files.readString(bench.stream()));
        Files.delete(bench.stream());

        Files.createSymbolicLink(bench.stream(), Path.of("none.im.shm"));
        assertRefused(NotFoundException.class, bench.request("ref.fits"), "leads nowhere, to none.im.shm", "-r");
        assertEquals(
                Outcome.CREATED,
                FitsLoader.load(bench.request("ref.fits").withReset()).outcome());
        assertFalse(Files.isSymbolicLink(bench.stream()));
    }

    @Test
    void shouldLoadThroughALinkIntoTheStreamItLeadsTo() throws IOException {
        Path real = scratch.stream("real");
        ImageStream.create(real, StreamSpec.dao(DataType.UINT8, SHAPE)).close();
        Files.createSymbolicLink(bench.stream(), real.getFileName());

        assertEquals(Outcome.RECREATED, bench.load("ref.fits").outcome());
        assertEquals(
                Outcome.UPDATED, FitsLoader.load(bench.request(null).forced()).outcome());

        assertTrue(Files.isSymbolicLink(bench.stream()));
        assertEquals(2, StreamInfo.of(real).status().cnt0());
        bench.assertHolds(bench.image());
        Files.delete(bench.stream());
    }

    @Test
    void shouldTellAnExtensionFromAnother() {
        Golden golden = Golden.fits("fits")
                .filter(g -> g.name().equals("multi_ext.fits"))
                .findFirst()
                .orElseThrow();
        golden.copyTo(bench.file("multi.fits"));
        bench.load("multi.fits[SCI]");

        assertEquals(Outcome.KEPT, bench.load("multi.fits[SCI]").outcome());
        assertEquals(List.of(Reason.FITS_CHANGED), bench.load("multi.fits[2]").reasons());
        assertTrue(bench.text("loadedSM/%.FITSinfo").contains("/multi.fits[2] "));
    }

    @Test
    void shouldRefuseNamesThatLeadElsewhere() {
        for (String name : List.of("", "..", "/", "a\nb")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> FitsLoader.load(LoadRequest.of(name).withFits("x.fits")),
                    name);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> FitsLoader.load(bench.request("ref.fits").withPrefix("../")));
        assertThrows(IllegalArgumentException.class, () -> bench.request("a\nb"));
        assertThrows(
                IllegalArgumentException.class, () -> bench.request("ref.fits").withFormat("isio"));
    }
}
