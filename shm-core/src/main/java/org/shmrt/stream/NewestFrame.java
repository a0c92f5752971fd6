package org.shmrt.stream;

import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.SlotHeaders;
import org.shmrt.text.FileNames;

/**
 * The newest frame of a stream, for the program that writes the stream. For the thread of the writer.
 */
public final class NewestFrame {
    private final FrameWriter writer;
    private final MappedStream mapped;
    private final SlotHeaders headers;

    private NewestFrame(FrameWriter writer) {
        this.writer = writer;
        this.mapped = writer.stream().mapped();
        this.headers = mapped.headers(mapped.segment());
    }

    /**
     * The newest frame of a writer's stream.
     *
     * @param writer an open writer
     * @return its newest frame, whichever that is at each call
     */
    public static NewestFrame of(FrameWriter writer) {
        return new NewestFrame(writer);
    }

    /**
     * Stores another acquisition time with the newest frame, without a new frame: pixels and count do not change, and no
     * semaphore is posted. Readers cannot read the frame while the time is stored. A reader that copies the frame at the
     * same time may get parts of both times.
     *
     * @param acquiredNs the time, nanoseconds since 1970 on the stream's clock
     * @throws BusyException if the frame is claimed or being written, or a writer died in the middle of it
     * @throws ShmException if the stream has no frame yet
     * @throws IncompatibleException if another process truncated the stream's file
     * @throws org.shmrt.error.ClosedException if the writer or its stream is closed
     */
    public void stamp(long acquiredNs) {
        if (writer.isClosed()) {
            throw ClaimErrors.closed(writer);
        }
        try {
            int slot = headers.newestSlotAcquire();
            boolean isWritten = headers.isFlagDownAcquire(slot);
            long count = headers.countAcquire(slot);
            Faults.poll();
            if (!isWritten) {
                throw new BusyException("cannot store a time in the newest frame of " + FileNames.text(mapped.path())
                        + ": its write flag is set, so it is being written, or its writer died; publish a frame first");
            }
            if (count == 0) {
                throw new ShmException("cannot store a time in the newest frame of " + FileNames.text(mapped.path())
                        + ": it has no frame yet");
            }
            headers.raiseFlag(slot);
            headers.acquiredNs(slot, acquiredNs);
            headers.writtenNs(slot, mapped.layout().clock().nowNs());
            headers.lowerFlag(slot);
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            throw writer.translate(e);
        }
    }
}
