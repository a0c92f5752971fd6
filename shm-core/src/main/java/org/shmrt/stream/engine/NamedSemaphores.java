package org.shmrt.stream.engine;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamSpec;

/**
 * Semaphores that are named objects beside the stream's file. Readers choose them apart by a lock on the object's
 * file, which the kernel frees when a reader's process ends; programs that choose by hand do not ask for it.
 */
public final class NamedSemaphores implements SemaphoreOwners {
    private static final int DEFAULT_PERMISSIONS = 0644;

    private final SemaphoreLayout layout;

    NamedSemaphores(SemaphoreLayout layout) {
        this.layout = layout;
    }

    /**
     * Opens the set and makes what is missing of it.
     *
     * @param permissions of those made, exactly as given, or {@link StreamSpec#FORMAT_PERMISSIONS}
     * @param fresh whether values left by an earlier stream of the name are reset
     * @param created receives the names of those made
     * @return the data semaphores, then the log semaphore if there is one
     */
    static Semaphore[] openOrCreate(
            SemaphoreLayout layout, int permissions, boolean fresh, Arena arena, List<String> created) {
        List<String> names = names(layout);
        try {
            Semaphore[] opened = new Semaphore[names.size()];
            for (int i = 0; i < opened.length; i++) {
                opened[i] = openOrCreate(names.get(i), permissions, fresh, arena, created);
            }
            return opened;
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
                if (fresh) {
                    // tokens of an earlier stream: the first wait must not return at once
                    drain(semaphore, name);
                }
                if (fresh && permissions != StreamSpec.FORMAT_PERMISSIONS) {
                    permit(name, permissions & 0666);
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

    /** Of an earlier stream, or of a maker that was killed before it came to this. */
    private static void permit(String name, int permissions) {
        try {
            Semaphore.permissions(name, permissions);
        } catch (AccessDeniedException | NotFoundException e) {
            // another user's: it can be used, and only its owner may change it; or gone by now
        }
    }

    /** Whoever left it may have left any value, and may even go on posting: that only wakes a reader for nothing. */
    private static void drain(Semaphore semaphore, String name) {
        try {
            boolean ignored = !semaphore.isValid() || semaphore.drain();
        } catch (InternalError e) {
            throw new IncompatibleException(
                    "the semaphore " + name + " was cut off by another process: remove " + Semaphore.file(name), e);
        }
    }

    /** Removes the named semaphores of a stream, as far as they exist. */
    public static void unlink(SemaphoreLayout layout) {
        unlink(names(layout));
    }

    /** The data semaphores, then the log semaphore if there is one; a list of the caller's own. */
    public static List<String> names(SemaphoreLayout layout) {
        List<String> names = new ArrayList<>(layout.names());
        if (layout.logName() != null) {
            names.add(layout.logName());
        }
        return names;
    }

    public static void unlink(List<String> names) {
        for (String name : names) {
            Semaphore.unlink(name);
        }
    }

    @Override
    public Reservation tryReserve(int index) {
        try {
            FileLock lock = FileLock.tryExclusive(Semaphore.file(layout.names().get(index)));
            return lock == null ? null : lock::close;
        } catch (ShmException e) {
            return null; // its file is gone or not ours: waiting still works, only the reservation does not
        }
    }
}
