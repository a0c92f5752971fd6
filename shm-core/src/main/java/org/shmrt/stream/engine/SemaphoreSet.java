package org.shmrt.stream.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;

/**
 * The semaphores of one open stream. {@link #postAll()} is hot: it allocates nothing and posts only those
 * below the format's cap, so a stream nobody waits on costs one load a semaphore.
 */
public final class SemaphoreSet {
    private final Semaphore[] data;
    private final Semaphore log;
    private final int cap;
    private final MemorySegment file;
    private final long writerPidOffset;
    private final SemaphoreOwners owners;
    private final List<String> created;

    private SemaphoreSet(
            Semaphore[] all, SemaphoreLayout layout, MemorySegment file, SemaphoreOwners owners, List<String> created) {
        this.data = Arrays.copyOf(all, layout.count());
        this.log = all.length > data.length ? all[data.length] : null;
        this.cap = layout.cap();
        this.file = file;
        this.writerPidOffset = layout.writerPidOffset();
        this.owners = owners;
        this.created = created;
    }

    /**
     * Opens the semaphores of a stream. Named ones are made where they are missing; those in the file are there.
     *
     * @param permissions of those made, exactly as given, or {@link StreamSpec#FORMAT_PERMISSIONS}
     * @param fresh whether the stream is new: values left by an earlier one of the name are reset
     */
    public static SemaphoreSet of(StreamLayout stream, MappedFile region, int permissions, boolean fresh, Arena arena) {
        SemaphoreLayout layout = stream.semaphores();
        List<String> created = new ArrayList<>();
        if (!layout.isInFile()) {
            Semaphore[] all = NamedSemaphores.openOrCreate(layout, permissions, fresh, arena, created);
            return new SemaphoreSet(all, layout, region.segment(), new NamedSemaphores(layout), created);
        }
        Semaphore[] all = new Semaphore[layout.count() + 1];
        for (int i = 0; i < all.length; i++) {
            long offset = i < layout.count() ? layout.offset() + (long) i * Semaphore.BYTES : layout.logOffset();
            all[i] = Semaphore.inMemory(
                    region.segment().asSlice(offset, Semaphore.BYTES),
                    (i < layout.count() ? i : "log") + " of " + stream.storedName());
            if (fresh) {
                all[i].initialise(0);
            }
        }
        return new SemaphoreSet(all, layout, region.segment(), new PidTable(region, layout.readerPidOffset()), created);
    }

    /** Removes the named semaphores this set had to make. */
    public void unlinkCreated() {
        NamedSemaphores.unlink(created);
    }

    /**
     * Notes this process in place of those that posted before it. Semaphores at the cap are not posted, so the numbers
     * of earlier writers would stay, and one that lives on for other work would vouch for this one after its death.
     */
    public void claim() {
        for (int i = 0; writerPidOffset >= 0 && i < data.length; i++) {
            if (file.get(ValueLayout.JAVA_INT, writerPidOffset + 4L * i) > 0) {
                file.set(ValueLayout.JAVA_INT, writerPidOffset + 4L * i, OwnProcess.PID);
            }
        }
    }

    /** Posts each data semaphore that is below the cap, then the log semaphore, in the format's order. */
    public void postAll() {
        // The caller's full fence has made the frame visible, so a reader that takes a token after this load
        // sees the frame, and one that took it before leaves a value below the cap. No wake-up is lost.
        for (int i = 0; i < data.length; i++) {
            if (postBelowCap(data[i]) && writerPidOffset >= 0) {
                file.set(ValueLayout.JAVA_INT, writerPidOffset + 4L * i, OwnProcess.PID);
            }
        }
        if (log != null) {
            postBelowCap(log);
        }
        // The loads may have faulted although nothing was posted: deliver that inside the caller's try.
        Faults.poll();
    }

    private boolean postBelowCap(Semaphore semaphore) {
        // As a number without sign: a file from elsewhere may hold any value.
        if (Integer.compareUnsigned(semaphore.value(), cap) >= 0 || !semaphore.isValid()) {
            return false;
        }
        // The loads may have faulted (its object was truncated): deliver that before libc touches the page.
        Faults.poll();
        semaphore.post();
        return true;
    }

    /** Ends the use of semaphores that lie in the file, before it is unmapped. */
    public void retire() {
        if (writerPidOffset >= 0) {
            for (Semaphore semaphore : data) {
                semaphore.retire();
            }
        }
    }

    public Semaphore get(int index) {
        return data[index];
    }

    /**
     * Chooses a semaphore for a reader, one that no other reader has reserved where there is one, and reserves it.
     *
     * @throws IncompatibleException if all are damaged
     */
    public Reserved reserveAny() {
        checkExists();
        // Programs whose users choose by hand take 0, so it is the last choice here.
        int valid = -1;
        for (int index = data.length - 1; index >= 0; index--) {
            if (!data[index].isValid()) {
                continue;
            }
            SemaphoreOwners.Reservation reservation = owners.tryReserve(index);
            if (reservation != null) {
                return new Reserved(index, reservation);
            }
            valid = index;
        }
        if (valid < 0) {
            throw new IncompatibleException(
                    "all semaphores of the stream are damaged: wait by spin or an idle strategy");
        }
        return new Reserved(valid, null);
    }

    /**
     * Grants a reader the semaphore it asks for, even if another reader has it, and reserves it if nobody has.
     *
     * @throws IllegalArgumentException if there is none of that index
     * @throws IncompatibleException if it is damaged
     */
    public Reserved reserve(int index) {
        checkExists();
        if (index < 0 || index >= data.length) {
            throw new IllegalArgumentException("semaphore " + index + ": the stream has 0 to " + (data.length - 1));
        }
        if (!data[index].isValid()) {
            throw new IncompatibleException("semaphore " + index + " of the stream is damaged: wait on another, "
                    + "or by spin or an idle strategy");
        }
        return new Reserved(index, owners.tryReserve(index));
    }

    private void checkExists() {
        if (data.length == 0) {
            throw new ShmException("the stream has no semaphores: wait by spin or an idle strategy");
        }
    }

    /**
     * A reader's semaphore.
     *
     * @param index of the semaphore
     * @param reservation what keeps others away, or null
     */
    public record Reserved(int index, SemaphoreOwners.Reservation reservation) {
        public void release() {
            if (reservation != null) {
                reservation.release();
            }
        }
    }
}
