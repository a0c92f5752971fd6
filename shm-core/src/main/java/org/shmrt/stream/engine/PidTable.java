package org.shmrt.stream.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.OwnProcess;

/**
 * Reservations as milk keeps them: a table in the stream's file with the process id of each semaphore's reader. ShmRT
 * enters itself by compare-and-set and takes itself out on close; milk's own programs do neither.
 *
 * <p>An entry is free if it is 0 or less, or stale: no such process is left, or the process of that number is another
 * one by now, which shows in that it does not have the stream's file mapped. A process that may not be looked into
 * counts as the owner. Processes of another pid namespace look dead, to milk as well.
 */
final class PidTable implements SemaphoreOwners {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final int NOBODY = -1;

    /** What this process holds: readers of one program bear one pid, and each needs a semaphore of its own. */
    private static final Set<Entry> HELD = ConcurrentHashMap.newKeySet();

    private final MappedFile region;
    private final long offset;

    PidTable(MappedFile region, long offset) {
        this.region = region;
        this.offset = offset;
    }

    private record Entry(long device, long inode, int index) {}

    @Override
    public Reservation tryReserve(int index) {
        Entry entry = new Entry(region.id().device(), region.id().inode(), index);
        if (!HELD.add(entry)) {
            return null;
        }
        boolean entered = false;
        try {
            entered = enter(region.segment(), offset + 4L * index);
        } finally {
            if (!entered) {
                HELD.remove(entry);
            }
        }
        return entered ? () -> leave(entry) : null;
    }

    private boolean enter(MemorySegment file, long at) {
        for (int attempt = 0; attempt < 10; attempt++) {
            // The load meets a cut-off page with an error; the compare-and-set after it would end the JVM.
            int owner = (int) INT.getVolatile(file, at);
            Faults.poll();
            if (owner == OwnProcess.PID) {
                return true; // left by an earlier process of this number, as happens in containers
            }
            if (owner > 0 && isUser(owner, region.id())) {
                return false;
            }
            boolean same = (int) INT.getVolatile(file, at) == owner; // that look may have taken long
            Faults.poll();
            if (same && INT.compareAndSet(file, at, owner, OwnProcess.PID)) {
                return true;
            }
        }
        return false;
    }

    private void leave(Entry entry) {
        if (!HELD.remove(entry)) {
            return;
        }
        try {
            long at = offset + 4L * entry.index;
            int owner = (int) INT.getVolatile(region.segment(), at);
            Faults.poll();
            if (owner == OwnProcess.PID) {
                INT.setRelease(region.segment(), at, NOBODY);
            }
        } catch (InternalError | IllegalStateException e) {
            // the memory is gone, and the table with it
        }
    }

    /** Whether a process lives and has the file mapped, as far as one may see. */
    static boolean isUser(int pid, FileId file) {
        if (!Files.isDirectory(Path.of("/proc/" + pid))) {
            return false;
        }
        // Where not even this process's own mapping shows (a layered file system), the number alone decides.
        return maps(pid, file) || !maps(OwnProcess.PID, file);
    }

    private static boolean maps(int pid, FileId file) {
        String inode = String.valueOf(file.inode());
        String needle = " " + inode + " ";
        try (BufferedReader lines =
                Files.newBufferedReader(Path.of("/proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1)) {
            // "address perms offset dev inode path"
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // Few lines are worth taking apart: a process may have thousands.
                if (line.contains(needle) && line.split(" +", 6)[4].equals(inode)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return true; // of another user: it lives, and more cannot be known
        }
    }
}
