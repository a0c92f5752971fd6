package org.shmrt.stream.inspect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FilePrefix;
import org.shmrt.posix.LockTable;
import org.shmrt.posix.MappedFile;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.StreamLayout;

/**
 * What a list of many streams says of each: {@link StreamInfo} without keywords and without the semaphores' values, for
 * a tenth of the time. Taken without native access and without changing anything.
 *
 * @param path the path given
 * @param target the file it leads to, if it is a link, else the same
 * @param layout what does not change
 * @param status what the header said
 * @param missing indexes of the data semaphores that are missing
 * @param inode number of the file, 0 where nobody asked for it
 * @param writerPid ShmRT's writer of the stream, 0 if none is known
 */
public record StreamSummary(
        Path path,
        Path target,
        StreamLayout layout,
        StreamStatus status,
        List<Integer> missing,
        long inode,
        long writerPid) {
    /** Headers of more slots than fit in here are looked at by mapping them. */
    private static final int MAX_COPY_BYTES = 1 << 20;

    /** Used within one call only; of its own for each thread, and not made anew for each of thousands of files. */
    private static final ThreadLocal<MemorySegment> HEAD =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(StreamFormats.headBytes(), 8));

    /**
     * Looks at one of many streams.
     *
     * @param path its file, or a link to it
     * @param locks who writes what, read once for all of them
     * @return what it says
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws IncompatibleException if it is no sound stream
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
                id == null ? 0 : locks.ownerPid(id));
    }

    /** From the copy at hand if it has all headers and shows no frame that is just being written. */
    private static StreamStatus status(Path target, StreamLayout layout, MemorySegment found) {
        long headersBytes = layout.headerOffset(layout.depth());
        if (headersBytes > MAX_COPY_BYTES) {
            return mappedStatus(target, layout);
        }
        boolean[] first = {headersBytes <= found.byteSize()};
        MemorySegment headers = first[0] ? found : Arena.ofAuto().allocate(headersBytes, 8);
        return StreamInfo.settledStatus(() -> {
            if (!first[0] && FilePrefix.read(target, headers) != layout.fileBytes()) {
                throw changed(target, null);
            }
            first[0] = false;
            return StreamStatus.of(headers, layout);
        });
    }

    private static StreamStatus mappedStatus(Path target, StreamLayout layout) {
        try (Arena arena = Arena.ofConfined()) {
            MappedFile region = MappedFile.readOnly(target, arena);
            if (region.byteSize() != layout.fileBytes()) {
                throw changed(target, null);
            }
            StreamStatus status = StreamInfo.settledStatus(() -> StreamStatus.of(region.segment(), layout));
            Faults.poll();
            return status;
        } catch (InternalError e) {
            throw changed(target, e);
        }
    }

    private static IncompatibleException changed(Path target, InternalError cause) {
        return new IncompatibleException(
                target + " was created anew or cut off by another process while it was read", cause);
    }

    /**
     * How long ago the newest frame was acquired, by the wall clock.
     *
     * @return seconds, or NaN if there is no frame or it bears no time
     */
    public double ageSeconds() {
        return StreamInfo.ageSeconds(layout, status);
    }

    /**
     * What is wrong or odd, as far as can be seen from here, in sentences a user can act on.
     *
     * @return empty if nothing is
     */
    public List<String> findings() {
        List<String> findings = new ArrayList<>(layout.findings());
        if (layout.readOnlyReason() != null) {
            findings.add(StreamInfo.readOnly(layout));
        }
        if (status.writing() && writerPid == 0) {
            findings.add(StreamInfo.STUCK_FLAG);
        }
        StreamInfo.addIfAhead(findings, layout, status);
        if (status.storedInode() != 0 && status.storedInode() != inode) {
            findings.add(StreamInfo.copied(status.storedInode(), inode));
        }
        if (!missing.isEmpty()) {
            findings.add(StreamInfo.missing(missing));
        }
        return findings;
    }
}
