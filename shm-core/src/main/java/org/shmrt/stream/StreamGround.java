package org.shmrt.stream;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.error.ShmException;
import org.shmrt.memory.MappedRegion;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;

/** What an open stream stands on: whether its file is still the one of its name, and whether its writer lives. */
final class StreamGround {
    private final Path path;
    private final StreamLayout layout;
    private final MappedRegion region;
    private final long createdWord;

    StreamGround(Path path, StreamLayout layout, MappedRegion region) {
        this.path = path;
        this.layout = layout;
        this.region = region;
        this.createdWord = createdWordNow();
    }

    /** Whether the file of that name is another one by now, or of another size; null if it is as it was. */
    Verdict verdictOrNull() {
        FileId now = found();
        if (now == null) {
            return Verdict.REMOVED;
        }
        boolean same = now.isSameFile(region.id()) && now.byteSize() == region.byteSize()
                && createdWordNow() == createdWord;
        return same ? null : Verdict.RECREATED;
    }

    /** What has the name now; null for nothing, be it that links in its place lead in a circle or that it is closed off. */
    private FileId found() {
        try {
            return FileId.ofOrNull(path);
        } catch (ShmException e) {
            return null;
        }
    }

    /** The word of the creation time by which two streams in one file differ, as it was when this one was opened. */
    long createdWord() {
        return createdWord;
    }

    private long createdWordNow() {
        long offset = layout.created().rawOffset();
        return offset < 0 ? 0 : HeaderWords.longPlain(region.segment(), offset);
    }

    boolean hasLiveWriter() {
        return found() != null && FileLock.ownerPid(path) > 0 || hasLivePoster();
    }

    /**
     * Where the format keeps who posted last, a process of another program that lives may be the writer. Of this
     * program itself the lock tells more.
     */
    private boolean hasLivePoster() {
        SemaphoreLayout table = layout.semaphores();
        for (int i = 0; table.writerPidOffset() >= 0 && i < table.count(); i++) {
            int pid = region.segment().get(ValueLayout.JAVA_INT, table.writerPidOffset() + 4L * i);
            if (pid > 0 && pid != ProcessHandle.current().pid() && Files.isDirectory(Path.of("/proc/" + pid))) {
                return true;
            }
        }
        return false;
    }
}
