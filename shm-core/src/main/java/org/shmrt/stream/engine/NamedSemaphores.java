package org.shmrt.stream.engine;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Permissions;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.text.FileNames;

/** The named semaphores of a stream: files beside it in {@code /dev/shm}, opened, created and removed by name. */
public final class NamedSemaphores {
    private static final int DEFAULT_PERMISSIONS = 0644;
    private static final int MAX_ATTEMPTS = 10;

    private NamedSemaphores() {}

    /**
     * Opens the set of an existing stream and creates what is missing of it.
     *
     * @param owner the user the stream belongs to
     * @param created receives the names of those created
     * @return the data semaphores, then the log semaphore if there is one
     */
    static Semaphore[] open(SemaphoreLayout layout, long owner, Arena arena, List<String> created) {
        return forAll(
                layout, created, name -> openOrCreate(name, StreamSpec.FORMAT_PERMISSIONS, owner, arena, created));
    }

    /**
     * Opens or creates the set for a new stream. Tokens left by an earlier stream of the name are removed.
     *
     * @param permissions of all semaphores, exactly as given, or {@link StreamSpec#FORMAT_PERMISSIONS}
     * @param created receives the names of those created
     * @return the data semaphores, then the log semaphore if there is one
     */
    static Semaphore[] renew(SemaphoreLayout layout, int permissions, Arena arena, List<String> created) {
        return forAll(layout, created, name -> {
            Semaphore semaphore = openOrCreate(name, permissions, OwnProcess.userId(), arena, created);
            // Otherwise the first wait would return at once.
            drain(semaphore, name);
            if (permissions != StreamSpec.FORMAT_PERMISSIONS) {
                permit(name, permissions & 0666);
            }
            return semaphore;
        });
    }

    private static Semaphore[] forAll(
            SemaphoreLayout layout, List<String> created, Function<String, Semaphore> opening) {
        try {
            return names(layout).stream().map(opening).toArray(Semaphore[]::new);
        } catch (RuntimeException | Error e) {
            unlink(created);
            throw e;
        }
    }

    static Semaphore openOrCreate(String name, int permissions, long owner, Arena arena, List<String> created) {
        // Another process may create or remove the name between the two calls, so each failure tries the other.
        for (int attempt = 0; ; attempt++) {
            try {
                return Semaphore.open(name, owner, arena);
            } catch (NotFoundException e) {
                try {
                    Semaphore semaphore = Semaphore.create(
                            name,
                            permissions == StreamSpec.FORMAT_PERMISSIONS
                                    ? Permissions.withUmask(DEFAULT_PERMISSIONS)
                                    : Permissions.exactly(permissions & 0666),
                            0,
                            arena);
                    created.add(name);
                    return semaphore;
                } catch (AlreadyExistsException raced) {
                    if (attempt == MAX_ATTEMPTS) {
                        throw raced;
                    }
                }
            }
        }
    }

    /** Also for a semaphore of an earlier stream, or of a creator that was killed before this step. */
    private static void permit(String name, int permissions) {
        try {
            Semaphore.permissions(name, permissions);
        } catch (AccessDeniedException | NotFoundException e) {
            // another user's: it can be used, and only its owner may change it; or removed by now
        }
    }

    private static void drain(Semaphore semaphore, String name) {
        try {
            if (semaphore.isValid()) {
                semaphore.drain();
            }
            Faults.poll();
        } catch (InternalError e) {
            throw new IncompatibleException(
                    "the semaphore " + name + " was truncated by another process: remove "
                            + FileNames.text(Semaphore.file(name)),
                    e);
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
}
