package org.shmrt.stream;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Arenas;
import org.shmrt.posix.FileId;
import org.shmrt.posix.MappedRegion;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.stream.engine.NamedSemaphores;
import org.shmrt.stream.engine.SemaphoreSet;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.CreationInfo;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;

/** Makes streams: each is complete before it gets its name, and one that cannot be completed leaves nothing behind. */
public final class StreamCreation {
    /** Streams up to this size have all their pages made present at creation; larger ones would delay it. */
    private static final long PREFAULT_MAX_BYTES = 1L << 28;

    private StreamCreation() {}

    /** What a stream holds from the start. */
    @FunctionalInterface
    public interface Content {
        /**
         * Fills a stream that has no name yet, so that nobody else sees it.
         *
         * @return whether there is a frame in it, which semaphores shall announce
         */
        boolean fill(ImageStream unnamed);
    }

    /**
     * Creates a stream and opens it for writing.
     *
     * @param content what it holds from the start, or null for zeros and no frame
     */
    public static ImageStream create(Path path, StreamSpec spec, Content content) {
        StreamFormat format = StreamFormats.named(spec.format());
        StreamLayout layout = format.plan(path, spec);
        if (!spec.replacing() && FileId.exists(path)) {
            throw new AlreadyExistsException(path + " exists already: remove it first, or ask to replace it (--force)");
        }
        Arena arena = Arena.ofShared();
        SemaphoreSet semaphores = null;
        boolean usual = spec.permissions() == StreamSpec.FORMAT_PERMISSIONS;
        try (UnlinkedFile file = UnlinkedFile.in(
                path, usual ? format.permissions() : spec.permissions(), !usual || format.ignoresUmask())) {
            file.reserve(layout.fileBytes());
            MappedRegion region = MappedRegion.of(file, arena);
            if (region.byteSize() <= PREFAULT_MAX_BYTES) {
                region.prefault();
            }
            format.initialise(
                    region.segment(),
                    layout,
                    new CreationInfo(layout.clock().nowNs(), region.id().inode(), (int)
                            ProcessHandle.current().pid()));
            semaphores = SemaphoreSet.of(layout, region, spec.permissions(), true, arena);
            NamedSemaphores.unlink(format.surplusSemaphores(path, layout));
            ImageStream stream = new ImageStream(path, Access.READ_WRITE, layout, arena, region, semaphores);
            boolean hasFrame = content != null && content.fill(stream);
            if (spec.replacing()) {
                // Before the name is another's: then nothing would tell any more that they were this stream's.
                unlinkUnused(path, layout);
            }
            file.giveName(spec.replacing());
            if (hasFrame) {
                semaphores.postAll();
            }
            return stream;
        } catch (RuntimeException e) {
            // Semaphores belong to the name: if another process has made a stream of it meanwhile, they are its.
            if (semaphores != null && !isFile(path)) {
                semaphores.unlinkCreated();
            }
            Arenas.close(arena);
            throw e;
        }
    }

    /**
     * Removes the named semaphores of the stream that is to be replaced, as far as the new one has none of the name:
     * where it is of another format, for example.
     */
    private static void unlinkUnused(Path path, StreamLayout layout) {
        if (!FileId.exists(path) || Files.isSymbolicLink(path)) {
            return; // a link is replaced alone, and the stream it led to keeps its semaphores
        }
        try {
            StreamLayout old = StreamInfo.of(path).layout();
            List<String> names = NamedSemaphores.names(old.semaphores());
            names.addAll(StreamFormats.named(old.format()).surplusSemaphores(path, old));
            names.removeAll(NamedSemaphores.names(layout.semaphores()));
            NamedSemaphores.unlink(names);
        } catch (AccessDeniedException e) {
            // another user's: the new stream will be there all the same, and does not look at them
        } catch (ShmException e) {
            // no stream, or one so damaged that nobody can tell what belonged to it
        }
    }

    /** Whether something of that name may be a stream, which a directory or a link in a circle is not. */
    private static boolean isFile(Path path) {
        try {
            FileId found = FileId.ofOrNull(path);
            return found != null && found.regular();
        } catch (ShmException e) {
            return false;
        }
    }

    /** The first frame of a specification, written as any other, but for the semaphores. */
    static Content firstFrame(StreamSpec spec) {
        return unnamed -> {
            FrameWriter first = new FrameWriter(unnamed, unnamed.segment(), null, null);
            MemorySegment frame = spec.firstFrame();
            MemorySegment.copy(frame, 0, first.claim(), 0, frame.byteSize());
            long nowNs = unnamed.layout().clock().nowNs();
            first.commit(nowNs, nowNs);
            return true;
        };
    }
}
