package org.shmrt.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.shmrt.cacao.FitsLoader;
import org.shmrt.cacao.LoadReport.Outcome;
import org.shmrt.cacao.LoadRequest;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileId;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.inspect.StreamInfo;

/**
 * Loads a FITS file into a stream as {@code fits2shm} does. After the death of the loader a run with the same request
 * brings image, keywords and books to where they belong, and one more run finds nothing to do.
 */
final class LoaderProtocol implements Protocol {
    private static final String FITS = "ref.fits";
    private static final Shape FIRST_SHAPE = Shape.of(8, 8);
    private static final Shape OTHER_SHAPE = Shape.of(4, 8);
    private static final String KEYWORD = "GAIN";

    /** What there is to do. */
    enum Kind {
        NEW,
        UPDATE,
        OTHER_SHAPE,
        RESET,
        KEEP
    }

    private final String name;
    private final String format;
    private final Kind kind;

    LoaderProtocol(String name, String format, Kind kind) {
        this.name = name;
        this.format = format;
        this.kind = kind;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(Place place) {
        save(place, 1, FIRST_SHAPE);
        if (kind != Kind.NEW) {
            FitsLoader.load(request(place));
        }
        if (kind == Kind.UPDATE || kind == Kind.OTHER_SHAPE) {
            save(place, 2, shape(2));
        }
    }

    private Shape shape(int image) {
        return image == 2 && kind == Kind.OTHER_SHAPE ? OTHER_SHAPE : FIRST_SHAPE;
    }

    /** Number of the image that is to be loaded. */
    private int wanted() {
        return kind == Kind.UPDATE || kind == Kind.OTHER_SHAPE ? 2 : 1;
    }

    private static void save(Place place, int image, Shape shape) {
        Path file = place.directory().resolve(FITS);
        MemorySegment pixels = MemorySegment.ofArray(pixels(image, shape));
        FitsFile.write(
                file,
                new MemoryImage(DataType.UINT8, shape, pixels),
                FitsOptions.defaults().withCards(List.of(FitsCard.of(KEYWORD, (long) image, "number of the image"))));
        try {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + 1000L * image));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] pixels(int image, Shape shape) {
        byte[] pixels = new byte[(int) shape.elementCount()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (image * 50 + i);
        }
        return pixels;
    }

    private LoadRequest request(Place place) {
        LoadRequest request = LoadRequest.of(
                        place.directory().resolve("cam.im.shm").toString())
                .withPrefix(place.prefix())
                .withDirectory(place.directory())
                .withFits(FITS)
                .withFormat(format);
        return kind == Kind.RESET && FileId.exists(place.stream()) ? request.withReset() : request;
    }

    @Override
    public Victim.Deed enter(Place place) {
        LoadRequest request = request(place);
        return () -> FitsLoader.load(request);
    }

    @Override
    public Judge judge(Place place, int ordinal) {
        return new NextRun(place);
    }

    /** A reader of the stream, if there is one, and the next run. */
    private final class NextRun implements Judge {
        private final Place place;
        private final FileId before;
        private Audience audience;

        NextRun(Place place) {
            this.place = place;
            before = FileId.ofOrNull(place.stream());
            if (before != null) {
                audience = new Audience(
                        place.stream(),
                        WaitStrategy.semaphore(),
                        "semaphore",
                        (frame, count) ->
                                frame.mismatch(MemorySegment.ofArray(pixels(count == 1 ? 1 : wanted(), FIRST_SHAPE)))
                                        < 0);
            }
        }

        @Override
        public void judge(long killedNs) {
            if (audience != null) {
                assertReaderKnows(killedNs);
            }
            close();
            assertRunMendsAll();
            ImageStream.remove(place.stream());
            assertEquals(List.of(), place.semaphores());
            assertEquals(Outcome.CREATED, FitsLoader.load(request(place)).outcome());
            assertHoldsImage();
            ImageStream.remove(place.stream());
            assertEquals(List.of(), place.semaphores());
            assertEquals(List.of(), place.unfinished());
        }

        private void assertReaderKnows(long killedNs) {
            FileId now = FileId.ofOrNull(place.stream());
            if (now == null || !now.isSameFile(before)) {
                // A reset removes the stream first: the reader may have looked in between.
                audience.expect(
                        report -> report.verdict() == Verdict.REMOVED || report.verdict() == Verdict.RECREATED,
                        "verdict on the old stream",
                        killedNs);
                return;
            }
            StreamInfo info = StreamInfo.of(place.stream());
            if (info.status().writing()) {
                assertTrue(
                        info.warnings().getFirst().contains("a writer may have died"),
                        info.warnings().toString());
                audience.expect(
                        report -> report.verdict() == Verdict.STALE_WRITER, "verdict on the dead loader", killedNs);
            } else if (info.status().cnt0() > 1) {
                audience.expect(report -> report.verdict().hasFrame(), "frame of the dead loader", killedNs);
            } else {
                assertEquals(List.of(), audience.reports());
            }
        }

        private void assertRunMendsAll() {
            FitsLoader.load(request(place));
            assertHoldsImage();
            LoadRequest plain = LoadRequest.of(
                            place.directory().resolve("cam.im.shm").toString())
                    .withPrefix(place.prefix())
                    .withDirectory(place.directory())
                    .withFits(FITS);
            assertEquals(Outcome.KEPT, FitsLoader.load(plain).outcome());
            assertHoldsImage();
        }

        private void assertHoldsImage() {
            Shape shape = shape(wanted());
            assertEquals(List.of(), StreamInfo.of(place.stream()).warnings());
            assertEquals(List.of(), place.unfinished(), "unfinished files");
            try (ImageStream stream = ImageStream.open(place.stream());
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                assertEquals(shape, stream.shape());
                assertEquals(Verdict.FRESH, reader.newest());
                assertEquals(-1, reader.frame().mismatch(MemorySegment.ofArray(pixels(wanted(), shape))));
                assertEquals((long) wanted(), stream.keywordTable().get(KEYWORD).value());
            }
            try {
                String size = Files.readString(place.directory().resolve("conf/shmim_cam.imsize.txt"));
                assertEquals(shape.lengths()[1] + " " + shape.lengths()[0], size.strip());
                assertEquals(size, Files.readString(place.directory().resolve("loadedSM/cam.imsize")));
                assertEquals(
                        FITS,
                        Files.readString(place.directory().resolve("conf/shmim_cam.name.txt"))
                                .strip());
                assertTrue(Files.isSameFile(
                        place.directory().resolve("conf/shmim_cam.fits"),
                        place.directory().resolve(FITS)));
                for (String[] pair :
                        new String[][] {{"new", "kept"}, {"FITSsame", "FITSchanged"}, {"SMsame", "SMchanged"}}) {
                    assertTrue(
                            Files.exists(place.directory().resolve("loadedSM/cam." + pair[0]))
                                    ^ Files.exists(place.directory().resolve("loadedSM/cam." + pair[1])),
                            pair[0]);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            if (audience != null) {
                audience.close();
                audience = null;
            }
        }
    }
}
