package org.shmrt.stream.inspect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FilePrefix;
import org.shmrt.posix.IoErrors;
import org.shmrt.posix.LockTable;
import org.shmrt.posix.MappedFile;
import org.shmrt.stream.engine.LiveWriter;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.text.FileNames;

/**
 * A short report on a stream, for lists: a {@link StreamInfo} without its keywords and without the values of the
 * semaphores, in a tenth of the time. Created without native access and without changing anything. Immutable.
 *
 * @param path the given path
 * @param target the file to which it leads if it is a link, else the same path
 * @param layout the layout, which does not change
 * @param status the header fields that change with each frame
 * @param missing indexes of the data semaphores that are missing
 * @param inode inode number of the file, 0 if it was not needed
 * @param writerPid ShmRT's writer of the stream, 0 if none is known
 * @param replica what the stream says about itself if it is a replica of a stream on another machine
 */
public record StreamSummary(
        Path path,
        Path target,
        StreamLayout layout,
        StreamStatus status,
        List<Integer> missing,
        long inode,
        long writerPid,
        Optional<NetworkReplica> replica) {
    /** Headers that do not fit into this are mapped and not copied. */
    private static final int MAX_COPY_BYTES = 1 << 20;

    /**
     * Used within one call only. One for each thread, so that it is not allocated again for each of thousands of files.
     */
    private static final ThreadLocal<MemorySegment> HEAD =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(StreamFormats.headBytes(), 8));

    /**
     * Reads one of many streams.
     *
     * @param path its file, or a link to it
     * @param locks the kernel's table of locks, read once for all streams
     * @return the report
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws IncompatibleException if it is not a valid stream
     */
    static StreamSummary of(Path path, LockTable locks) {
        Path target = FileId.resolveLinks(path);
        MemorySegment head = HEAD.get();
        long fileBytes = FilePrefix.read(target, head);
        MemorySegment found = head.asSlice(0, Math.min(fileBytes, head.byteSize()));
        StreamLayout layout = StreamFormats.detect(target, found.asReadOnly(), fileBytes);
        StreamStatus status = status(target, layout, found);
        List<Integer> missing = new ArrayList<>();
        for (int i = 0; i < layout.semaphores().names().size(); i++) {
            if (!SemaphoreReader.exists(layout.semaphores().names().get(i))) {
                missing.add(i);
            }
        }
        FileId id = locks.isEmpty() && status.storedInode() == 0 ? null : FileId.of(target);
        return new StreamSummary(
                path,
                target,
                layout,
                status,
                missing,
                id == null ? 0 : id.inode(),
                id == null ? 0 : locks.ownerPid(id),
                replica(target, layout));
    }

    /** The keywords are behind the frames, so they are mapped. */
    private static Optional<NetworkReplica> replica(Path target, StreamLayout layout) {
        if (!NetworkReplica.isPossible(layout)) {
            return Optional.empty();
        }
        return readMapped(target, layout, file -> NetworkReplica.read(file, layout));
    }

    /**
     * The status, from the existing copy if it contains all headers and no frame is being written, else from a new one.
     */
    private static StreamStatus status(Path target, StreamLayout layout, MemorySegment found) {
        long headersBytes = layout.headerOffset(layout.depth());
        if (headersBytes > MAX_COPY_BYTES) {
            return readMapped(target, layout, file -> StreamInfo.stableStatus(() -> StreamStatus.of(file, layout)));
        }
        boolean[] first = {headersBytes <= found.byteSize()};
        MemorySegment headers = first[0] ? found : Arena.ofAuto().allocate(headersBytes, 8);
        return StreamInfo.stableStatus(() -> {
            if (!first[0] && FilePrefix.read(target, headers) != layout.fileBytes()) {
                throw new IncompatibleException(changed(target));
            }
            first[0] = false;
            return StreamStatus.of(headers, layout);
        });
    }

    private static <T> T readMapped(Path target, StreamLayout layout, Function<MemorySegment, T> reading) {
        try (Arena arena = Arena.ofConfined()) {
            MappedFile region = MappedFile.readOnly(target, arena);
            if (region.byteSize() != layout.fileBytes()) {
                throw new IncompatibleException(changed(target));
            }
            try {
                T found = reading.apply(region.segment());
                Faults.poll();
                return found;
            } catch (InternalError e) {
                throw IoErrors.accessFault(target, region.id(), changed(target), e);
            }
        }
    }

    private static String changed(Path target) {
        return FileNames.text(target) + " was re-created or truncated by another process while it was read";
    }

    /**
     * How long ago the newest frame was acquired, by the wall clock.
     *
     * @return seconds, 0 if its time is in the future; NaN if there is no frame, or its time is missing or before 2000
     */
    public double ageSeconds() {
        return StreamInfo.ageSeconds(layout, status);
    }

    /**
     * Whether a process that may write the stream is known to live now, in any process namespace. Maps the file: tens of
     * microseconds.
     *
     * @return false if none is; true also if the file is gone
     */
    public boolean hasLiveWriter() {
        return LiveWriter.exists(target);
    }

    /**
     * The layout of the stream if it is not the one that most programs of the format use.
     *
     * @return its name, see {@link StreamLayout#variant()}
     */
    public Optional<String> unusualVariant() {
        return StreamFormats.named(layout.format()).isUsual(layout) ? Optional.empty() : Optional.of(layout.variant());
    }

    /**
     * Warnings about the stream that need no further reads, which say what a user can do.
     *
     * @return one text for each, empty if there are none
     */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(layout.warnings());
        if (layout.unreadableReason() != null) {
            warnings.add(StreamInfo.unreadable(layout));
        } else if (layout.readOnlyReason() != null) {
            warnings.add(StreamInfo.readOnly(layout));
        }
        replica.filter(remote -> !remote.connected())
                .map(StreamInfo::disconnected)
                .ifPresent(warnings::add);
        if (status.writing() && writerPid == 0) {
            warnings.add(StreamInfo.STUCK_FLAG);
        }
        StreamInfo.implausibleTime(layout, status).ifPresent(warnings::add);
        if (status.storedInode() != 0 && status.storedInode() != inode) {
            warnings.add(StreamInfo.copied(status.storedInode(), inode));
        }
        if (!missing.isEmpty()) {
            warnings.add(StreamInfo.missing(missing));
        }
        return warnings;
    }
}
