package org.shmrt.crash;

import java.lang.foreign.MemorySegment;
import java.util.function.BiPredicate;
import org.shmrt.posix.FileId;
import org.shmrt.stream.WaitStrategy;

/** A verifier with a reader of the stream that exists before the operation, if there is one. */
abstract class ObservedVerifier implements Scenario.Verifier {
    final Workspace workspace;
    /** The file of that stream, or null. */
    final FileId before;
    /** Its reader, or null. */
    private ObservingReader observer;

    ObservedVerifier(Workspace workspace, BiPredicate<MemorySegment, Long> whole) {
        this.workspace = workspace;
        before = FileId.ofOrNull(workspace.stream());
        if (before != null) {
            observer = new ObservingReader(workspace.stream(), WaitStrategy.semaphore(), "semaphore", whole);
        }
    }

    /** The reader of the stream that existed before the operation, or null. */
    final ObservingReader observer() {
        return observer;
    }

    /** Whether the stream exists and is not the one from before. */
    final boolean isReplaced(FileId now) {
        return now != null && (before == null || !now.isSameFile(before));
    }

    @Override
    public final void close() {
        if (observer != null) {
            observer.close();
            observer = null;
        }
    }
}
