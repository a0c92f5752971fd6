package org.shmrt.cacao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cacao.LoadReport.Outcome;
import org.shmrt.cacao.LoadReport.Reason;
import org.shmrt.cacao.LoadRequest.Mode;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.files.OutputFile;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.fits.header.CardWriter;
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
import org.shmrt.testing.OwnedFiles;
import org.shmrt.testing.Scratch;

/** What a load changes in the stream and the files about it, and what it does not change. */
class FitsLoaderTest {
    private static final Shape SHAPE = Shape.of(3, 4);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private LoadFixture fixture;

    @BeforeEach
    void save() {
        fixture = new LoadFixture(scratch);
        fixture.save("ref.fits", DataType.UINT16, SHAPE);
    }

    private void assertRefused(Class<? extends ShmException> type, LoadRequest.Builder request, String... words) {
        TestImages.assertOneLine(assertThrows(type, () -> FitsLoader.load(request.build())), words);
    }

    @Test
    void shouldSayWhichFilesBelongedToAnotherUser() throws IOException {
        fixture.load("ref.fits");
        Path size = fixture.file("conf/shmim_%.imsize.txt");
        assumeTrue(OwnedFiles.give(size, 65534), "only root may give files away");
        Files.setAttribute(size.getParent(), "unix:mode", 01777);

        LoadReport report = fixture.load("ref.fits");

        assertEquals(1, report.remarks().size(), report::toString);
        assertTrue(report.remarks().getFirst().startsWith(size + ": the replaced file belonged to "), report::toString);
        assertEquals(List.of(), fixture.load("ref.fits").remarks());
    }

