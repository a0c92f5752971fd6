package org.shmrt.stream;

import org.shmrt.error.ClosedException;
import org.shmrt.text.FileNames;

/** The exceptions of a writer whose methods are called in the wrong order. */
final class ClaimErrors {
    private ClaimErrors() {}

    static IllegalStateException alreadyClaimed(FrameWriter writer) {
        return of(
                writer,
                "a frame of " + FileNames.text(writer.stream().path()) + " is already claimed: publish or abort it");
    }

    static IllegalStateException notClaimed(FrameWriter writer) {
        return of(writer, "no frame of " + FileNames.text(writer.stream().path()) + " is claimed: claim one first");
    }

    static ClosedException closed(FrameWriter writer) {
        return new ClosedException(
                "the writer of " + FileNames.text(writer.stream().path()) + " is closed");
    }

    private static IllegalStateException of(FrameWriter writer, String text) {
        return new IllegalStateException(
                writer.hasFramesAhead()
                        ? "frames of " + FileNames.text(writer.stream().path())
                                + " are claimed ahead: publish them there, or close FramesAhead first"
                        : text);
    }
}
