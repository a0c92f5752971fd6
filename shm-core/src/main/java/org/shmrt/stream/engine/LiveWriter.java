package org.shmrt.stream.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.shmrt.error.PosixException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Processes;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamLayout;

/**
 * Whether the writer of a stream lives. The kernel's lock shows that in every process namespace; a process id means
 * nothing in another one.
 */
public final class LiveWriter {
    private LiveWriter() {}

    /**
     * Whether a process that may write a stream is known to live. Maps the file: tens of microseconds.
     *
     * @return true also if the file is gone, or is not a stream now, or cannot be opened: nothing shows then that a
     *     writer died
     */
    public static boolean exists(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            Path target = FileId.resolveLinks(path);
            MappedFile file = MappedFile.readOnly(target, arena);
            boolean exists = exists(target, StreamFormats.detect(target, file.segment()), file);
            Faults.poll();
            return exists;
        } catch (ShmException | InternalError e) {
            return true;
        }
    }

    static boolean exists(Path path, StreamLayout layout, MappedFile file) {
        try {
            boolean isLocked =
                    OwnProcess.HAS_NATIVE_ACCESS ? FileLock.isHeld(path, file.id()) : FileLock.ownerPid(path) > 0;
            return isLocked || hasLivePoster(layout.semaphores(), file);
        } catch (PosixException e) {
            return true; // unknown, for example without a free descriptor
        }
    }

    /**
     * Where the format stores who posted last: a live process of another program that has the file mapped may be the
     * writer. For this process the lock is the better evidence.
     */
    private static boolean hasLivePoster(SemaphoreLayout table, MappedFile file) {
        for (int i = 0; table.writerPidOffset() >= 0 && i < table.count(); i++) {
            int pid = file.segment().get(ValueLayout.JAVA_INT, table.writerPidOffset() + 4L * i);
            if (pid > 0 && pid != OwnProcess.PID && Processes.isUser(pid, file.id())) {
                return true;
            }
        }
        return false;
    }
}
