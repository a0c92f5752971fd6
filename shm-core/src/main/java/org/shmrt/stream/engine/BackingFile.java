package org.shmrt.stream.engine;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.shmrt.posix.FileIdentityCheck;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Processes;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamLayout;

/** The file behind an open stream: whether its path still leads to it, and whether its writer lives. */
final class BackingFile {
    private static final boolean NATIVE = BackingFile.class.getModule().isNativeAccessEnabled();

    private final Path path;
    private final StreamLayout layout;
    private final MappedFile region;
    private final long createdWord;
    private volatile FileIdentityCheck watch;

    BackingFile(Path path, StreamLayout layout, MappedFile region) {
        this.path = path;
        this.layout = layout;
        this.region = region;
        this.createdWord = createdWordNow();
    }

    /** What the path leads to now. */
    FileState state() {
        return switch (watch().check()) {
            case NOTHING -> FileState.REMOVED;
            case OTHER -> FileState.REPLACED;
            case SAME -> createdWordNow() == createdWord ? FileState.SAME : FileState.REPLACED;
        };
    }

    /** Created on first use: a program that only opens a stream and reads its header needs none. */
    FileIdentityCheck watch() {
        FileIdentityCheck made = watch;
        if (made == null) {
            watch = made = new FileIdentityCheck(path, region.id());
        }
        return made;
    }

    /** The word of the creation time that differs between two streams in one file, as it was at opening. */
    long createdWord() {
        return createdWord;
    }

    private long createdWordNow() {
        long offset = layout.created().rawOffset();
        return offset < 0 ? 0 : HeaderWords.longPlain(region.segment(), offset);
    }

    /** Whether a process that may write the stream is known to live. */
    boolean hasLiveWriter() {
        return isLocked() || hasLivePoster();
    }

    /** Whether a writer of this library has the file. The kernel's lock shows that in every process namespace. */
    private boolean isLocked() {
        return NATIVE ? FileLock.isHeld(path, region.id()) : FileLock.ownerPid(path) > 0;
    }

    /**
     * Where the format stores who posted last: a live process of another program that has the file mapped may be the
     * writer. For this process the lock is the better evidence.
     */
    private boolean hasLivePoster() {
        SemaphoreLayout table = layout.semaphores();
        for (int i = 0; table.writerPidOffset() >= 0 && i < table.count(); i++) {
            int pid = region.segment().get(ValueLayout.JAVA_INT, table.writerPidOffset() + 4L * i);
            if (pid > 0 && pid != OwnProcess.PID && Processes.isUser(pid, region.id())) {
                return true;
            }
        }
        return false;
    }
}
