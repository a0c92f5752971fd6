package org.shmrt.camera;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.engine.EngineAccess;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.KeywordTable;
import org.shmrt.text.FileNames;

/**
 * Moves the frames of a source into a stream, in place where the stream has a depth of 2 or more, and counts them. The
 * source's frame number becomes the frame id (cnt2), its time the acquisition time. One thread calls {@link #run};
 * {@link #counts}, {@link #storeKeywords} and {@link #close} are for any thread. A frame allocates nothing.
 *
 * <pre>{@code
 * try (FrameSource camera = FrameSource.open("sim:ramp", SourceOptions.NONE);
 *      ImageStream stream = Grabber.createOrOpen(path, Grabber.spec("dao", camera.format(), 4));
 *      Grabber grabber = new Grabber(camera, stream)) {
 *     grabber.run(1000);
 *     System.out.println(grabber.counts());
 * }
 * }</pre>
 *
 * <p>In a stream of depth 1, and so in every milk stream, the memory of the next frame is that of the newest one. There
 * a frame is received in a buffer and copied when it is complete, so that readers can read the newest frame meanwhile.
 */
public final class Grabber implements AutoCloseable {
    /** Keyword of the stream: the meaning of the elements, see {@link FrameFormat.Pixels#keyword()}. */
    public static final String PIXELS_KEYWORD = "PIXELS";
    /** Keyword of the stream: the nominal rate in Hz. */
    public static final String RATE_KEYWORD = "RATE";
    /** Keyword of the stream: the bits of an element that carry information. */
    public static final String BITS_KEYWORD = "BITS";
    /** Keyword of the stream: frames that were sent but not published. */
    public static final String LOST_KEYWORD = "LOST";
    /** Keyword of the stream: those of the lost frames that arrived damaged or incomplete. */
    public static final String DAMAGED_KEYWORD = "DAMAGED";

    /** Keywords of a new stream: those above, and room for the user's own. */
    private static final int KEYWORDS = 32;
    /** A stopped grabber ends within this time if its source limits the wait. */
    private static final long WAIT_NS = 100_000_000L;

    /**
     * The frames of a grabber so far. Frames sent = published + lost. Immutable.
     *
     * @param published frames in the stream
     * @param lost frames that the source knows were sent and that were not published
     * @param damaged how many of the lost ones arrived damaged or incomplete
     * @param late frames published more than half a period after they were due, measured from the frame before; 0 if the
     *     source has no nominal rate
     * @param firstPublishedNs when the first one was published, on the clock of {@link System#nanoTime}; the start if
     *     none was
     * @param lastPublishedNs when the last one was published; the start if none was
     */
    public record Counts(
            long published, long lost, long damaged, long late, long firstPublishedNs, long lastPublishedNs) {}

    private final FrameSource source;
    private final ImageStream stream;
    private final FrameWriter writer;
    private final StreamTarget target;
    private final double periodNs;
    private volatile long published;
    private volatile long late;
    private volatile long lastPublishedNs = System.nanoTime();
    private volatile long firstPublishedNs = lastPublishedNs;
    private volatile boolean stopped;
    private boolean running;
    private boolean hasPrevious;
    private long previousId;
    private long storedLost = -1;
    private long storedDamaged = -1;

    /**
     * Prepares to grab. Acquires the stream's writer and stores the keywords that do not change.
     *
     * @param source an open source, which the caller closes
     * @param stream an open stream, which the caller closes
     * @throws IncompatibleException if the frames of the source do not fit
     * @throws org.shmrt.error.BusyException if the stream has another writer
     */
    public Grabber(FrameSource source, ImageStream stream) {
        FrameFormat format = source.format();
        checkFit(stream, format.shape(), format.type());
        this.source = source;
        this.stream = stream;
        this.periodNs = format.rateHz().isPresent() ? 1e9 / format.rateHz().getAsDouble() : 0;
        this.writer = stream.writer();
        try {
            this.target = StreamTarget.of(writer);
            storeFormat(format);
            storeKeywords();
        } catch (RuntimeException | Error e) {
            writer.close();
            throw e;
        }
    }

    private static void checkFit(ImageStream stream, Shape shape, DataType type) {
        // a vector of n may be stored as n x 1
        if (!stream.shape().squeezed().equals(shape.squeezed()) || stream.type() != type) {
            throw new IncompatibleException(FileNames.text(stream.path()) + " has frames of " + stream.shape() + " "
                    + stream.type() + ", but the source sends " + shape + " " + type
                    + ": use another stream, or replace this one");
        }
    }

    /**
     * The specification of a stream for the frames of a source.
     *
     * @param format the name of a format, for example {@code dao}
     * @param frames the frames
     * @param depth frames that the stream keeps, see {@link StreamFormat#keeping}
     * @return the specification, with room for keywords
     * @throws IllegalArgumentException if a stream cannot have such frames
     */
    public static StreamSpec spec(String format, FrameFormat frames, int depth) {
        StreamSpec spec = StreamSpec.of(format, frames.type(), frames.shape()).withKeywords(KEYWORDS);
        return StreamFormat.named(format).keeping(spec, depth);
    }

    /**
     * Opens the stream of this path if it exists and its format, type and shape are those specified, and its layout if
     * one is specified; creates it if it does not exist, or the specification replaces it.
     *
     * @param path the stream's file
     * @param spec the stream to create
     * @return the open stream
     * @throws IncompatibleException if the existing stream has another format, layout, type or shape
     * @throws org.shmrt.error.ShmException if it cannot be created or opened
     */
    public static ImageStream createOrOpen(Path path, StreamSpec spec) {
        if (spec.replacing() || !Files.exists(path)) {
            try {
                return ImageStream.create(path, spec);
            } catch (AlreadyExistsException e) {
                // another program created it a moment ago
            }
        }
        ImageStream existing = ImageStream.open(path);
        try {
            checkFit(existing, spec.shape(), spec.type());
            if (!existing.layout().format().equals(spec.format())) {
                throw new IncompatibleException(
                        FileNames.text(path) + " is a " + existing.layout().format() + " stream, not a " + spec.format()
                                + " one: use another stream, or replace this one");
            }
            checkLayout(existing, spec);
            return existing;
        } catch (RuntimeException | Error e) {
            existing.close();
            throw e;
        }
    }

