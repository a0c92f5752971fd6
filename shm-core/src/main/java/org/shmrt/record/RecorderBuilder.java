package org.shmrt.record;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.shmrt.error.NotFoundException;
import org.shmrt.record.chunk.ChunkName;

/**
 * Settings of a recorder. All but the directory and the streams have defaults: record until stopped, files of 1 GiB, 512
 * MiB of memory, no limit to the space on the disk, no compression. For one thread.
 */
public final class RecorderBuilder {
    /** Memory by default, bytes. */
    public static final long DEFAULT_BUFFER_BYTES = 512L << 20;
    /** Size of a file by default, bytes. */
    public static final long DEFAULT_SPLIT_BYTES = 1L << 30;

    /** A compressed chunk is in memory before it is written. */
    private static final long COMPRESSED_SPLIT_BYTES = 256L << 20;

    private final Path directory;
    private final List<Path> streams = new ArrayList<>();
    private long maxFrames = Long.MAX_VALUE;
    private long maxNs = Long.MAX_VALUE;
    private long splitFrames = Long.MAX_VALUE;
    private long splitNs = Long.MAX_VALUE;
    private long splitBytes;
    private long bufferBytes = DEFAULT_BUFFER_BYTES;
    private long keepBytes = Long.MAX_VALUE;
    private Form form = Form.FITS;
    private Absent absent = Absent.FAIL;
    private UnaryOperator<FileChannel> sink = UnaryOperator.identity();

    /** The form of the files. */
    enum Form {
        FITS,
        COMPRESSED_FITS,
        NPY
    }

    /** What to do if a stream does not exist. */
    enum Absent {
        FAIL,
        AWAIT
    }

    RecorderBuilder(Path directory) {
        this.directory = directory;
    }

    /**
     * Adds a stream.
     *
     * @param path its file; the name of the file without {@code .im.shm} must differ from those of the other streams
     * @return this builder
     */
    public RecorderBuilder stream(Path path) {
        streams.add(path);
        return this;
    }

    /**
     * Ends the recording of each stream after a number of frames.
     *
     * @param frames at least 1
     * @return this builder
     */
    public RecorderBuilder maxFrames(long frames) {
        maxFrames = positive(frames, "the number of frames to record");
        return this;
    }

    /**
     * Ends the recording after a time.
     *
     * @param ns nanoseconds
     * @return this builder
     */
    public RecorderBuilder maxNs(long ns) {
        maxNs = positive(ns, "the time to record");
        return this;
    }

    /**
     * Begins a new file after a number of frames.
     *
     * @param frames at least 1
     * @return this builder
     */
    public RecorderBuilder splitFrames(long frames) {
        splitFrames = positive(frames, "the number of frames in a file");
        return this;
    }

    /**
     * Begins a new file after a time.
     *
     * @param ns nanoseconds
     * @return this builder
     */
    public RecorderBuilder splitNs(long ns) {
        splitNs = positive(ns, "the time of a file");
        return this;
    }

    /**
     * Begins a new file before one exceeds a size. A file has at least one frame.
     *
     * @param bytes its size
     * @return this builder
     */
    public RecorderBuilder splitBytes(long bytes) {
        splitBytes = positive(bytes, "the size of a file");
        return this;
    }

    /**
     * Sets the memory for frames that wait for the disk, for all streams together.
     *
     * @param bytes its size
     * @return this builder
     */
    public RecorderBuilder bufferBytes(long bytes) {
        bufferBytes = positive(bytes, "the memory for frames");
        return this;
    }

    /**
     * Removes the oldest files of these streams in the directory, also those of earlier recordings, when all together
     * exceed a size.
     *
     * @param bytes their size
     * @return this builder
     */
    public RecorderBuilder keepBytes(long bytes) {
        keepBytes = positive(bytes, "the size of the recording to keep");
        return this;
    }

    /**
     * Compresses each file without loss after it is complete.
     *
     * @return this builder
     */
    public RecorderBuilder compressed() {
        form = Form.COMPRESSED_FITS;
        return this;
    }

    /**
     * Writes npy files, also for the types that FITS lacks: {@code X.npy} with the frames, {@code X.times.npy} with an
     * array of records, {@code X.header} with the description of the stream. They are not compressed.
     *
     * @return this builder
     */
    public RecorderBuilder npy() {
        form = Form.NPY;
        return this;
    }

    /**
     * Waits for streams that do not exist, instead of failing. The frames of such a stream count from its first one.
     *
     * @return this builder
     */
    public RecorderBuilder awaitingStreams() {
        absent = Absent.AWAIT;
        return this;
    }

    /**
     * Starts to record. Creates the directory if its parent exists.
     *
     * @return the recorder
     * @throws NotFoundException if a stream does not exist
     * @throws IllegalArgumentException if there is no stream, two have the same name, FITS has no form for the elements
     *     of one, or the memory is too small for their frames
     * @throws org.shmrt.error.ShmException if a stream cannot be read or the directory cannot be written
     */
    public Recorder start() {
        return new Recorder(this);
    }

    private static long positive(long value, String what) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, not " + value);
        }
        return value;
    }

    /**
     * Where the files go.
     *
     * @return the directory as given
     */
    public Path directory() {
        return directory;
    }

    List<Path> streams() {
        return streams;
    }

    long maxFrames() {
        return maxFrames;
    }

    long maxNs() {
        return maxNs;
    }

    long splitFrames() {
        return splitFrames;
    }

    long splitNs() {
        return splitNs;
    }

    long splitBytes() {
        return splitBytes > 0
                ? splitBytes
                : form == Form.COMPRESSED_FITS ? COMPRESSED_SPLIT_BYTES : DEFAULT_SPLIT_BYTES;
    }

    long bufferBytes() {
        return bufferBytes;
    }

    long keepBytes() {
        return keepBytes;
    }

    Form form() {
        return form;
    }

    /** The ending of the names of files. */
    String ending() {
        return form == Form.NPY ? ChunkName.NPY : ChunkName.PLAIN;
    }

    /** Replaces the channels to which files are written, for tests of a slow disk. */
    RecorderBuilder sink(UnaryOperator<FileChannel> newSink) {
        sink = newSink;
        return this;
    }

    UnaryOperator<FileChannel> sink() {
        return sink;
    }

    Absent absent() {
        return absent;
    }
}
