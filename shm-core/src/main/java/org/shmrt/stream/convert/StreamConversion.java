package org.shmrt.stream.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.FileId;
import org.shmrt.stream.Access;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.StreamCreation;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.PastFrames;
import org.shmrt.stream.format.StreamClock;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.text.FileNames;

/**
 * Creates a new stream, of another or the same format, with the content of a stream: pixels, counters and times of the
 * newest frame, the frames before it that the new stream has room for, and the keywords. The {@link ConversionReport}
 * lists what was dropped. The source is only read, and other programs may write it at the same time. The new stream
 * gets its name when it is complete. Immutable.
 *
 * <pre>{@code
 * ConversionReport report = StreamConversion.of(Path.of("/tmp/cam.im.shm"), "milk")
 *         .withCircularBuffer(8)
 *         .run(Path.of("/milk/shm/cam.im.shm"));
 * report.dropped().forEach(System.out::println);
 * }</pre>
 *
 * <p>The shape as seen by numpy users does not change, so the stored axes of a DAO stream become those of a milk stream
 * in reverse order. Times are converted from the clock of one format to that of the other
 * ({@link StreamClock#offsetNs()}). A ring of N slots becomes a circular buffer of N frames, and vice versa, unless
 * another number is given. Each frame gets the slot that it would have if all frames had been written there in
 * sequence.
 */
public final class StreamConversion {
    private static final int AS_SOURCE = -1;

    private final Path source;
    private final String format;
    private String variant;
    private int depth = AS_SOURCE;
    private int circular = AS_SOURCE;
    private int keywordCount = AS_SOURCE;
    private boolean replacing;

    private StreamConversion(Path source, String format) {
        this.source = source;
        this.format = format;
    }

    /**
     * A conversion to a stream with as many frames and keyword records as the source.
     *
     * @param source the stream to convert, or a link to it
     * @param format name of the new stream's format, for example {@code dao} or {@code milk}
     * @return the conversion; {@link #run} starts it
     */
    public static StreamConversion of(Path source, String format) {
        return new StreamConversion(source, format);
    }

    private StreamConversion copy() {
        StreamConversion copy = new StreamConversion(source, format);
        copy.variant = variant;
        copy.depth = depth;
        copy.circular = circular;
        copy.keywordCount = keywordCount;
        copy.replacing = replacing;
        return copy;
    }

    /**
     * A copy for another layout of the format.
     *
     * @param newVariant its name, see {@link StreamLayout#variant()}; null for the default layout
     * @return a changed copy
     */
    public StreamConversion withVariant(String newVariant) {
        StreamConversion changed = copy();
        changed.variant = newVariant;
        return changed;
    }

    /**
     * A copy with another depth of the new stream's ring.
     *
     * @param newDepth number of frames it keeps, 1 or more
     * @return a changed copy
     */
    public StreamConversion withDepth(int newDepth) {
        StreamConversion changed = copy();
        changed.depth = newDepth;
        return changed;
    }

    /**
     * A copy with another size of the new stream's circular buffer.
     *
     * @param newCircular number of frames it keeps, 0 for none
     * @return a changed copy
     */
    public StreamConversion withCircularBuffer(int newCircular) {
        StreamConversion changed = copy();
        changed.circular = newCircular;
        return changed;
    }

    /**
     * A copy with another number of keyword records.
     *
     * @param newCount at least as many as the source uses
     * @return a changed copy
     */
    public StreamConversion withKeywords(int newCount) {
        StreamConversion changed = copy();
        changed.keywordCount = newCount;
        return changed;
    }

    /**
     * A copy that replaces an existing stream at the target's path. Programs that have it open keep the old file.
     *
     * @return a changed copy
     */
    public StreamConversion replacingExisting() {
        StreamConversion changed = copy();
        changed.replacing = true;
        return changed;
    }

