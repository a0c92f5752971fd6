package org.shmrt.stream;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.Faults;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.Semaphore;

/**
 * The semaphores of one open stream. {@link #postAll()} is hot: it allocates nothing and posts only those
 * below the format's cap, so a stream nobody waits on costs one load a semaphore.
 */
final class SemaphoreSet {
    private static final int DEFAULT_PERMISSIONS = 0644;

    private final SemaphoreLayout layout;
    private final Semaphore[] data;
    private final Semaphore log;
    private final List<String> created;

    private SemaphoreSet(SemaphoreLayout layout, Semaphore[] data, Semaphore log, List<String> created) {
        this.layout = layout;
        this.data = data;
        this.log = log;
        this.created = created;
    }

    /**
     * Opens the set and makes what is missing of it.
     *
     * @param permissions of those made, exactly as given, or {@link StreamSpec#FORMAT_PERMISSIONS}
     * @param fresh whether values left by an earlier stream of the name are reset
     */
    static SemaphoreSet openOrCreate(SemaphoreLayout layout, int permissions, boolean fresh, Arena arena) {
        List<String> created = new ArrayList<>();
        try {
            Semaphore[] data = new Semaphore[layout.names().size()];
            for (int i = 0; i < data.length; i++) {
                data[i] = openOrCreate(layout.names().get(i), permissions, fresh, arena, created);
            }
            Semaphore log = layout.logName() == null ? null
                    : openOrCreate(layout.logName(), permissions, fresh, arena, created);
            return new SemaphoreSet(layout, data, log, created);
        } catch (RuntimeException e) {
            unlink(created);
            throw e;
        }
    }

    private static Semaphore openOrCreate(
            String name, int permissions, boolean fresh, Arena arena, List<String> created) {
        // Another process may make or remove the name between the two calls, so each failure tries the other.
        for (int attempt = 0; ; attempt++) {
            try {
                Semaphore semaphore = Semaphore.open(name, arena);
                while (fresh && semaphore.tryAcquire()) {
                    // a token of an earlier stream: the first wait must not return at once
                }
                return semaphore;
            } catch (NotFoundException e) {
                try {
                    boolean exact = permissions != StreamSpec.FORMAT_PERMISSIONS;
                    Semaphore semaphore =
                            Semaphore.create(name, exact ? permissions & 0666 : DEFAULT_PERMISSIONS, exact, 0, arena);
                    created.add(name);
                    return semaphore;
                } catch (AlreadyExistsException raced) {
                    if (attempt == 10) {
                        throw raced;
                    }
                }
            }
        }
    }

    /** Removes the semaphores this set had to make. */
    void unlinkCreated() {
        unlink(created);
    }

    /** Removes the named semaphores of a stream, as far as they exist. */
    static void unlink(SemaphoreLayout layout) {
        unlink(layout.names());
        if (layout.logName() != null) {
            Semaphore.unlink(layout.logName());
        }
    }

    private static void unlink(List<String> names) {
        for (String name : names) {
            Semaphore.unlink(name);
        }
    }

    /** Posts each data semaphore that is below the cap, then the log semaphore, in the format's order. */
    void postAll() {
        // The caller's full fence has made the frame visible, so a reader that takes a token after this load
        // sees the frame, and one that took it before leaves a value below the cap. No wake-up is lost.
        int cap = layout.cap();
        for (Semaphore semaphore : data) {
            postBelow(semaphore, cap);
        }
        if (log != null) {
            postBelow(log, cap);
        }
    }

    private static void postBelow(Semaphore semaphore, int cap) {
        if (semaphore.value() < cap) {
            // The load may have faulted (its object was truncated): deliver that before libc touches the page.
            Faults.settle();
            semaphore.post();
        }
    }

    Semaphore get(int index) {
        return data[index];
    }

    int count() {
        return data.length;
    }

    /** The current values, for reports. */
    int[] values() {
        int[] values = new int[data.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = data[i].value();
        }
        return values;
    }

    /**
     * Chooses the semaphore of a reader and keeps other ShmRT readers from choosing it too.
     *
     * @param wanted an index, which is granted even if another reader holds it, or
     *     {@link WaitStrategy#ANY_SEMAPHORE}
     */
    Reservation reserve(int wanted) {
        if (data.length == 0) {
            throw new ShmException("the stream has no semaphores: wait by spin or an idle strategy");
        }
        if (wanted != WaitStrategy.ANY_SEMAPHORE) {
            if (wanted < 0 || wanted >= data.length) {
                throw new IllegalArgumentException("semaphore " + wanted + ": the stream has 0 to " + (data.length - 1));
            }
            return new Reservation(wanted, lock(wanted));
        }
        // Programs that choose by hand take 0, so it is the last choice here.
        for (int index = data.length - 1; index >= 0; index--) {
            FileLock lock = lock(index);
            if (lock != null) {
                return new Reservation(index, lock);
            }
        }
        return new Reservation(0, null);
    }

    private FileLock lock(int index) {
        Path file = Semaphore.file(layout.names().get(index));
        try {
            return FileLock.tryExclusive(file);
        } catch (ShmException e) {
            return null; // its file is gone or not ours: waiting still works, only the reservation does not
        }
    }

    /**
     * A reader's semaphore; given back by {@link #release()}, or by the kernel when the process ends.
     *
     * @param index of the semaphore
     * @param lock what keeps others away, or null
     */
    record Reservation(int index, FileLock lock) {
        void release() {
            if (lock != null) {
                lock.close();
            }
        }
    }
}
