package org.shmrt.record.chunk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.IoErrors;

/** Completes the chunks that a killed recorder has left in a directory. Interrupted itself, it can be repeated. */
public final class ChunkRepair {
    /** What was done with a chunk. */
    public enum Action {
        /** Headers and table were set right. */
        COMPLETED,
        /** It had no frame, or exists compressed, and was removed. */
        REMOVED,
        /** A recorder is writing it: nothing was done. */
        SKIPPED,
        /** It could not be repaired. */
        FAILED
    }

    /**
     * The result for one chunk.
     *
     * @param chunk its file
     * @param action what was done
     * @param frames the frames that it has now; empty for a failure
     * @param reason of a failure or of a removal, in words; else empty
     */
    public record Result(Path chunk, Action action, OptionalLong frames, String reason) {}

    private ChunkRepair() {}

    /**
     * Repairs a directory.
     *
     * @return a result for each chunk that was not complete
     * @throws org.shmrt.error.NotFoundException if there is no such directory
     */
    public static List<Result> repair(Path directory) {
        List<Result> results = new ArrayList<>();
        for (Path table : ChunkDirectory.tables(directory)) {
            results.add(result(table));
        }
        ChunkName before = null;
        for (ChunkName name : ChunkDirectory.names(directory)) {
            if (before != null && name.isCompressedFormOf(before)) {
                results.add(removeDuplicate(before.in(directory)));
            }
            before = name;
        }
        return results;
    }

    private static Result removeDuplicate(Path plain) {
        try {
            Files.delete(plain);
            return removed(plain, "it exists compressed");
        } catch (IOException e) {
            return failed(plain, IoErrors.failure("remove", plain, e));
        }
    }

    private static Result removed(Path chunk, String reason) {
        return new Result(chunk, Action.REMOVED, OptionalLong.of(0), reason);
    }

    private static Result failed(Path chunk, ShmException e) {
        return new Result(chunk, Action.FAILED, OptionalLong.empty(), e.getMessage());
    }

    private static Result result(Path table) {
        Path chunk = ChunkDirectory.chunkOf(table);
        try (FileLock lock = FileLock.tryExclusive(table)) {
            if (lock == null) {
                return new Result(
                        chunk, Action.SKIPPED, OptionalLong.empty(), FileLock.ownerText(table) + " is recording it");
            }
            return complete(chunk, table);
        } catch (IOException e) {
            return failed(chunk, IoErrors.failure("repair", chunk, e));
        } catch (ShmException e) {
            return failed(chunk, e);
        }
    }

    private static Result complete(Path chunk, Path table) throws IOException {
        if (ChunkWriter.isWithoutRows(table)) {
            long ignored = ChunkDirectory.remove(chunk);
            return removed(chunk, "its recorder was killed before the first frame");
        }
        try (FileChannel rows = FileChannel.open(table, StandardOpenOption.READ)) {
            CubeForm.End end;
            CubeForm form;
            try (ChunkFile file = ChunkFile.openLocked(chunk)) {
                form = CubeForm.of(chunk, new ChunkSpec(file.type(), file.frameShape(), List.of()));
                end = new CubeForm.End(
                        file.cubeAt(),
                        rows,
                        file.tableHeaderAt(),
                        file.columns(),
                        file.frames(),
                        file.lost(0, file.frames()),
                        OptionalLong.empty());
            }
            if (end.frames() == 0) {
                long ignored = ChunkDirectory.remove(chunk);
                return removed(chunk, "it has no frame");
            }
            try (FileChannel cube = FileChannel.open(chunk, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                form.complete(cube, end);
            }
            Files.delete(table);
            return new Result(chunk, Action.COMPLETED, OptionalLong.of(end.frames()), "");
        }
    }
}