    /**
     * Converts. Copies all frames, and waits up to five seconds for a frame that is being written.
     *
     * @param target path of the new stream
     * @return the result, with a list of what was dropped
     * @throws IncompatibleException if the source is not a valid stream, its pixels are not in its file, the new format
     *     has no type for them, or it is re-created or removed during the conversion; no new stream remains
     * @throws AlreadyExistsException if the target's path exists and is not to be replaced, or the target is the source
     * @throws org.shmrt.error.BusyException if a writer keeps claiming or overwriting the newest frame
     * @throws org.shmrt.error.NotFoundException if the source or the target's directory does not exist
     * @throws org.shmrt.error.NoSpaceException if the memory of the new stream cannot be reserved
     * @throws IllegalArgumentException if the format cannot represent the requested stream
     */
    public ConversionReport run(Path target) {
        try (ImageStream from = ImageStream.open(source, Access.READ_ONLY)) {
            if (FileId.exists(target) && FileId.of(target).isSameFile(FileId.of(source))) {
                throw new AlreadyExistsException(
                        FileNames.text(target) + " is the stream to be converted: choose another name");
            }
            List<Keyword> keywords = from.keywords();
            List<String> dropped = new ArrayList<>();
            StreamFormat to = StreamFormats.named(format);
            StreamSpec spec = spec(to, from.layout(), keywords.size());
            // Before the creation: if the source disappears at this moment, the conversion fails.
            listLosses(from, to.plan(target, spec), dropped);
            ConversionContent content = new ConversionContent(from, keywords, dropped);
            MappedStream created = StreamCreation.create(target, spec, content);
            try {
                return new ConversionReport(
                        source,
                        target,
                        created.layout(),
                        content.cnt0(),
                        content.frames(),
                        content.keywordsKept(),
                        List.copyOf(dropped));
            } finally {
                created.close();
            }
        }
    }

    private StreamSpec spec(StreamFormat to, StreamLayout from, int keywordsInUse) {
        if (!to.supports(from.type())) {
            throw new IncompatibleException(
                    FileNames.text(source) + " holds " + from.type() + ", for which " + to.name()
                            + " streams have no type: convert its pixels to another type first, for example float32");
        }
        boolean hasBuffer = to.pastFrames() == PastFrames.CIRCULAR_BUFFER;
        if (!hasBuffer && circular > 0) {
            throw new IllegalArgumentException(to.name() + " streams have no circular buffer: give the new stream "
                    + "a depth of " + circular + " instead (--depth " + circular + ")");
        }
        if (keywordCount >= 0 && keywordCount < keywordsInUse) {
            throw new IllegalArgumentException(FileNames.text(source) + " has " + keywordsInUse
                    + " keywords: a table of " + keywordCount + " is too small");
        }
        int kept = from.circular() != null ? from.circular().size() : from.depth();
        int ring = to.pastFrames() == PastFrames.RING ? kept : 1;
        int buffer = hasBuffer && (from.circular() != null || kept > 1) ? kept : 0;
        StreamSpec.Builder spec = StreamSpec.of(to.name(), from.type(), from.shape()).toBuilder()
                .depth(depth >= 0 ? depth : ring)
                .circularBuffer(hasBuffer && circular >= 0 ? circular : buffer)
                .keywords(keywordCount < 0 ? from.keywords().count() : keywordCount);
        if (variant != null) {
            spec.variant(variant);
        }
        if (to.supportsRollingCubes() && from.cube() != null) {
            spec.rollingCube();
        }
        if (replacing) {
            spec.replaceExisting();
        }
        return spec.build();
    }

    /** Lists what is dropped because of the two layouts, independently of the frames. */
    private static void listLosses(ImageStream from, StreamLayout to, List<String> dropped) {
        StreamLayout layout = from.layout();
        if (!to.shape().equals(layout.shape())) {
            dropped.add("the shape " + layout.shape() + ": a " + to.format() + " stream stores it as " + to.shape());
        }
        if (layout.cube() != null && to.cube() == null) {
            dropped.add(
                    "the order and the times of the slices: the new stream has three plain axes, and cnt1 remains the "
                            + "index of the slice written last");
        }
        if (layout.written().exists() && !to.written().exists() && from.status().writtenNs() != 0) {
            dropped.add("the write time of the newest frame: the new format stores the acquisition time only");
        }
        if (!from.traces().isEmpty()) {
            dropped.add(
                    "the process trace, " + from.traces().size() + " records: it describes the old stream's writer");
        }
        if (layout.writeHistory() != null) {
            dropped.add("the list of the last writes");
        }
        if (from.newestPackets().isPresent()) {
            dropped.add("the record of the packets of the newest frame");
        }
        if (layout.keywords().countOffset() >= 0 && !from.keywords().isEmpty()) {
            dropped.add("the write count of each keyword");
        }
        dropped.add(
                "values and reservations of the " + layout.semaphores().count() + " semaphores: the new stream has its "
                        + "own " + to.semaphores().count());
    }
}
