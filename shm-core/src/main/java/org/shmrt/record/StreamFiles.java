package org.shmrt.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.shmrt.error.ShmException;
import org.shmrt.posix.IoErrors;
import org.shmrt.record.chunk.ChunkName;
import org.shmrt.record.chunk.ChunkSpec;
import org.shmrt.record.chunk.ChunkWriter;
import org.shmrt.record.chunk.ForceFailedException;
import org.shmrt.record.chunk.FrameRow;
import org.shmrt.text.FileNames;
import org.shmrt.text.ShellWord;

/**
 * Writes the frames of one stream to chunks. If the disk is full or fails, the frames remain in memory, and the next
 * call tries again. For the disk thread, except the totals.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // only the disk thread changes the totals
final class StreamFiles {
    private static final long RETRY_NS = 200_000_000L;
    /** What is converted and written together: small enough for the cache of a processor. A frame may be larger. */
    private static final long BATCH_BYTES = 256 << 10;

    private static final long FORCE_NS = 1_000_000_000L;
    private static final long FORCE_BYTES = 32 << 20;

    /** A chunk whose table could not be appended yet. */
    private record Unfinished(ChunkWriter chunk, long lost, long lostAtEnd) {}

    /** Frames of the current chunk that the other thread forces to the disk. */
    private record Forcing(ChunkWriter.Flush flush, Future<?> end) {}

    private final FrameIntake intake;
    private final Path directory;
    private final RecorderBuilder plan;
    private final BlockPool pool;
    private final RecordingClock clock;
    private final Consumer<Path> finished;
    private final Consumer<String> findings;
    private final ExecutorService forceThread;
    private final List<Unfinished> unfinished = new ArrayList<>();

    private ChunkWriter chunk;
    private Optional<Forcing> forcing = Optional.empty();
    private long forceBegunNs = System.nanoTime();
    private long unforcedBytes;
    private StreamInstance instance;
    private long chunkStartNs;
    private long chunkLost;
    private long droppedAtEnd;
    private long lastNameNs;
    private long retryAtNs;
    private boolean retrying;

    private volatile long recorded;
    private volatile long overtaken;
    private volatile long bufferFull;
    private volatile long disk;
    private volatile long bytes;
    private volatile long chunks;
    private volatile long abandoned;
    private volatile boolean failing;

    StreamFiles(
            FrameIntake intake,
            RecorderBuilder plan,
            BlockPool pool,
            RecordingClock clock,
            long lastNameNs,
            Consumer<Path> finished,
            Consumer<String> findings,
            ExecutorService forceThread) {
        this.intake = intake;
        this.directory = plan.directory();
        this.plan = plan;
        this.pool = pool;
        this.clock = clock;
        this.lastNameNs = lastNameNs;
        this.finished = finished;
        this.findings = findings;
        this.forceThread = forceThread;
    }

    FrameIntake intake() {
        return intake;
    }

    /** The file that is being written. */
    Optional<Path> current() {
        return Optional.ofNullable(chunk).map(ChunkWriter::path);
    }

    boolean isFailing() {
        return failing;
    }

    /** Whether all frames are in files. */
    boolean isDrained() {
        return intake.isEnded() && intake.blocks().isEmpty();
    }

    /**
     * Writes what the oldest block in memory has, and not more, so that no stream waits for another one that is faster
     * than the disk; false if there was nothing to write or it could not be written.
     */
    boolean drain() {
        FrameBlock block = intake.blocks().peek();
        if (block == null) {
            return false;
        }
        boolean sealed = block.isSealed(); // first: no frame follows the ones counted after it
        int filled = block.filled();
        boolean any = block.written() < filled;
        if (any && !write(block, filled)) {
            return false;
        }
        if (sealed) {
            intake.blocks().poll();
            pool.release(block);
        }
        return any || sealed;
    }

    private boolean write(FrameBlock block, int filled) {
        if (retrying && System.nanoTime() - retryAtNs < 0) {
            return false;
        }
        try {
            while (block.written() < filled) {
                if (chunk != null && (instance != block.instance() || room(block, filled) == 0)) {
                    finishChunk(0);
                }
                if (chunk == null) {
                    openChunk(block);
                }
                long batch = Math.min(room(block, filled), BATCH_BYTES / block.frameBytes());
                append(block, (int) Math.max(1, batch));
            }
            retrying = false;
            failing = false;
            return true;
        } catch (IOException e) {
            fail(IoErrors.writing(chunk == null ? directory.resolve(intake.name()) : chunk.path(), e));
        } catch (ShmException e) {
            fail(e);
        } catch (IllegalArgumentException e) {
            // the description of the stream has no form in the file
            fail(new ShmException(
                    "cannot describe " + FileNames.text(intake.path()) + " in a file: " + e.getMessage(), e));
        }
        return false;
    }

    private void fail(ShmException e) {
        if (!failing) {
            findings.accept(intake.name() + ": " + e.getMessage() + "; frames wait in memory as long as there is room");
        }
        failing = true;
        retrying = true;
        retryAtNs = System.nanoTime() + RETRY_NS;
    }

    /** Does not {@link #fail}: these frames are no longer in memory, and the next ones may be written without error. */
    private void reportDamage(ForceFailedException e) {
        findings.accept(intake.name() + ": " + e.getMessage());
    }

    /** Frames of a block that fit the current chunk. */
    private int room(FrameBlock block, int filled) {
        long frames = Math.min(filled - block.written(), plan.splitFrames() - chunk.frames());
        long left = plan.splitBytes() - chunk.bytes();
        frames = Math.min(
                frames, chunk.frames() == 0 ? Math.max(1, left / block.frameBytes()) : left / block.frameBytes());
        if (frames <= 0) {
            return 0;
        }
        if (plan.splitNs() < Long.MAX_VALUE) {
            ByteBuffer rows = block.rowsToWrite((int) frames);
            for (int i = 0; i < frames; i++) {
                if (FrameRow.arrivedNs(rows, i) - chunkStartNs >= plan.splitNs()) {
                    return i;
                }
            }
        }
        return (int) frames;
    }

    private void openChunk(FrameBlock block) throws IOException {
        FrameRow first = block.row(0);
        ChunkSpec spec = block.instance().spec(first, clock);
        long nameNs = Math.max(first.arrivedNs(), lastNameNs + 1);
        Path path = new ChunkName(intake.name(), nameNs, plan.ending()).in(directory);
        chunk = ChunkWriter.create(path, spec, plan.sink());
        lastNameNs = nameNs;
        instance = block.instance();
        chunkStartNs = first.arrivedNs();
        chunkLost = 0;
        chunks = chunks + 1;
    }

    private void append(FrameBlock block, int count) throws IOException {
        chunk.convert(block.framesToConvert(count));
        chunk.append(block.framesToWrite(count), block.rowsToWrite(count));
        for (int i = 0; i < count; i++) {
            FrameRow row = block.row(i);
            if (row.lost() > 0) {
                chunkLost += row.lost();
                count(row.lost(), row.cause());
            }
        }
        block.wrote(count);
        recorded = recorded + count;
        bytes = bytes + count * block.frameBytes();
        unforcedBytes += count * block.frameBytes();
    }

    private void count(long lost, int causes) {
        if ((causes & LossCause.DISK.bit()) != 0) {
            disk = disk + lost;
        } else if ((causes & LossCause.BUFFER_FULL.bit()) != 0) {
            bufferFull = bufferFull + lost;
        } else {
            overtaken = overtaken + lost;
        }
    }

    private void finishChunk(long lostAtEnd) {
        endFlush();
        Unfinished last = new Unfinished(chunk, chunkLost, lostAtEnd);
        chunk = null;
        if (!finish(last)) {
            unfinished.add(last);
        }
    }

    private boolean finish(Unfinished last) {
        try {
            last.chunk.finish(last.lost, last.lostAtEnd);
            last.chunk.close();
            if (last.chunk.frames() > 0) {
                finished.accept(last.chunk.path());
            }
            return true;
        } catch (ForceFailedException e) {
            reportDamage(e);
            return false;
        } catch (IOException e) {
            fail(IoErrors.writing(last.chunk.path(), e));
            return false;
        } catch (ShmException e) {
            fail(e);
            return false;
        }
    }

    /** Tries again to finish chunks that could not be finished. */
    void finishRest() {
        for (Iterator<Unfinished> all = unfinished.iterator(); all.hasNext(); ) {
            if (finish(all.next())) {
                all.remove();
            }
        }
    }

    /**
     * Lets the other thread force to the disk what is written, once a second and after many bytes: left to the kernel,
     * the disk would be idle until its limit for such data. Does not wait for the disk.
     */
    void flush() {
        if (forcing.isPresent()) {
            if (!forcing.get().end.isDone()) {
                return;
            }
            endFlush();
        }
        long nowNs = System.nanoTime();
        if (chunk == null || (unforcedBytes < FORCE_BYTES && nowNs - forceBegunNs < FORCE_NS)) {
            return;
        }
        forceBegunNs = nowNs;
        unforcedBytes = 0;
        try {
            forcing = chunk.beginFlush().map(flush -> new Forcing(flush, forceThread.submit(flush::force)));
        } catch (IOException e) {
            fail(IoErrors.writing(chunk.path(), e));
        }
    }

    /** Waits for the other thread, and lets the headers describe what it has forced. */
    private void endFlush() {
        if (forcing.isEmpty()) {
            return;
        }
        Forcing last = forcing.get();
        forcing = Optional.empty();
        try {
            last.end.get();
            chunk.endFlush(last.flush);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ForceFailedException damaged) {
                reportDamage(damaged);
            } else {
                throw new IllegalStateException(
                        "cannot force " + FileNames.text(chunk.path()) + " to the disk", e.getCause());
            }
        } catch (IOException e) {
            fail(IoErrors.writing(chunk.path(), e));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the disk thread", e);
        }
    }

    /** Gives up the frames in memory, which cannot be written. Only after the intake has ended. */
    void abandon() {
        long dropped = 0;
        long frames = 0;
        for (FrameBlock block = intake.blocks().poll();
                block != null;
                block = intake.blocks().poll()) {
            int count = block.filled() - block.written();
            for (int i = 0; i < count; i++) {
                dropped += 1 + block.row(i).lost();
            }
            frames += count;
            pool.release(block);
        }
        count(dropped, LossCause.DISK.bit());
        droppedAtEnd = dropped;
        abandoned = frames;
    }

    /** Finishes the last chunk. A chunk that cannot be finished is left to repair. */
    void end() {
        count(intake.missedAtEnd(), intake.causesAtEnd());
        if (chunk != null) {
            finishChunk(intake.missedAtEnd() + droppedAtEnd);
        }
        for (Unfinished last : unfinished) {
            if (!finish(last)) {
                findings.accept(FileNames.text(last.chunk.path())
                        + " is not complete, because there is no space for its table: remove other files, then run"
                        + " shm record --repair " + ShellWord.of(directory));
                close(last.chunk);
            }
        }
        unfinished.clear();
    }

    /** Closes what an unexpected failure has left open. It is left to repair. */
    void closeRest() {
        unfinished.forEach(last -> close(last.chunk));
        unfinished.clear();
        if (chunk != null) {
            awaitForce();
            close(chunk);
            chunk = null;
        }
    }

    /** The other thread may still force the files of the chunk. */
    private void awaitForce() {
        try {
            if (forcing.isPresent()) {
                forcing.get().end.get();
            }
        } catch (ExecutionException | InterruptedException e) {
            // the failure that ended the recorder was reported
        }
        forcing = Optional.empty();
    }

    private static void close(ChunkWriter left) {
        try {
            left.close();
        } catch (IOException e) {
            // it is left as it is
        }
    }

    StreamTotals totals() {
        long done = recorded;
        return new StreamTotals(
                intake.name(),
                intake.path(),
                intake.state(),
                done,
                Math.max(0, intake.taken() - done - abandoned),
                overtaken + bufferFull + disk,
                overtaken,
                bufferFull,
                disk,
                intake.restarts(),
                intake.firstCount(),
                intake.lastCount(),
                bytes,
                chunks);
    }
}
