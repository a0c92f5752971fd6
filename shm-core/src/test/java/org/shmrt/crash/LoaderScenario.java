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
 * Loads a FITS file into a stream as {@code fits2shm} does. After a crash of the loader a run with the same request
 * completes image, keywords and bookkeeping files, and one more run has nothing to do.
 */
final class LoaderScenario implements Scenario {
    private static final String FITS = "ref.fits";
    private static final Shape FIRST_SHAPE = Shape.of(8, 8);
    private static final Shape OTHER_SHAPE = Shape.of(4, 8);
    private static final String KEYWORD = "GAIN";

    /** What the loader has to do. */
    enum Action {
        NEW,
        UPDATE,
        OTHER_SHAPE,
        RESET,
        KEEP
    }

    private final String name;
    private final String format;
    private final Action action;

    LoaderScenario(String name, String format, Action action) {
        this.name = name;
        this.format = format;
        this.action = action;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare(Workspace workspace) {
        save(workspace, 1, FIRST_SHAPE);
        if (action != Action.NEW) {
            FitsLoader.load(request(workspace));
            StaleToken.take(workspace.stream());
        }
        if (action == Action.UPDATE || action == Action.OTHER_SHAPE) {
            save(workspace, 2, shape(2));
        }
    }

    private Shape shape(int image) {
        return image == 2 && action == Action.OTHER_SHAPE ? OTHER_SHAPE : FIRST_SHAPE;
    }

    /** Number of the image to load. */
    private int wanted() {
        return action == Action.UPDATE || action == Action.OTHER_SHAPE ? 2 : 1;
    }

    private static void save(Workspace workspace, int image, Shape shape) {
        Path file = workspace.directory().resolve(FITS);
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

    private LoadRequest request(Workspace workspace) {
        boolean reset = action == Action.RESET && FileId.exists(workspace.stream());
        return plain(workspace)
                .format(format)
                .mode(reset ? LoadRequest.Mode.RESET : LoadRequest.Mode.IF_CHANGED)
                .build();
    }

    private static LoadRequest.Builder plain(Workspace workspace) {
        return LoadRequest.builder(workspace.directory().resolve("cam.im.shm").toString())
                .prefix(workspace.prefix())
                .directory(workspace.directory())
                .fits(FITS);
    }

    @Override
    public TargetProcess.Operation open(Workspace workspace) {
        LoadRequest request = request(workspace);
        return () -> FitsLoader.load(request);
    }

    @Override
    public Verifier verifier(Workspace workspace, int ordinal) {
        return new NextRunVerifier(workspace);
    }

    /** Observes the stream, if there is one, and runs the loader again. */
    private final class NextRunVerifier extends ObservedVerifier {
        NextRunVerifier(Workspace workspace) {
            super(
                    workspace,
                    (frame, count) ->
                            frame.mismatch(MemorySegment.ofArray(pixels(count == 1 ? 1 : wanted(), FIRST_SHAPE))) < 0);
        }

        @Override
        public void verify(long killedNs) {
            if (observer() != null) {
                assertReaderKnows(killedNs);
            }
            close();
            assertRunRepairsAll();
            ImageStream.remove(workspace.stream());
            assertEquals(List.of(), workspace.semaphores());
            assertEquals(Outcome.CREATED, FitsLoader.load(request(workspace)).outcome());
            assertHoldsImage();
            ImageStream.remove(workspace.stream());
            assertEquals(List.of(), workspace.semaphores());
            assertEquals(List.of(), workspace.unfinished());
        }

        private void assertReaderKnows(long killedNs) {
            FileId now = FileId.ofOrNull(workspace.stream());
            if (now == null || !now.isSameFile(before)) {
                // A reset removes the stream first: the reader may have checked in between.
                observer()
                        .expect(
                                observation -> observation.verdict() == Verdict.REMOVED
                                        || observation.verdict() == Verdict.RECREATED,
                                "the verdict on the old stream",
                                killedNs);
                return;
            }
            StreamInfo info = StreamInfo.of(workspace.stream());
            if (info.status().writing()) {
                assertTrue(
                        info.warnings().getFirst().contains("a writer may have died"),
                        info.warnings().toString());
                observer()
                        .expect(
                                observation -> observation.verdict() == Verdict.STALE_WRITER,
                                "the verdict STALE_WRITER after the loader's death",
                                killedNs);
            } else if (info.status().cnt0() > 1) {
                observer()
                        .expect(
                                observation -> observation.verdict().hasFrame(),
                                "the frame of the killed loader",
                                killedNs);
            } else {
                assertEquals(List.of(), observer().observations());
            }
        }

        private void assertRunRepairsAll() {
            FitsLoader.load(request(workspace));
            assertHoldsImage();
            assertEquals(Outcome.KEPT, FitsLoader.load(plain(workspace).build()).outcome());
            assertHoldsImage();
        }

        private void assertHoldsImage() {
            Shape shape = shape(wanted());
            assertEquals(List.of(), StreamInfo.of(workspace.stream()).warnings());
            assertEquals(List.of(), workspace.unfinished(), "unfinished files");
            try (ImageStream stream = ImageStream.open(workspace.stream());
                    FrameReader reader = stream.reader(WaitStrategy.spin())) {
                assertEquals(shape, stream.shape());
                assertEquals(Verdict.FRESH, reader.newest());
                assertEquals(-1, reader.frame().mismatch(MemorySegment.ofArray(pixels(wanted(), shape))));
                assertEquals(
                        (long) wanted(),
                        stream.keywordTable().find(KEYWORD).orElseThrow().value());
            }
            try {
                String size = Files.readString(workspace.directory().resolve("conf/shmim_cam.imsize.txt"));
                assertEquals(shape.lengths()[1] + " " + shape.lengths()[0], size.strip());
                assertEquals(size, Files.readString(workspace.directory().resolve("loadedSM/cam.imsize")));
                assertEquals(
                        FITS,
                        Files.readString(workspace.directory().resolve("conf/shmim_cam.name.txt"))
                                .strip());
                assertTrue(Files.isSameFile(
                        workspace.directory().resolve("conf/shmim_cam.fits"),
                        workspace.directory().resolve(FITS)));
                for (String[] pair :
                        new String[][] {{"new", "kept"}, {"FITSsame", "FITSchanged"}, {"SMsame", "SMchanged"}}) {
                    assertTrue(
                            Files.exists(workspace.directory().resolve("loadedSM/cam." + pair[0]))
                                    ^ Files.exists(workspace.directory().resolve("loadedSM/cam." + pair[1])),
                            pair[0]);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
