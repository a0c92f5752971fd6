package org.shmrt.array;

import org.shmrt.posix.MappedMemory;

/**
 * How {@link SharedArray#sync(SyncMode)} writes changes to the storage behind a file.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/msync.2.html">msync(2)</a>
 */
public enum SyncMode {
    /** Starts writing and does not wait ({@code MS_ASYNC}). */
    ASYNC(MappedMemory.SyncMode.ASYNC),
    /** Waits until the changes are written ({@code MS_SYNC}). */
    SYNC(MappedMemory.SyncMode.SYNC),
    /** Waits, and invalidates other mappings of the file so that they see the changes ({@code MS_INVALIDATE}). */
    INVALIDATE(MappedMemory.SyncMode.INVALIDATE);

    private final MappedMemory.SyncMode nativeMode;

    SyncMode(MappedMemory.SyncMode nativeMode) {
        this.nativeMode = nativeMode;
    }

    MappedMemory.SyncMode nativeMode() {
        return nativeMode;
    }
}
