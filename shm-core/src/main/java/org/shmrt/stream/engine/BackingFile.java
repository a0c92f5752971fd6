package org.shmrt.stream.engine;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.shmrt.posix.FileIdentityCheck;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedRegion;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamLayout;

/** What an open stream stands on: whether its file is still the one of its name, and whether its writer lives. */
public final class BackingFile {
    private final Path path;
    private final StreamLayout layout;
    private final MappedRegion region;
    private final long createdWord;
    private volatile FileIdentityCheck watch;

    public BackingFile(Path path, StreamLayout layout, MappedRegion region) {
        this.path = path;
        this.layout = layout;
        this.region = region;
        this.createdWord = createdWordNow();
    }

    /** Whether the file of that name is another one by now, or of another size; null if it is as it was. */
    public Verdict verdictOrNull() {
        return switch (watch().look()) {
            case NOTHING -> Verdict.REMOVED;
            case OTHER -> Verdict.RECREATED;
            case SAME -> createdWordNow() == createdWord ? null : Verdict.RECREATED;
        };
    }

    /** Made when it is first asked for: who only opens a stream and looks at it needs none. */
    public FileIdentityCheck watch() {
        FileIdentityCheck made = watch;
        if (made == null) {
            watch = made = new FileIdentityCheck(path, region.id());
        }
        return made;
    }

    /** The word of the creation time by which two streams in one file differ, as it was when this one was opened. */
    public long createdWord() {
        return createdWord;
    }

    private long createdWordNow() {
        long offset = layout.created().rawOffset();
        return offset < 0 ? 0 : HeaderWords.longPlain(region.segment(), offset);
    }

    public boolean hasLiveWriter() {
        return watch().look() != FileIdentityCheck.Found.NOTHING && FileLock.ownerPid(path) > 0 || hasLivePoster();
    }

    /**
     * Where the format keeps who posted last, a process of another program that lives and has the file mapped may be
     * the writer. Of this program itself the lock tells more.
     */
    private boolean hasLivePoster() {
        SemaphoreLayout table = layout.semaphores();
        for (int i = 0; table.writerPidOffset() >= 0 && i < table.count(); i++) {
            int pid = region.segment().get(ValueLayout.JAVA_INT, table.writerPidOffset() + 4L * i);
            if (pid > 0 && pid != ProcessHandle.current().pid() && PidTable.isUser(pid, region.id())) {
                return true;
            }
        }
        return false;
    }
}
