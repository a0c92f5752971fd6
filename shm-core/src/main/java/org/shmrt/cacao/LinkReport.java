package org.shmrt.cacao;

import java.nio.file.Path;
import java.util.Optional;
import org.shmrt.memory.Shape;

/**
 * The result of {@link StreamLinks#link}. Immutable; safe for any thread.
 *
 * @param link file of the link
 * @param leadsTo the path that the link contains: a bare file name within one directory, otherwise an absolute path
 * @param outcome what happened to the link
 * @param shape shape of the source stream, slowest axis first; empty if the stream does not exist or is not valid
 * @param remark an additional remark for the user
 */
public record LinkReport(Path link, Path leadsTo, Outcome outcome, Optional<Shape> shape, Optional<String> remark) {
    /** What happened to the link. */
    public enum Outcome {
        /** It was created. */
        MADE,
        /** It was changed from another target. */
        CHANGED,
        /** It already had this target. */
        KEPT,
        /** It replaced a stream, as {@link LinkRequest.ExistingStream#REMOVE} requested. */
        STREAM_REPLACED
    }
}
