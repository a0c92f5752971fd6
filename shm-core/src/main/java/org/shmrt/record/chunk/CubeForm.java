package org.shmrt.record.chunk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.OptionalLong;

/** How the cube of one chunk is stored: FITS or npy. For one thread. */
abstract class CubeForm {
    /** The size of a buffer is an int. */
    private static final long MAX_BUFFER_BYTES = 1 << 30;

    /** The form of a chunk, by the ending of its name. */
    static CubeForm of(Path chunk, ChunkSpec spec) {
        return chunk.toString().endsWith(ChunkName.NPY) ? new NpyForm(chunk, spec) : new FitsForm(spec);
    }

    /** The header in front of the frames. Its size does not depend on their number. */
    abstract byte[] header(long frames);

    /** Size of a frame in the file. */
    abstract long storedFrameBytes();

    /** Creates the files besides the cube and the table. */
    void begin() throws IOException {
        // none
    }

    /** Converts frames in place to the form in which {@link #write} expects them. */
    abstract void convert(MemorySegment frames);

    /** Writes converted frames. */
    void write(FileChannel cube, MemorySegment converted, long at) throws IOException {
        for (long done = 0; done < converted.byteSize(); done += MAX_BUFFER_BYTES) {
            long count = Math.min(MAX_BUFFER_BYTES, converted.byteSize() - done);
            write(cube, converted.asSlice(done, count).asByteBuffer(), at + done);
        }
    }

    static void write(FileChannel to, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += to.write(bytes, at);
        }
    }

    /** Writes what has to follow the frames, if more of them may come. */
    void pad(FileChannel cube, long end) throws IOException {
        // nothing
    }

    /** Lets the header describe a number of frames. */
    abstract void describe(FileChannel cube, long frames) throws IOException;

    /**
     * What a chunk is when its recording ends.
     *
     * @param cubeAt position of the first frame
     * @param table the file of the table
     * @param tableAt position of the header of the table
     * @param columns columns of the table, which an earlier version may have written
     * @param frames number of frames, at least 1
     * @param lost frames that are missing in the chunk
     * @param lostAtEnd frames that are missing after the last one; empty if that is not known
     */
    record End(
            long cubeAt,
            FileChannel table,
            long tableAt,
            TableHeader columns,
            long frames,
            long lost,
            OptionalLong lostAtEnd) {}

    /** Completes the files, so that the file of the table can be removed. Can be repeated. */
    abstract void complete(FileChannel cube, End end) throws IOException;
}
