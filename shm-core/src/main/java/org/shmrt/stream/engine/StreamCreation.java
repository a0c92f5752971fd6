package org.shmrt.stream.engine;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Arenas;
import org.shmrt.posix.FileId;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.stream.format.CreationInfo;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.text.FileNames;

/** Creates streams: each is complete before it gets its name, and a failed creation leaves nothing behind. */
public final class StreamCreation {
    /** Streams up to this size are prefaulted at creation. For larger ones this would take too long. */
    private static final long PREFAULT_MAX_BYTES = 1L << 28;

    private StreamCreation() {}

    /** What a stream contains from the start. */
    @FunctionalInterface
    public interface Content {
        /**
         * Fills a stream that has no name yet, so that no other process can see it.
         *
         * @return whether it contains a frame, which the semaphores must announce
         */
        boolean fill(MappedStream unnamed);
    }

    /**
     * Creates a stream and maps it for writing.
     *
     * @param content what it contains from the start
     */
    public static MappedStream create(Path path, StreamSpec spec, Content content) {
        StreamFormat format = StreamFormats.named(spec.format());
        StreamLayout layout = format.plan(path, spec);
        if (!spec.replacing() && FileId.exists(path)) {
            throw new AlreadyExistsException(
                    FileNames.text(path) + " exists already: remove it first, or ask to replace it (--force)");
        }
        Arena arena = Arena.ofShared();
        SemaphoreSet semaphores = null;
        try (UnlinkedFile file = UnlinkedFile.in(path, permissions(spec, format))) {
            file.reserve(layout.fileBytes());
            MappedFile region = MappedFile.of(file, arena);
            file.requireMappedBytes(layout.fileBytes());
            if (region.byteSize() <= PREFAULT_MAX_BYTES) {
                region.prefault();
            }
            format.initialise(
                    region.segment(),
                    layout,
                    new CreationInfo(layout.clock().nowNs(), region.id().inode(), OwnProcess.PID));
            semaphores = SemaphoreSet.create(path, layout, region, spec.permissions(), arena);
            // Also those that a stream of the same handle elsewhere uses: DAO's programs use as many as they find.
            NamedSemaphores.unlink(format.extraneousSemaphores(path, layout));
            MappedStream stream = new MappedStream(path, layout, arena, region, semaphores);
            boolean hasFrame = content.fill(stream);
            if (spec.replacing()) {
                // Before the old file is replaced: afterwards the names of its semaphores are unknown.
                unlinkUnused(path, layout);
            }
            if (spec.replacing()) {
                file.replace();
            } else {
                file.link();
            }
            if (hasFrame) {
                semaphores.postAll();
            }
            return stream;
        } catch (RuntimeException | Error e) {
            // Semaphores belong to the name. If another process has created a stream of that name in the meantime, they
            // belong to that stream.
            try {
                if (semaphores != null && !isFile(path)) {
                    semaphores.unlinkCreated();
                }
            } catch (RuntimeException | Error another) {
                e.addSuppressed(another);
            }
            Arenas.close(arena);
            throw e;
        }
    }

    private static Permissions permissions(StreamSpec spec, StreamFormat format) {
        if (spec.permissions() != StreamSpec.FORMAT_PERMISSIONS) {
            return Permissions.exactly(spec.permissions());
        }
        return format.ignoresUmask()
                ? Permissions.exactly(format.permissions())
                : Permissions.withUmask(format.permissions());
    }

    /**
     * Removes the named semaphores of the replaced stream that the new one does not have, for example because it has
     * another format. Those that a stream of the same handle elsewhere uses remain.
     */
    private static void unlinkUnused(Path path, StreamLayout layout) {
        if (!FileId.exists(path) || Files.isSymbolicLink(path)) {
            return; // only the link is replaced; the stream it leads to keeps its semaphores
        }
        try {
            StreamLayout old = StreamFormats.detect(path);
            List<String> names = NamedSemaphores.names(old.semaphores());
            names.addAll(StreamFormats.named(old.format()).extraneousSemaphores(path, old));
            names.removeAll(NamedSemaphores.names(layout.semaphores()));
            NamedSemaphores.unlink(NamesakeStreams.unused(path, old, names));
        } catch (AccessDeniedException e) {
            // They belong to another user. The new stream works without their removal.
        } catch (ShmException e) {
            // The old file is not a stream, or so damaged that its semaphores are unknown.
        }
    }

    /** Whether the path is a regular file, not a directory or a circular link. */
    private static boolean isFile(Path path) {
        try {
            FileId found = FileId.ofOrNull(path);
            return found != null && found.regular();
        } catch (ShmException e) {
            return false;
        }
    }
}
