package org.shmrt.record;

import java.nio.file.Path;

/**
 * What {@link Recording#repair} did with a file that its recorder had not completed. Immutable.
 *
 * @param file the file
 * @param outcome what was done
 * @param frames frames that it has now; 0 if it was removed or could not be repaired
 * @param reason why it was removed, left or could not be repaired; else empty
 */
public record RepairedFile(Path file, Outcome outcome, long frames, String reason) {
    /** What was done. */
    public enum Outcome {
        /** Its header and its table were set right. */
        COMPLETED,
        /** It had no frame, or exists with compressed pixels, and was removed. */
        REMOVED,
        /** A recorder is writing it: nothing was done. */
        SKIPPED,
        /** It could not be repaired. */
        FAILED
    }
}
