package org.shmrt.cacao;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.shmrt.cacao.LoadReport.Outcome;
import org.shmrt.error.BusyException;
import org.shmrt.fits.FitsImage;
import org.shmrt.memory.MemoryImage;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.IoErrors;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamStatus;
import org.shmrt.text.FileNames;

/** Writes an image to a stream as one frame. Creates or re-creates the stream if necessary. */
final class StreamUpdater {
    /** Timeout for another writer: another load is short, while a camera never ends. */
    private static final long WRITER_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);

    private final Path file;
    private final MemoryImage image;
    private final Optional<String> format;
    private final Optional<String> layout;
    private final StreamKeywords keywords;
    private final List<String> remarks = new ArrayList<>();

    /**
     * Result of an update.
     *
     * @param outcome what happened to the stream
     * @param layout layout of the stream
     * @param count counter of the frame
     * @param keywords number of keywords that were set
     * @param streamInfo state of the stream with this frame, as {@link StreamState} formats it
     * @param remarks remarks for the user
     */
    record Result(
            Outcome outcome, StreamLayout layout, long count, int keywords, String streamInfo, List<String> remarks) {}

    /** A frame that was written to an open stream. */
    private record Written(StreamLayout layout, long count, long writeTimeNs, int keywords) {
        /**
         * Records the state as of this frame. If another writer has already written the next one, the time is unknown,
         * and the next load sees a change.
         */
        static Written of(ImageStream stream, long count, int keywords) {
            StreamStatus status = stream.status();
            StreamLayout layout = stream.layout();
            return new Written(
                    layout, count, status.cnt0() == count ? StreamState.writeTimeNs(layout, status) : 0, keywords);
        }
    }

    /**
     * Prepares an update.
     *
     * @param file file of the stream
     * @param loaded the image and its cards
     * @param format format of a new stream; empty for the default of its directory
     * @param layout layout of a new stream; empty for the default of its format
     */
    StreamUpdater(Path file, FitsImage loaded, Optional<String> format, Optional<String> layout) {
        this.file = file;
        this.image = loaded.image();
        this.format = format;
        this.layout = layout;
        remarks.addAll(loaded.remarks());
        this.keywords = StreamKeywords.of(loaded.cards());
    }

    Result update() {
        if (!FileId.exists(file)) {
            return result(Outcome.CREATED, create(file, newSpec()));
        }
        Path target = FileId.resolveLinks(file);
        StreamLayout present = StreamInfo.of(target).layout();
        // FITS and the formats of streams add and drop axes of length 1
        boolean fits = present.type() == image.type()
                && present.shape().squeezed().equals(image.shape().squeezed());
        return fits ? result(Outcome.UPDATED, write()) : result(Outcome.RECREATED, recreate(target, present));
    }

    /** The stream is closed now, so the attributes of its file no longer change. */
    private Result result(Outcome outcome, Written written) {
        return new Result(
                outcome,
                written.layout(),
                written.count(),
                written.keywords(),
                StreamState.line(file, written.count(), written.writeTimeNs()),
                remarks);
    }

    private StreamSpec newSpec() {
        boolean inDirectoryOfMilk = StreamDirectory.isMilk(file.toAbsolutePath().getParent());
        StreamSpec spec = StreamSpec.of(format.orElse(inDirectoryOfMilk ? "milk" : "dao"), image.type(), image.shape());
        return layout.map(spec::withVariant).orElse(spec);
    }

    private Written write() {
        try (ImageStream stream = ImageStream.open(file);
                FrameWriter writer = writer(stream)) {
            int keywordsSet = keywords.storeIn(stream, remarks);
            return Written.of(stream, writer.write(image.data()), keywordsSet);
        }
    }

    private FrameWriter writer(ImageStream stream) {
        return FileMutex.await(
                WRITER_TIMEOUT_NS,
                () -> {
                    try {
                        return Optional.of(stream.writer());
                    } catch (BusyException e) {
                        return Optional.empty();
                    }
                },
                this::busy);
    }

    private String busy() {
        return FileNames.text(file) + " is being written by " + FileLock.ownerText(file) + ": stop that writer first";
    }

    /**
     * The new stream keeps format, layout, depth and permissions, which programs that attach to it may rely on. Of a
     * layout that is not written only the format is kept.
     */
    private Written recreate(Path target, StreamLayout old) {
        StreamSpec.Builder spec = StreamSpec.of(old.format(), image.type(), image.shape()).toBuilder()
                .variant(old.readOnlyReason() == null ? old.variant() : null)
                .depth(old.depth())
                .permissions(permissions(target))
                .keywords(Math.max(old.keywords().count(), keywords.recordCount()))
                .replaceExisting();
        if (old.circular() != null) {
            spec.circularBuffer(old.circular().size());
        }
        if (old.cube() != null && image.shape().rank() == 3) {
            spec.rollingCube();
        }
        FileLock lock = FileMutex.await(
                WRITER_TIMEOUT_NS, () -> Optional.ofNullable(FileLock.tryExclusive(target)), this::busy);
        try {
            return create(target, spec.build());
        } finally {
            lock.close();
        }
    }

    private static int permissions(Path file) {
        try {
            Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
            int bits = 0;
            for (PosixFilePermission permission : PosixFilePermission.values()) {
                // the order of declaration, from owner's read to others' execute, is that of the bits
                bits = bits << 1 | (found.contains(permission) ? 1 : 0);
            }
            return bits;
        } catch (IOException e) {
            throw IoErrors.failure("look up", file, e);
        }
    }

    private Written create(Path target, StreamSpec spec) {
        StreamSpec complete = spec.withFirstFrame(image.data());
        if (spec.keywordCount() == 0) {
            complete = complete.withKeywords(keywords.recordCount());
        }
        try (ImageStream stream = ImageStream.create(target, complete)) {
            stream.creationWarning().ifPresent(remarks::add);
            int keywordsSet = keywords.storeIn(stream, remarks);
            return Written.of(stream, 1, keywordsSet);
        }
    }
}
