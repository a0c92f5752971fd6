package org.shmrt.stream;

import java.util.concurrent.locks.LockSupport;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;

/** Continues a reader with the next stream at its path, after the one it read was re-created or removed. */
final class Reattachment {
    /** Interval at which the path is checked for a stream. */
    private static final long CHECK_NS = 1_000_000L;

    private Reattachment() {}

    /**
     * Waits for a stream at the path, continues with it, and waits for its frame.
     *
     * @param moved the verdict of the stream that is read now, returned if no other appears in time
     * @return the verdict of the frame; {@link Verdict#RECREATED} if the stream at the path has another type or shape
     */
    static Verdict follow(FrameReader reader, long timeoutNs, Wanted wanted, Verdict moved) {
        long startNs = System.nanoTime();
        while (true) {
            if (reader.isEnded() || Thread.currentThread().isInterrupted()) {
                return Verdict.CLOSED;
            }
            long leftNs = timeoutNs - (System.nanoTime() - startNs);
            try {
                if (!isSameKind(reader)) {
                    return Verdict.RECREATED;
                }
                if (reader.reattach()) {
                    return reader.await(Math.max(0, leftNs), wanted);
                }
            } catch (NotFoundException | IncompatibleException e) {
                // There is no stream yet, or an incomplete one, because DAO's library creates streams in place.
            }
            if (leftNs <= 0) {
                return moved;
            }
            LockSupport.parkNanos(Math.min(leftNs, CHECK_NS));
        }
    }

    private static boolean isSameKind(FrameReader reader) {
        try (ImageStream now = ImageStream.open(reader.opened().path(), Access.READ_ONLY)) {
            ImageStream before = reader.stream();
            return now.type() == before.type() && now.shape().equals(before.shape());
        }
    }
}