    private static void checkLayout(ImageStream existing, StreamSpec spec) {
        if (spec.variant() == null) {
            return;
        }
        // The format may know a layout by several names.
        String wanted =
                StreamFormat.named(spec.format()).plan(existing.path(), spec).variant();
        if (!existing.layout().variant().equals(wanted)) {
            throw new IncompatibleException(FileNames.text(existing.path()) + " has the layout "
                    + existing.layout().variant() + ", not " + wanted + ": use another stream, or replace this one");
        }
    }

    /**
     * Grabs frames until the source ends, this grabber is closed, or a number of frames is published.
     *
     * @param maxFrames the number of frames to publish in this call
     * @return whether all of them were published; false if the source has ended or the grabber was closed
     * @throws org.shmrt.error.ShmException if the source fails, or the stream was truncated
     * @throws org.shmrt.error.NoSpaceException if the stream is sparse and its file system is full
     */
    public boolean run(long maxFrames) {
        synchronized (this) {
            if (stopped) {
                return false;
            }
            running = true;
        }
        try {
            return grab(maxFrames);
        } catch (InternalError e) {
            throw EngineAccess.mapped(stream).fault(e, "written");
        } finally {
            synchronized (this) {
                running = false;
                if (stopped) {
                    source.close(); // returns when nothing writes to the stream any more
                    endWriting();
                }
            }
        }
    }

    private boolean grab(long maxFrames) {
        long left = maxFrames;
        while (left > 0 && !stopped) {
            FrameSource.Arrival arrival;
            try {
                arrival = source.read(target, WAIT_NS);
            } catch (RuntimeException | Error e) {
                target.withhold();
                if (stopped) {
                    return false; // the source was closed while it read
                }
                throw e;
            }
            switch (arrival) {
                case FRAME -> {
                    count(target.publish());
                    left--;
                }
                case DAMAGED -> target.withhold();
                case TIMED_OUT -> {
                    // the target keeps what has arrived
                }
                case ENDED -> {
                    target.withhold();
                    return false;
                }
            }
        }
        target.withhold();
        return left <= 0;
    }

    // The counters have one writer, this thread.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void count(long id) {
        long nowNs = System.nanoTime();
        if (hasPrevious && periodNs > 0) {
            // frames that are missing between the two do not make this one late
            long periods = Math.max(1, id - previousId);
            if (nowNs - lastPublishedNs > (periods + 0.5) * periodNs) {
                late++;
            }
        }
        if (!hasPrevious) {
            firstPublishedNs = nowNs;
            hasPrevious = true;
        }
        previousId = id;
        lastPublishedNs = nowNs;
        published++;
    }

    /**
     * The frames so far.
     *
     * @return a snapshot; each number is exact, also while frames arrive
     */
    public Counts counts() {
        long damaged = source.damaged(); // first: it is a part of lost
        return new Counts(published, source.lost(), damaged, late, firstPublishedNs, lastPublishedNs);
    }

    private void storeFormat(FrameFormat format) {
        List<Keyword> keywords = new ArrayList<>();
        keywords.add(Keyword.of(PIXELS_KEYWORD, format.pixels().keyword()).withComment("meaning of the elements"));
        format.rateHz()
                .ifPresent(
                        hz -> keywords.add(Keyword.of(RATE_KEYWORD, hz).withComment("nominal rate of the source, Hz")));
        if (format.significantBits() > 0) {
            keywords.add(Keyword.of(BITS_KEYWORD, (long) format.significantBits())
                    .withComment("bits of an element that carry information"));
        }
        set(keywords);
    }

    /**
     * Stores how many frames are lost in the stream's keywords, if that has changed. Streams without room for them are
     * left as they are. Call it a few times a second; it copies the table of keywords.
     */
    public synchronized void storeKeywords() {
        Counts counts = counts();
        if (counts.lost() != storedLost || counts.damaged() != storedDamaged) {
            set(List.of(
                    Keyword.of(LOST_KEYWORD, counts.lost()).withComment("frames sent but not published"),
                    Keyword.of(DAMAGED_KEYWORD, counts.damaged()).withComment("lost frames that arrived damaged")));
            storedLost = counts.lost();
            storedDamaged = counts.damaged();
        }
    }

    /** Sets the keywords that exist, and new ones as long as there is room. */
    private void set(List<Keyword> keywords) {
        KeywordTable table = stream.keywordTable();
        List<String> names = table.list().stream().map(Keyword::name).toList();
        int room = table.capacity() - names.size();
        List<Keyword> fitting = new ArrayList<>();
        for (Keyword keyword : keywords) {
            if (names.contains(keyword.name()) || room-- > 0) {
                fitting.add(keyword);
            }
        }
        if (!fitting.isEmpty()) {
            table.update(fitting);
        }
    }

    /**
     * Stops {@link #run} in another thread, closes the source, and releases the stream's writer. Does not wait for
     * {@link #run}, which releases the writer when it returns: close the stream after that. Closing twice is harmless.
     */
    @Override
    public void close() {
        stopped = true;
        source.close();
        synchronized (this) {
            if (!running) {
                endWriting();
            }
        }
    }

    private void endWriting() {
        try {
            target.end();
        } finally {
            writer.close();
        }
    }
}
