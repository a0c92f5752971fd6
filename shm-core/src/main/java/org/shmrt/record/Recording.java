package org.shmrt.record;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.record.chunk.ChunkDirectory;
import org.shmrt.record.chunk.ChunkName;
import org.shmrt.record.chunk.ChunkRepair;
import org.shmrt.record.chunk.ForeignDirectory;
import org.shmrt.record.chunk.FrameFile;
import org.shmrt.text.FileNames;

/**
 * A recording: the frames of some streams, with random access by index and by time. It may still be growing, or have been
 * interrupted: the frames that it has when it is opened are readable. Opening reads only the names of its files, so it
 * takes the same time for every length. Also reads what daoDAQ and milk's logger recorded. For one thread at a time.
 *
 * <pre>{@code
 * try (Recording night = Recording.open(Path.of("/data/night"))) {
 *     RecordedStream cam = night.stream("cam");
 *     MemorySegment pixels = arena.allocate(cam.frameBytes(), 8);
 *     cam.read(cam.indexAt(timeNs), pixels);
 * }
 * }</pre>
 */
public final class Recording implements AutoCloseable {
    /** What the pixels of a compressed file may take by default, bytes: 1 GiB. */
    public static final long DEFAULT_MAX_EXPANDED_BYTES = FrameFile.DEFAULT_MAX_EXPANDED_BYTES;

    private final Path path;
    private final List<RecordedStream> streams;

    private Recording(Path path, List<RecordedStream> streams) {
        this.path = path;
        this.streams = List.copyOf(streams);
    }

    /**
     * Opens a recording.
     *
     * @param path the directory, or one of its files; of daoDAQ the directory of a session, of milk that of a day or of a
     *     stream
     * @return the recording
     * @throws NotFoundException if there is no such file or directory
     * @throws IncompatibleException if there is no recording in the directory, or the file is not one of a recording
     */
    public static Recording open(Path path) {
        return open(path, DEFAULT_MAX_EXPANDED_BYTES);
    }

    /**
     * Opens a recording whose compressed files may expand to a chosen size. A compressed file is decompressed as a whole
     * when its first frame is read, and a small file can describe a cube that exhausts the memory. Up to four files are
     * open at the same time.
     *
     * @param path as in {@link #open(Path)}
     * @param maxExpandedBytes what the pixels of one compressed file may take, bytes
     * @return the recording
     * @throws NotFoundException if there is no such file or directory
     * @throws IncompatibleException if there is no recording in the directory, or the file is not one of a recording
     */
    public static Recording open(Path path, long maxExpandedBytes) {
        if (Files.isDirectory(path)) {
            return openDirectory(path, maxExpandedBytes);
        }
        if (Files.notExists(path)) {
            throw new NotFoundException("there is no recording " + FileNames.text(path)
                    + ": give the directory that shm record wrote (its option --out), or one of the files in it");
        }
        String name;
        try (FrameFile file = FrameFile.open(path)) {
            name = RecordedStream.text(file.cards(), StreamInstance.STREAM)
                    .orElseGet(() -> path.getFileName().toString().replaceFirst("\\.fits(\\.fz|\\.gz)?$", ""));
        }
        long startNs = ChunkName.parse(path).map(ChunkName::startNs).orElse(0L);
        List<RecordedStream.File> files = List.of(new RecordedStream.File(path, startNs));
        return new Recording(path, List.of(new RecordedStream(name, files, maxExpandedBytes)));
    }

    private static Recording openDirectory(Path directory, long maxExpandedBytes) {
        List<RecordedStream> streams = new ArrayList<>();
        ChunkDirectory.byStream(directory)
                .forEach((name, chunks) -> streams.add(new RecordedStream(
                        name,
                        chunks.stream()
                                .map(chunk -> new RecordedStream.File(chunk.in(directory), chunk.startNs()))
                                .toList(),
                        maxExpandedBytes)));
        if (streams.isEmpty()) {
            ForeignDirectory.byStream(directory)
                    .forEach((name, files) -> streams.add(new RecordedStream(
                            name,
                            files.stream()
                                    .map(file -> new RecordedStream.File(file, startOf(file)))
                                    .toList(),
                            maxExpandedBytes)));
        }
        if (streams.isEmpty()) {
            throw new IncompatibleException("there is no recording in " + FileNames.text(directory)
                    + ": none of its files has a name such as cam.20260101T000000.000000000.fits, or is one of daoDAQ"
                    + " or of milk's logger");
        }
        return new Recording(directory, streams);
    }

    private static long startOf(Path file) {
        try (FrameFile opened = FrameFile.open(file)) {
            return opened.frames() == 0 ? 0 : opened.row(0).arrivedNs();
        }
    }

    /**
     * The recorded streams.
     *
     * @return in the order of their names
     */
    public List<RecordedStream> streams() {
        return streams;
    }

    /**
     * One of the streams.
     *
     * @param name its name
     * @return the stream
     * @throws NotFoundException if it was not recorded
     */
    public RecordedStream stream(String name) {
        return streams.stream()
                .filter(stream -> stream.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("there is no stream " + name + " in " + FileNames.text(path)
                        + ": it has "
                        + String.join(
                                ", ", streams.stream().map(RecordedStream::name).toList())));
    }

    /**
     * Completes the files that a killed recorder has left in a directory: sets their headers right, and appends the table
     * of the frames. All frames that the recorder had written are kept; if the machine was restarted since, those that
     * were forced to the disk. Files that a recorder is writing are not changed. Repairing again is harmless.
     *
     * @param directory the directory
     * @return a result for each file that was not complete
     * @throws NotFoundException if there is no such directory
     */
    public static List<RepairedFile> repair(Path directory) {
        return ChunkRepair.repair(directory).stream()
                .map(result -> new RepairedFile(
                        result.chunk(),
                        switch (result.action()) {
                            case COMPLETED -> RepairedFile.Outcome.COMPLETED;
                            case REMOVED -> RepairedFile.Outcome.REMOVED;
                            case SKIPPED -> RepairedFile.Outcome.SKIPPED;
                            case FAILED -> RepairedFile.Outcome.FAILED;
                        },
                        result.frames().orElse(0),
                        result.reason()))
                .toList();
    }

    /** Closes the files. Closing twice is harmless. */
    @Override
    public void close() {
        streams.forEach(RecordedStream::close);
    }
}
