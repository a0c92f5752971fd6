package org.shmrt.record;

import java.util.EnumSet;
import java.util.Set;

/** Why frames are missing in a recording. The column CAUSE has the bit {@code 1 << ordinal()} for each. */
public enum LossCause {
    /** The writer overwrote them before the recorder could copy them: it did not run, or the stream keeps too few. */
    OVERTAKEN,
    /** The memory of the recorder was full, because the disk was too slow. */
    BUFFER_FULL,
    /** They could not be written to the disk. */
    DISK,
    /** The counter went back, or the stream was re-created: how many are missing is not known. */
    RESTARTED;

    int bit() {
        return 1 << ordinal();
    }

    static Set<LossCause> ofBits(int bits) {
        Set<LossCause> causes = EnumSet.noneOf(LossCause.class);
        for (LossCause cause : values()) {
            if ((bits & cause.bit()) != 0) {
                causes.add(cause);
            }
        }
        return causes;
    }
}
