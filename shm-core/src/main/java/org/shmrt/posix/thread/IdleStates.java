package org.shmrt.posix.thread;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;

/**
 * A request to the kernel to wake its processors from idle within a given time (pm_qos). With 0 they poll while they are
 * idle. It is valid until it is closed, or the process ends. For any thread.
 */
public final class IdleStates implements AutoCloseable {
    /** Who may write to it may forbid idle states. */
    public static final Path DEVICE = Path.of("/dev/cpu_dma_latency");

    /** What to do where this user may not write to it. */
    public static final String PERMISSION_ADVICE =
            "run as root, or permit it: setfacl -m u:$USER:rw " + FileNames.text(DEVICE);

    /** No channel: an interrupt would close it, and the kernel would drop the request. */
    private final RandomAccessFile request;

    private IdleStates(RandomAccessFile request) {
        this.request = request;
    }

    /**
     * Keeps all processors of the machine out of their idle states.
     *
     * @throws org.shmrt.error.ShmException if this user may not do that, or the kernel has no such device
     */
    public static IdleStates forbid() {
        if (!Files.exists(DEVICE)) {
            // To open it would create a file.
            throw new NotFoundException("there is no device " + FileNames.text(DEVICE)
                    + ": this kernel or container cannot forbid idle states");
        }
        if (!Files.isWritable(DEVICE)) {
            throw new AccessDeniedException(
                    "permission denied to write " + FileNames.text(DEVICE) + ": " + PERMISSION_ADVICE);
        }
        try {
            RandomAccessFile request = new RandomAccessFile(DEVICE.toFile(), "rw");
            try {
                request.write(new byte[Integer.BYTES]); // 0 us
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
        // The device has no position that could be set back: each open file can be read once.
        try (RandomAccessFile device = new RandomAccessFile(DEVICE.toFile(), "r")) {
            byte[] bytes = new byte[Integer.BYTES];
            device.readFully(bytes);
            return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
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
