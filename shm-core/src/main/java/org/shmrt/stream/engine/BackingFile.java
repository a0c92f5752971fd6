package org.shmrt.stream.engine;

import java.nio.file.Path;
import org.shmrt.posix.FileIdentityCheck;
import org.shmrt.posix.MappedFile;
import org.shmrt.stream.format.StreamLayout;

/** The file behind an open stream: whether its path still leads to it, and whether its writer lives. */
final class BackingFile {
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
        return LiveWriter.exists(path, layout, region);
    }
}
