package org.shmrt.stream.inspect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Arenas;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedFile;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.RepairPlan;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.text.FileNames;

/**
 * Repairs damaged streams. A DAO stream needs a repair after a program of the layout before FIFO has written into a
 * stream of today's layout: that program treats {@code fifo_size} and {@code fifo_last_written} as pixels. Streams are
 * repaired only on request. Stateless; safe for any thread.
 */
public final class StreamRepair {
    private StreamRepair() {}

    /**
     * Plans the repair of a stream. Changes nothing and needs read permission only.
     *
     * @param path its file, or a link to it
     * @return the repair
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws IncompatibleException if the stream is valid, or cannot be repaired; the message gives the reason
     */
    public static RepairPlan plan(Path path) {
        Arena arena = Arena.ofShared();
        try {
            return plan(
                    path, MappedFile.readOnly(FileId.resolveLinks(path), arena).segment());
        } catch (InternalError e) {
            throw new IncompatibleException(
                    FileNames.text(path) + " was truncated by another process while it was read", e);
        } finally {
            Arenas.close(arena);
        }
    }

    /**
     * Repairs a stream in place, so that programs that have it open keep it.
     *
     * @param path its file, or a link to it
     * @return the plan, with the old and new values
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read and written
     * @throws BusyException if a ShmRT writer has the stream open
     * @throws IncompatibleException if the stream is valid, or cannot be repaired; the message gives the reason
     */
    public static RepairPlan apply(Path path) {
        Path target = FileId.resolveLinks(path);
        Arena arena = Arena.ofShared();
        try (FileLock lock = FileLock.tryExclusive(target)) {
            if (lock == null) {
                throw new BusyException(FileNames.text(path) + " is being written by " + FileLock.ownerText(target)
                        + ": stop that writer before the repair");
            }
            MappedFile region = MappedFile.readWrite(target, arena);
            if (!lock.isOn(region.id())) {
                throw new IncompatibleException(FileNames.text(path) + " was re-created just now: check it again");
            }
            RepairPlan repair = plan(path, region.segment());
            for (RepairPlan.Word word : repair.words()) {
                region.segment().set(ValueLayout.JAVA_INT, word.offset(), (int) word.wanted());
            }
            Faults.poll();
            return repair;
        } catch (InternalError e) {
            throw new IncompatibleException(
                    FileNames.text(path) + " was truncated by another process while it was repaired", e);
        } finally {
            Arenas.close(arena);
        }
    }

    private static RepairPlan plan(Path path, MemorySegment file) {
        String reason = damage(path, file);
        if (reason == null) {
            throw new IncompatibleException(FileNames.text(path) + " needs no repair: it is a valid stream");
        }
        for (StreamFormat format : StreamFormats.all()) {
            Optional<RepairPlan> repair = format.planRepair(path, file);
            Faults.poll();
            if (repair.isPresent()) {
                return repair.get();
            }
        }
        throw new IncompatibleException(reason + "; its original content cannot be determined, so it is not repaired");
    }

    /** Why a file is not a writable stream, or null if it is one. */
    private static String damage(Path path, MemorySegment file) {
        try {
            String reason = StreamFormats.detect(path, file).readOnlyReason();
            return reason == null ? null : FileNames.text(path) + " can only be read: " + reason;
        } catch (IncompatibleException e) {
            return e.getMessage();
        }
    }
}
