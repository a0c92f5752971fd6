package org.shmrt.stream.engine;

import java.lang.foreign.Arena;
import java.util.List;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamSpec;

/**
 * The files of named semaphores while a stream is open. They can be removed while a writer is alive: by systemd at the
 * end of a login session, by a clean-up script, or by the removal of a stream of the same name in another directory.
 * Programs that open the stream afterwards create new ones, which this class finds and opens.
 */
final class SemaphoreFiles {
    /** A writer checks one semaphore after about this time, and so all ten within a second. */
    private static final long CHECK_NS = 100_000_000L;

    private static final int MAX_POSTS_PER_CHECK = 1 << 16;

    private final SemaphoreLayout layout;
    private final long owner;
    private final Arena arena;
    private final List<String> created;

    // Used only by the writer's thread.
    private int postsPerCheck = 1;
    private int postsLeft;
    private int next;
    private long checkedNs;

    SemaphoreFiles(SemaphoreLayout layout, long owner, Arena arena, List<String> created) {
        this.layout = layout;
        this.owner = owner;
        this.arena = arena;
        this.created = created;
        this.postsLeft = layout.names().isEmpty() ? Integer.MAX_VALUE : 1;
    }

    /** For a stream whose semaphores are in its file. */
    static SemaphoreFiles none() {
        return new SemaphoreFiles(SemaphoreLayout.NONE, 0, null, List.of());
    }

    List<String> created() {
        return created;
    }

    /** Called by the writer after each publication. Checks one of the semaphores from time to time. */
    void countPost(Semaphore[] data) {
        if (--postsLeft <= 0) {
            check(data);
        }
    }

    /**
     * Checks the next semaphore. The number of posts between two checks is adapted to the writer's rate, so that the
     * clock is read only here.
     */
    private void check(Semaphore[] data) {
        if (layout.names().isEmpty()) {
            postsLeft = Integer.MAX_VALUE;
            return;
        }
        long nowNs = System.nanoTime();
        long sinceNs = nowNs - checkedNs;
        checkedNs = nowNs;
        if (sinceNs < CHECK_NS / 2) {
            postsPerCheck = Math.min(2 * postsPerCheck, MAX_POSTS_PER_CHECK);
        } else if (sinceNs > 2 * CHECK_NS) {
            postsPerCheck = Math.max(postsPerCheck / 2, 1);
        }
        postsLeft = postsPerCheck;
        next = next + 1 == data.length ? 0 : next + 1;
        if (renewIfReplaced(data, next)) {
            // They usually go together, and readers may sleep on the others by now.
            for (int i = 0; i < data.length; i++) {
                boolean ignored = renewIfReplaced(data, i);
            }
        }
    }

    /** Opens a semaphore again if its name leads to another file. One that is gone is kept: nobody has a new one yet. */
    boolean renewIfReplaced(Semaphore[] data, int index) {
        if (index >= layout.names().size() || !data[index].isReplaced()) {
            return false;
        }
        try {
            data[index] = Semaphore.open(layout.names().get(index), owner, arena);
            return true;
        } catch (ShmException e) {
            return false; // removed again, or not for this user: the next check finds out
        }
    }

    /**
     * Opens those of a row of semaphores again, or creates them, whose files were truncated.
     *
     * @param names of the semaphores
     * @return whether there was one
     * @throws ShmException if a damaged file still has the name, or may not be used; the message names it
     */
    boolean renewTruncated(Semaphore[] semaphores, List<String> names) {
        boolean renewed = false;
        for (int i = 0; i < Math.min(semaphores.length, names.size()); i++) {
            if (isTruncated(semaphores[i])) {
                semaphores[i] = NamedSemaphores.openOrCreate(
                        names.get(i), StreamSpec.FORMAT_PERMISSIONS, owner, arena, created);
                renewed = true;
            }
        }
        return renewed;
    }

    List<String> names() {
        return layout.names();
    }

    List<String> logNames() {
        return layout.logName() == null ? List.of() : List.of(layout.logName());
    }

    private static boolean isTruncated(Semaphore semaphore) {
        try {
            boolean ignored = semaphore.value() == 0;
            Faults.poll();
            return false;
        } catch (InternalError e) {
            return true;
        }
    }
}
