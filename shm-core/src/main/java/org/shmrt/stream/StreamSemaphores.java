package org.shmrt.stream;

import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.text.FileNames;

/**
 * The semaphores of a stream, to post them without a frame: to wake programs that wait, or to test whether they do. A
 * {@link FrameReader} that is woken so finds no new frame and continues to wait; programs of DAO and milk take the wake-up
 * for a frame. {@link FrameWriter#publish()} posts all semaphores itself.
 *
 * <p>As in the formats' own libraries, a semaphore is posted only while its value is below the format's cap (DAO 1,
 * milk 10). Safe for any thread, also while a writer publishes.
 */
public final class StreamSemaphores {
    private final MappedStream stream;

    private StreamSemaphores(MappedStream stream) {
        this.stream = stream;
    }

    /**
     * The semaphores of a stream.
     *
     * @param stream a stream that is open for reading and writing
     * @return its semaphores, usable while the stream is open
     * @throws AccessDeniedException if the stream was opened read-only
     */
    public static StreamSemaphores of(ImageStream stream) {
        MappedStream mapped = stream.mapped();
        mapped.checkOpen();
        if (!mapped.isWritable()) {
            throw new AccessDeniedException("cannot post the semaphores of " + FileNames.text(stream.path())
                    + ": it was opened read-only; open it with Access.READ_WRITE");
        }
        return new StreamSemaphores(mapped);
    }

    /**
     * The number of data semaphores.
     *
     * @return 0 for a stream without semaphores
     */
    public int count() {
        return stream.layout().semaphores().count();
    }

    /**
     * Posts one data semaphore.
     *
     * @param index 0 to count - 1
     * @return false if its value was at the cap already, or its words are damaged: it is unchanged
     * @throws IllegalArgumentException if there is no such semaphore
     * @throws IncompatibleException if another process truncated the file
     * @throws org.shmrt.error.ClosedException if the stream is closed
     */
    public boolean post(int index) {
        if (index < 0 || index >= count()) {
            throw new IllegalArgumentException("semaphore " + index + ": " + FileNames.text(stream.path())
                    + (count() == 0 ? " has no semaphores" : " has 0 to " + (count() - 1)));
        }
        return stream.read(file -> stream.semaphores().postOne(index));
    }

    /**
     * Posts the log semaphore, on which milk's loggers wait.
     *
     * @return false if its value was at the cap already, or its words are damaged: it is unchanged
     * @throws ShmException if the stream has none
     * @throws IncompatibleException if another process truncated the file
     * @throws org.shmrt.error.ClosedException if the stream is closed
     */
    public boolean postLog() {
        if (!stream.semaphores().hasLog()) {
            throw new ShmException(FileNames.text(stream.path()) + " has no log semaphore");
        }
        return stream.read(file -> stream.semaphores().postOne(count()));
    }

    /**
     * Posts all data semaphores and the log semaphore, as a publication does.
     *
     * @throws IncompatibleException if another process truncated the file
     * @throws org.shmrt.error.ClosedException if the stream is closed
     */
    public void postAll() {
        boolean ignored = stream.read(file -> {
            stream.semaphores().postAllExactly();
            return true;
        });
    }
}
