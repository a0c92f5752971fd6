package org.shmrt.posix.thread;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/**
 * A request to the kernel to wake its processors from idle within a given time (pm_qos). With 0 they poll while they are
 * idle. It is valid until it is closed, or the process ends. For any thread.
 */
public final class IdleStates implements AutoCloseable {
    /** Who may write to it may forbid idle states. */
    public static final Path DEVICE = Path.of("/dev/cpu_dma_latency");

    private final FileChannel request;

    private IdleStates(FileChannel request) {
        this.request = request;
    }

    /**
     * Keeps all processors of the machine out of their idle states.
     *
     * @throws org.shmrt.error.ShmException if this user may not do that, or the kernel has no such device
     */
    public static IdleStates forbid() {
        try {
            // Without CREATE: a container without the device gets no file in its place.
            FileChannel request = FileChannel.open(DEVICE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                request.write(ByteBuffer.allocate(Integer.BYTES)); // 0 us
                return new IdleStates(request);
            } catch (IOException | RuntimeException | Error e) {
                request.close();
                throw e;
            }
        } catch (IOException e) {
            throw IoErrors.writing(DEVICE, e);
        }
    }

    /** The limit that is valid now, of all requests on this machine, in microseconds. */
    public int limitUs() {
        try {
            ByteBuffer limit = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
            if (request.read(limit, 0) != Integer.BYTES) {
                throw new EOFException("it has no value");
            }
            return limit.getInt(0);
        } catch (IOException e) {
            throw IoErrors.reading(FileNames.text(DEVICE), e);
        }
    }

    /** Withdraws the request. Closing twice is harmless. */
    @Override
    public void close() {
        try {
            request.close();
        } catch (IOException e) {
            throw IoErrors.writing(DEVICE, e);
        }
    }
}
