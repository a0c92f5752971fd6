package org.shmrt.record;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.IoErrors;
import org.shmrt.record.chunk.ChunkDirectory;
import org.shmrt.record.chunk.ChunkSpec;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.text.FileNames;

/**
 * Records streams to a directory: FITS cubes with a table of the counters and times of their frames. Safe for any thread.
 *
 * <pre>{@code
 * try (Recorder recorder = Recorder.into(Path.of("/data/night")).stream(cam).stream(dm).start()) {
 *     recorder.awaitEnd(60_000_000_000L);
 * }
 * }</pre>
 *
 * <p>It reads streams as any reader does, without a semaphore: no writer waits for it or wakes it. It has a thread for
 * each stream, which copies frames to memory, and two for the disk. While the disk is slow or full, frames wait in
 * memory, then in the streams that keep several; what is overwritten there is counted as lost, with the cause.
 *
 * <p>Files are forced to the disk once a second. After a crash of the recorder all frames that it has written are
 * readable, after a crash of the machine those that were forced; {@link Recording#repair} completes the last files.
 */
public final class Recorder implements AutoCloseable {
    private static final double NS_PER_S = 1e9;
    private static final long CLOSE_CHECK_NS = TimeUnit.SECONDS.toNanos(10);

    private final long startNs = System.nanoTime();
    private final BlockPool pool;
    private final List<FrameIntake> intakes = new ArrayList<>();
    private final List<StreamFiles> files = new ArrayList<>();
    private final Set<String> findings = new LinkedHashSet<>();
    private final Optional<ChunkCompressor> compressor;
    private final ExecutorService forceThread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("record-force").factory());
    private final DiskThread disk;

    Recorder(RecorderBuilder plan) {
        this(plan, new RecordingClock());
    }

    Recorder(RecorderBuilder plan, RecordingClock clock) {
        if (plan.streams().isEmpty()) {
            throw new IllegalArgumentException("a recorder needs at least one stream");
        }
        pool = new BlockPool(plan.bufferBytes(), this::find);
        Map<String, Long> newest = newestNames(plan.directory());
        compressor = plan.form() == RecorderBuilder.Form.COMPRESSED_FITS
                ? Optional.of(new ChunkCompressor(this::find))
                : Optional.empty();
        boolean started = false;
        try {
            disk = prepare(plan, clock, newest);
            open(plan);
            createDirectory(plan.directory());
            intakes.forEach(FrameIntake::start);
            disk.start();
            started = true;
        } finally {
            if (!started) {
                giveUp();
            }
        }
    }

    private DiskThread prepare(RecorderBuilder plan, RecordingClock clock, Map<String, Long> newest) {
        Consumer<Path> finished = chunk -> compressor.ifPresent(to -> to.add(chunk));
        long endNs = plan.maxNs() == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + plan.maxNs();
        Set<String> names = new TreeSet<>();
        for (Path path : plan.streams()) {
            String name = StreamDirectory.name(path);
            if (!names.add(name)) {
                throw new IllegalArgumentException("two of the streams to record have the name " + name
                        + ": record them to different directories");
            }
            FrameIntake intake =
                    new FrameIntake(name, path, plan.maxFrames(), endNs, pool, clock, new IntakeListener());
            intakes.add(intake);
            long lastNameNs = newest.getOrDefault(name, 0L);
            files.add(new StreamFiles(intake, plan, pool, clock, lastNameNs, finished, this::find, forceThread));
        }
        Retention retention = new Retention(plan.directory(), names, plan.keepBytes());
        return new DiskThread(files, retention, this::find, this::releaseAll, forceThread);
    }

    /** Releases what a start that failed has acquired. */
    private void giveUp() {
        forceThread.shutdown();
        intakes.forEach(FrameIntake::stop);
        releaseAll();
    }

    /**
     * Prepares to record.
     *
     * @param directory where the files go; created at the start if its parent exists
     * @return the settings, to which streams have to be added
     */
    public static RecorderBuilder into(Path directory) {
        return new RecorderBuilder(directory);
    }

    /** For the intakes. */
    private final class IntakeListener implements FrameIntake.Listener {
        @Override
        public void wake() {
            disk.wake();
        }

        @Override
        public boolean isFailing() {
            return files.stream().anyMatch(StreamFiles::isFailing);
        }
    }

    private static void createDirectory(Path directory) {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw new IllegalArgumentException(
                        FileNames.text(directory) + " is a file: name a directory for the recording");
            }
        } catch (IOException e) {
            throw IoErrors.writing(directory, e);
        }
        if (!Files.isWritable(directory)) {
            throw IoErrors.failure(
                    "write", directory, new java.nio.file.AccessDeniedException(FileNames.text(directory)));
        }
    }

    /** The time in the newest name of each stream: names of later files must sort after it. */
    private static Map<String, Long> newestNames(Path directory) {
        Map<String, Long> newest = new TreeMap<>();
        if (Files.isDirectory(directory)) {
            ChunkDirectory.byStream(directory)
                    .forEach((stream, chunks) ->
                            newest.put(stream, chunks.getLast().startNs()));
        }
        return newest;
    }

    private void open(RecorderBuilder plan) {
        long needed = 0;
        for (FrameIntake intake : intakes) {
            try {
                intake.open();
            } catch (NotFoundException e) {
                if (plan.absent() == RecorderBuilder.Absent.FAIL) {
                    throw e;
                }
                continue;
            }
            ImageStream stream = intake.stream();
            if (plan.form() != RecorderBuilder.Form.NPY) {
                checkStorable(stream);
            }
            needed += BlockPool.minBytes(stream.layout().frameBytes());
        }
        if (needed > plan.bufferBytes()) {
            throw new IllegalArgumentException("the memory for frames has " + plan.bufferBytes()
                    + " bytes, and two frames of each stream take " + needed + ": give it at least that (--buffer)");
        }
    }

    private static void checkStorable(ImageStream stream) {
        try {
            new ChunkSpec(stream.type(), stream.shape(), List.of()).requireStorable();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cannot record " + FileNames.text(stream.path()) + " as FITS: " + e.getMessage(), e);
        }
    }

    private void find(String text) {
        synchronized (findings) {
            findings.add(text);
        }
    }

    private void releaseAll() {
        try {
            compressor.ifPresent(ChunkCompressor::close);
        } finally {
            intakes.forEach(FrameIntake::close);
            pool.close();
        }
    }

    /**
     * The frames so far.
     *
     * @return a snapshot
     */
    public RecorderStatus status() {
        boolean ended = disk.isEnded(); // first: the totals are final then
        List<String> texts = new ArrayList<>();
        synchronized (findings) {
            texts.addAll(findings);
        }
        for (FrameIntake intake : intakes) {
            intake.failure().ifPresent(e -> texts.add(e.getMessage()));
        }
        return new RecorderStatus(files.stream().map(StreamFiles::totals).toList(), texts, seconds(), ended);
    }

    private double seconds() {
        long endNs = intakes.stream().allMatch(FrameIntake::isEnded)
                ? intakes.stream()
                        .mapToLong(FrameIntake::endedNs)
                        .reduce((one, other) -> one - other > 0 ? one : other)
                        .orElseThrow()
                : System.nanoTime();
        return (endNs - startNs) / NS_PER_S;
    }

    /**
     * Whether the recorder has ended: its files are complete.
     *
     * @return false while it records or completes its files
     */
    public boolean isEnded() {
        return disk.isEnded();
    }

    /** Stops to read. Frames that were published before are still recorded; {@link #awaitEnd} waits for that. */
    public void stop() {
        intakes.forEach(FrameIntake::stop);
    }

    /**
     * Waits until the recorder has ended and its files are complete.
     *
     * @param timeoutNs maximum time to wait
     * @return false if it has not ended in time
     * @throws InterruptedException if the thread is interrupted; the recorder continues
     */
    public boolean awaitEnd(long timeoutNs) throws InterruptedException {
        return disk.awaitEnd(timeoutNs);
    }

    /** Stops, and waits until the files are complete. Closing twice is harmless. */
    @Override
    public void close() {
        stop();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = disk.awaitEnd(CLOSE_CHECK_NS);
            } catch (InterruptedException e) {
                interrupted = true; // the files must be complete
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
