package org.shmrt.cacao;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.shmrt.error.BusyException;
import org.shmrt.fits.FitsImage;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.IoErrors;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamStatus;

/** Brings an image into a stream: as a frame of one that is there, or by making one. */
final class StreamUpdater {
    /** How long another writer is waited for; another load takes a moment, a camera goes on for ever. */
    private static final long WRITER_PATIENCE_NS = TimeUnit.SECONDS.toNanos(2);

    private final Path file;
    private final MemoryImage image;
    private final StreamKeywords keywords;
    private final List<String> remarks = new ArrayList<>();
    private LoadReport.Outcome outcome;
    private StreamLayout layout;
    private int keywordsSet;
    private long count;
    private long writeTimeNs;

    StreamUpdater(Path file, FitsImage loaded) {
        this.file = file;
        this.image = loaded.image();
        this.keywords = StreamKeywords.of(loaded.cards());
    }

    /** Does it; a new stream is of this format. */
    void run(String newFormat) {
        if (!FileId.exists(file)) {
            outcome = LoadReport.Outcome.CREATED;
            create(file, StreamSpec.of(newFormat, image.type(), image.shape()));
            return;
        }
        Path target = FileId.resolveLinks(file);
        StreamInfo present = StreamInfo.of(target);
        if (present.layout().type() == image.type() && isSame(present.layout().shape(), image.shape())) {
            outcome = LoadReport.Outcome.UPDATED;
            update();
        } else {
            outcome = LoadReport.Outcome.RECREATED;
            recreate(target, present.layout());
        }
    }

    /** Whether both have the same axes but for those of length 1, which FITS and the formats drop and add. */
    private static boolean isSame(Shape one, Shape other) {
        return Arrays.equals(squeezed(one), squeezed(other));
    }

    private static long[] squeezed(Shape shape) {
        return Arrays.stream(shape.lengths()).filter(length -> length != 1).toArray();
    }

    private void update() {
        try (ImageStream stream = ImageStream.open(file);
                FrameWriter writer = writer(stream)) {
            keywordsSet = keywords.storeIn(stream, remarks);
            finish(stream, writer.write(image.data()));
        }
    }

    private FrameWriter writer(ImageStream stream) {
        return FileMutex.await(
                WRITER_PATIENCE_NS,
                () -> {
                    try {
                        return stream.writer();
                    } catch (BusyException e) {
                        return null;
                    }
                },
                this::busy);
    }

    private String busy() {
        return file + " is being written by " + FileLock.ownerText(file) + ": stop that writer first";
    }

    /** The new one keeps what programs that attach to it may rely on: format, layout, depth, permissions. */
    private void recreate(Path target, StreamLayout old) {
        StreamSpec spec = StreamSpec.of(old.format(), image.type(), image.shape())
                .withVariant(old.variant())
                .withDepth(old.depth())
                .withPermissions(permissions(target))
                .replacingExisting();
        if (old.circular() != null) {
            spec = spec.withCircularBuffer(old.circular().size());
        }
        if (old.cube() != null && image.shape().rank() == 3) {
            spec = spec.asRollingCube();
        }
        FileLock lock = FileMutex.await(WRITER_PATIENCE_NS, () -> FileLock.tryExclusive(target), this::busy);
        try {
            create(target, spec.withKeywords(Math.max(old.keywords().count(), keywords.room())));
        } finally {
            lock.close();
        }
    }

    private static int permissions(Path file) {
        try {
            Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
            int bits = 0;
            for (PosixFilePermission permission : PosixFilePermission.values()) {
                // declared from the owner's read to the others' execute, as in the number
                bits = bits << 1 | (found.contains(permission) ? 1 : 0);
            }
            return bits;
        } catch (IOException e) {
            throw IoErrors.failure("look up", file, e);
        }
    }

    private void create(Path target, StreamSpec spec) {
        StreamSpec whole = spec.withFirstFrame(image.data());
        if (spec.keywordCount() == 0) {
            whole = whole.withKeywords(keywords.room());
        }
        try (ImageStream stream = ImageStream.create(target, whole)) {
            stream.creationWarning().ifPresent(remarks::add);
            keywordsSet = keywords.storeIn(stream, remarks);
            finish(stream, 1);
        }
    }

    /** Notes the state as of this frame: a frame that comes right behind it has to be seen as a change. */
    private void finish(ImageStream stream, long written) {
        StreamStatus status = stream.status();
        layout = stream.layout();
        count = written;
        writeTimeNs = status.cnt0() == written ? StreamState.writeTimeNs(layout, status) : 0;
    }

    LoadReport.Outcome outcome() {
        return outcome;
    }

    StreamLayout layout() {
        return layout;
    }

    int keywordsSet() {
        return keywordsSet;
    }

    long count() {
        return count;
    }

    /** What {@link StreamState} says of the stream with this frame, now that nothing more is stored into its file. */
    String state() {
        return StreamState.line(file, count, writeTimeNs);
    }

    List<String> remarks() {
        return remarks;
    }
}
