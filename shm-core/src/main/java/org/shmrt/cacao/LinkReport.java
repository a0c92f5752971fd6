package org.shmrt.cacao;

import java.nio.file.Path;
import org.shmrt.memory.Shape;

/**
 * What linking did.
 *
 * @param link file of the link
 * @param leadsTo what the link says: a bare file name within one directory, else an absolute path
 * @param outcome what was done
 * @param shape of the source stream, slowest axis first; null if there is no such stream yet
 * @param remark what else is worth knowing, or null
 */
public record LinkReport(Path link, Path leadsTo, Outcome outcome, Shape shape, String remark) {
    /** What was done with the link. */
    public enum Outcome {
        /** It was made. */
        MADE,
        /** It led elsewhere before. */
        CHANGED,
        /** It led there already. */
        KEPT,
        /** A stream had its name, and was removed because that was asked for. */
        STREAM_REPLACED
    }
}
