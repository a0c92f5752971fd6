package org.shmrt.stream.inspect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Arenas;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedRegion;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.StreamFormat;

/**
 * What makes a damaged stream sound again: words of its header that its size and its other fields prove wrong. DAO's
 * streams need this after a program of the layout before FIFO has written into one of today's, for it takes
 * {@code fifo_size} and {@code fifo_last_written} for pixels. Nothing is ever repaired unless asked for.
 *
 * @param path the stream
 * @param words the words to change, at least one
 * @param remarks what a user should know besides, in sentences
 */
public record Repair(Path path, List<Word> words, List<String> remarks) {

    /**
     * A word of 32 bits in the header.
     *
     * @param name what the format calls it
     * @param offset bytes from the start of the file
     * @param found what it is
     * @param wanted what it should be
     */
    public record Word(String name, long offset, long found, long wanted) {}

    /** Keeps copies of the lists. */
    public Repair {
        words = List.copyOf(words);
        remarks = List.copyOf(remarks);
    }

    /**
     * Finds out what a stream's repair would be. Changes nothing, needs read permission only.
     *
     * @param path its file, or a link to it
     * @return the repair
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws IncompatibleException if the stream is sound, or damaged beyond what can be known, saying which
     */
    public static Repair plan(Path path) {
        Arena arena = Arena.ofShared();
        try {
            return plan(
                    path,
                    MappedRegion.readOnly(FileId.resolveLinks(path), arena).segment());
        } catch (InternalError e) {
            throw new IncompatibleException(path + " was cut off by another process while it was read", e);
        } finally {
            Arenas.close(arena);
        }
    }

    /**
     * Repairs a stream, in the file itself, so that who has it open keeps it.
     *
     * @param path its file, or a link to it
     * @return what was found and changed
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read and written
     * @throws BusyException if a ShmRT writer is at it
     * @throws IncompatibleException if the stream is sound, or damaged beyond what can be known, saying which
     */
    public static Repair apply(Path path) {
        Path target = FileId.resolveLinks(path);
        Arena arena = Arena.ofShared();
        try (FileLock lock = FileLock.tryExclusive(target)) {
            if (lock == null) {
                throw new BusyException(path + " is being written by " + FileLock.ownerText(target)
                        + ": stop that writer before the repair");
            }
            MappedRegion region = MappedRegion.readWrite(target, arena);
            if (!lock.isOn(region.id())) {
                throw new IncompatibleException(path + " was created anew just now: look at it again");
            }
            Repair repair = plan(path, region.segment());
            for (Word word : repair.words) {
                region.segment().set(ValueLayout.JAVA_INT, word.offset, (int) word.wanted);
            }
            Faults.settle();
            return repair;
        } catch (InternalError e) {
            throw new IncompatibleException(path + " was cut off by another process while it was repaired", e);
        } finally {
            Arenas.close(arena);
        }
    }

    private static Repair plan(Path path, MemorySegment file) {
        String reason = refusal(path, file);
        if (reason == null) {
            throw new IncompatibleException(path + " needs no repair: it is a sound stream");
        }
        for (StreamFormat format : StreamFormats.all()) {
            Repair repair = format.planRepair(path, file);
            Faults.settle();
            if (repair != null) {
                return repair;
            }
        }
        throw new IncompatibleException(reason + "; what it was cannot be known, so it is not repaired");
    }

    /** Why a file is no stream to be written, or null if it is one. */
    private static String refusal(Path path, MemorySegment file) {
        try {
            String refusal = StreamFormats.recognise(path, file).writeRefusal();
            return refusal == null ? null : path + " can only be read: " + refusal;
        } catch (IncompatibleException e) {
            return e.getMessage();
        }
    }
}