    @Test
    void shouldWakeReadersAndKeepTheFileWhenItUpdates() {
        fixture.load("ref.fits");
        FileId before = FileId.of(fixture.stream());
        try (ImageStream stream = ImageStream.open(fixture.stream());
                FrameReader reader = stream.reader(WaitStrategy.semaphore(WaitStrategy.ANY_SEMAPHORE))) {
            fixture.save("ref.fits", DataType.UINT16, SHAPE);
            assertEquals(Outcome.UPDATED, fixture.load("ref.fits").outcome());
            assertTrue(reader.awaitNext(2_000_000_000L).hasFrame());
            assertEquals(2, reader.count());
        }
        assertTrue(before.isSameFile(FileId.of(fixture.stream())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldRecreateTheStreamForAnotherShapeOrType(String format) throws IOException {
        ImageStream.create(
                        fixture.stream(),
                        StreamSpec.of(format, DataType.FLOAT32, SHAPE).withPermissions(0640))
                .close();

        LoadReport report =
                FitsLoader.load(fixture.request("ref.fits").format("dao").build());

        assertEquals(Outcome.RECREATED, report.outcome());
        assertEquals(format, report.format());
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(fixture.stream())));
        fixture.assertHolds(fixture.image());
        fixture.save("ref.fits", DataType.UINT16, Shape.of(5, 4));
        assertEquals(Outcome.RECREATED, fixture.load("ref.fits").outcome());
        assertEquals("4 5 \n", fixture.text("loadedSM/%.imsize"));
        assertEquals(Outcome.KEPT, fixture.load("ref.fits").outcome());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldUpdateAStreamOfAVectorHoweverItIsStored(String format) {
        fixture.save("ref.fits", DataType.FLOAT32, Shape.of(7));
        assertEquals(
                Outcome.CREATED,
                FitsLoader.load(fixture.request("ref.fits").format(format).build())
                        .outcome());

        fixture.save("ref.fits", DataType.FLOAT32, Shape.of(7));

        assertEquals(Outcome.UPDATED, fixture.load("ref.fits").outcome());
        fixture.assertHolds(fixture.image());
    }

    static List<Golden> golden() {
        return Golden.fits("fits").filter(golden -> golden.entry().has("data")).toList();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void shouldLoadEveryGoldenFileIntoBothFormatsAndSaveIt(Golden golden) {
        Path file = golden.copyTo(fixture.file(golden.text("file").replaceFirst(".*/", "")));
        MemoryImage expected = FitsFile.read(file).image();
        for (String format : List.of("dao", "milk")) {
            LoadReport report = FitsLoader.load(fixture.request(file.toString())
                    .format(format)
                    .mode(Mode.RESET)
                    .build());

            assertEquals(format, report.format());
            fixture.assertHolds(expected);
            assertEquals(Outcome.KEPT, fixture.load(file.toString()).outcome());
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
        MemoryImage image = fixture.image();
        fixture.load("ref.fits");
        String fitsInfo = fixture.text("loadedSM/%.FITSinfo");
        List<String> loaded = fixture.loaded();
        Path file = golden.copyTo(fixture.file(golden.text("file").replaceFirst(".*/", "")));

        assertRefused(IncompatibleException.class, fixture.request(file.toString()), file.toString());
        assertRefused(
                IncompatibleException.class, fixture.request(file.toString()).mode(Mode.RESET), file.toString());

        fixture.assertHolds(image);
        assertEquals(1, StreamInfo.of(fixture.stream()).status().cnt0());
        assertEquals(loaded, fixture.loaded());
        assertEquals(fitsInfo, fixture.text("loadedSM/%.FITSinfo"));
        assertEquals("ref.fits\n", fixture.text("conf/shmim_%.name.txt"));
        assertEquals(Outcome.KEPT, fixture.loadFromConf().outcome());
    }

    @Test
    void shouldKeepTheOldFrameIfTheFitsFileIsTruncatedDuringTheLoad() throws Exception {
        MemoryImage image = fixture.image();
        fixture.load("ref.fits");
        fixture.save("large.fits", DataType.UINT16, Shape.of(2000, 2000));
        long whole = Files.size(fixture.file("large.fits"));
        byte[] bytes = Files.readAllBytes(fixture.file("large.fits"));
        MemoryImage large = fixture.image();
        for (int i = 0; i < 20; i++) {
            Files.write(fixture.file("large.fits"), bytes);
            Thread truncating = Thread.ofPlatform().start(() -> {
                try (FileChannel channel = FileChannel.open(fixture.file("large.fits"), StandardOpenOption.WRITE)) {
                    channel.truncate(whole / 2);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            boolean loaded = true;
            try {
                FitsLoader.load(fixture.request("large.fits").mode(Mode.ALWAYS).build());
            } catch (ShmException e) {
                loaded = false;
            }
            truncating.join();
            fixture.assertHolds(loaded ? large : image);
            image = loaded ? large : image;
        }
        assertRefused(IncompatibleException.class, fixture.request("large.fits").mode(Mode.ALWAYS), "truncated");
        fixture.assertHolds(image);
    }

    @Test
    void shouldNoticeThatALinkLeadsToAnotherFile() throws IOException {
        fixture.save("other.fits", DataType.UINT16, SHAPE);
        fixture.touch("ref.fits", 1);
        fixture.touch("other.fits", 1);
        Files.createSymbolicLink(fixture.file("today.fits"), Path.of("ref.fits"));
        fixture.load("today.fits");
        assertEquals(Outcome.KEPT, fixture.load("today.fits").outcome());
        assertTrue(Files.isSymbolicLink(fixture.file("today.fits")));

        OutputFile.writeLink(fixture.file("today.fits"), Path.of("other.fits"));

        assertEquals(List.of(Reason.FITS_CHANGED), fixture.loadFromConf().reasons());
        fixture.assertHolds(fixture.image());
        assertEquals("today.fits\n", fixture.text("conf/shmim_%.name.txt"));
    }

    @Test
    void shouldReadTheConfFileWithTheNewerName() throws IOException {
        Files.createDirectories(fixture.file("conf"));
        Files.writeString(fixture.file("conf/shmim.%.name.txt"), " ./ref.fits \n# a remark\n");

        assertEquals(Outcome.CREATED, fixture.loadFromConf().outcome());

        assertFalse(fixture.has("conf/shmim_%.name.txt"));
        Files.writeString(fixture.file("conf/shmim_%.name.txt"), "none.fits\n");
        assertRefused(NotFoundException.class, fixture.request(), "there is no file", "none.fits");
        Files.writeString(fixture.file("conf/shmim_%.name.txt"), "\n");
        assertRefused(IncompatibleException.class, fixture.request(), "the first line of");
    }

    @Test
    void shouldCreateNoFilesIfThereIsNothingToLoad() {
        assertRefused(NotFoundException.class, fixture.request(), "conf/shmim_ref.name.txt", "or give one");
        assertRefused(NotFoundException.class, fixture.request("none.fits"), "there is no file");

        assertEquals(List.of("ref.fits"), scratch.files());
    }

    @Test
    void shouldSetTheFirstOfTwoCardsWithOneNameAsKeywordAndSaySo() throws IOException {
        CardWriter header = new CardWriter();
        header.add(FitsCard.of("SIMPLE", true, ""));
        header.add(FitsCard.of("BITPIX", 8, ""));
        header.add(FitsCard.of("NAXIS", 1, ""));
        header.add(FitsCard.of("NAXIS1", 4, ""));
        header.add(FitsCard.of("BLANK", 1.5, ""));
        header.add(FitsCard.of("DUP", 1, "first"));
        header.add(FitsCard.of("DUP", 2, "second"));
        Files.write(fixture.file("dup.fits"), header.end());
        Files.write(fixture.file("dup.fits"), new byte[2880], StandardOpenOption.APPEND);

        LoadReport report = fixture.load("dup.fits");

        assertEquals(
                List.of(Keyword.of("DUP", 1).withComment("first")),
                StreamInfo.of(fixture.stream()).keywords());
        assertTrue(report.remarks().toString().contains("DUP occurs more than once in the header"), report.toString());
        assertTrue(report.remarks().toString().contains("BLANK is 1.5, not an integer"), report.toString());
    }

    @Test
    void shouldLoadTheHeaderAsKeywords() {
        FitsFile.write(
                fixture.file("ref.fits"),
                fixture.image(),
                FitsOptions.defaults()
                        .withCards(List.of(
                                FitsCard.of("EXPTIME", 0.5, "seconds"),
                                FitsCard.of("NREAD", 4, ""),
                                FitsCard.of("FILTER", "H", ""),
                                FitsCard.of("CNT0", 99, "of another frame"),
                                FitsCard.undefined("EMPTY", ""),
                                FitsCard.of("LONGTEXT", "more than sixteen bytes", ""))));

        LoadReport report = fixture.load("ref.fits");

        assertEquals(3, report.keywords());
        assertTrue(report.remarks().toString().contains("2 cards of the header fit no keyword"), report.toString());
        assertTrue(report.remarks().toString().contains(": EMPTY, LONGTEXT"), report.toString());
        List<Keyword> keywords = StreamInfo.of(fixture.stream()).keywords();
        assertEquals(
                List.of(
                        Keyword.of("EXPTIME", 0.5).withComment("seconds"),
                        Keyword.of("NREAD", 4),
                        Keyword.of("FILTER", "H")),
                keywords);
    }

    @Test
    void shouldReportThatAStreamHasNoRoomForKeywords() {
        ImageStream.create(fixture.stream(), StreamSpec.dao(DataType.UINT16, SHAPE))
                .close();
        FitsFile.write(
                fixture.file("ref.fits"),
                fixture.image(),
                FitsOptions.defaults().withCards(List.of(FitsCard.of("NREAD", 4, ""))));

        LoadReport report = fixture.load("ref.fits");

        assertEquals(Outcome.UPDATED, report.outcome());
        assertTrue(report.remarks().toString().contains("none of 1 keywords set: the stream has room for 0"));
        fixture.assertHolds(fixture.image());
    }

    @Test
    void shouldNeverReplaceAnImageByALinkToItself() throws IOException {
        Files.createDirectories(fixture.file("conf"));
        Path only = Files.move(fixture.file("ref.fits"), fixture.file("conf/shmim_%.fits"));

        LoadReport report = fixture.load("conf/shmim_ref.fits");

        assertTrue(report.remarks().toString().contains("is a file and was left alone"), report.toString());
        assertTrue(Files.isRegularFile(only) && !Files.isSymbolicLink(only));
        FitsLoader.load(fixture.request().mode(Mode.RESET).build());
        fixture.assertHolds(fixture.image());
        assertTrue(Files.isRegularFile(only));
    }

    @Test
    @Tag("slow")
    void shouldRefuseAStreamThatHasAWriter() {
        fixture.load("ref.fits");
        try (ImageStream stream = ImageStream.open(fixture.stream());
                FrameWriter writer = stream.writer()) {
            assertEquals(Outcome.KEPT, fixture.load("ref.fits").outcome());
            assertRefused(
                    BusyException.class, fixture.request("ref.fits").mode(Mode.ALWAYS), "is being written by process");
            fixture.save("ref.fits", DataType.UINT8, SHAPE);
            assertRefused(BusyException.class, fixture.request("ref.fits"), "is being written by process");
            assertEquals(
                    2,
                    writer.write(
                            TestImages.of(DataType.UINT16, SHAPE, buffer -> {}).data()));
        }
    }

    @Test
    void shouldRefuseAFileThatIsNotAStreamAndABrokenLink() throws IOException {
        Files.writeString(fixture.stream(), "notes");
        assertRefused(IncompatibleException.class, fixture.request("ref.fits"), "not an image stream");
        assertRefused(IncompatibleException.class, fixture.request("ref.fits").mode(Mode.RESET), "not an image stream");
        assertEquals("notes", Files.readString(fixture.stream()));
        Files.delete(fixture.stream());

        Files.createSymbolicLink(fixture.stream(), Path.of("none.im.shm"));
        assertRefused(NotFoundException.class, fixture.request("ref.fits"), "is a broken link to none.im.shm", "-r");
        assertEquals(
                Outcome.CREATED,
                FitsLoader.load(fixture.request("ref.fits").mode(Mode.RESET).build())
                        .outcome());
        assertFalse(Files.isSymbolicLink(fixture.stream()));
    }

    @Test
    void shouldLoadThroughALinkIntoTheStreamItLeadsTo() throws IOException {
        Path real = scratch.stream("real");
        ImageStream.create(real, StreamSpec.dao(DataType.UINT8, SHAPE)).close();
        Files.createSymbolicLink(fixture.stream(), real.getFileName());

        assertEquals(Outcome.RECREATED, fixture.load("ref.fits").outcome());
        assertEquals(
                Outcome.UPDATED,
                FitsLoader.load(fixture.request().mode(Mode.ALWAYS).build()).outcome());

        assertTrue(Files.isSymbolicLink(fixture.stream()));
        assertEquals(2, StreamInfo.of(real).status().cnt0());
        fixture.assertHolds(fixture.image());
        Files.delete(fixture.stream());
    }

    @Test
    void shouldDistinguishExtensions() {
        Golden golden = Golden.fits("fits")
                .filter(g -> g.name().equals("multi_ext.fits"))
                .findFirst()
                .orElseThrow();
        golden.copyTo(fixture.file("multi.fits"));
        fixture.load("multi.fits[SCI]");

        assertEquals(Outcome.KEPT, fixture.load("multi.fits[SCI]").outcome());
        assertEquals(List.of(Reason.FITS_CHANGED), fixture.load("multi.fits[2]").reasons());
        assertTrue(fixture.text("loadedSM/%.FITSinfo").contains("/multi.fits[2] "));
    }

    @Test
    void shouldRefuseNamesThatAreNotFileNames() {
        for (String name : List.of("", "..", "/", "a\nb")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> FitsLoader.load(
                            LoadRequest.builder(name).fits("x.fits").build()),
                    name);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> FitsLoader.load(fixture.request("ref.fits").prefix("../").build()));
        assertThrows(IllegalArgumentException.class, () -> fixture.request("a\nb"));
        assertThrows(
                IllegalArgumentException.class,
                () -> fixture.request("ref.fits").format("isio"));
    }
}
