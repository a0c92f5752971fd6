package org.shmrt.stream.engine;

import java.lang.foreign.Arena;
import java.util.ArrayList;
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
    /** A writer checks one semaphore after about this time, and so ten within a second. */
    private static final long CHECK_NS = 100_000_000L;

    private static final int MAX_POSTS_PER_CHECK = 1 << 16;

    /** In the order of the semaphores: data, then log. Empty if they are in the stream's file. */
    private final List<String> names;

    private final long owner;
    private final Arena arena;
    private final List<String> created;

    // Used only by the writer's thread.
    private int postsPerCheck = 1;
    private int postsLeft;
    private int next;
    private long checkedNs;

    // Used by all readers.
    private int readersNext;

    SemaphoreFiles(SemaphoreLayout layout, long owner, Arena arena, List<String> created) {
        this.names = NamedSemaphores.names(layout);
        this.owner = owner;
        this.arena = arena;
        this.created = created;
        this.postsLeft = names.isEmpty() ? Integer.MAX_VALUE : 1;
    }

    /** For a stream whose semaphores are in its file. */
    static SemaphoreFiles none() {
        return new SemaphoreFiles(SemaphoreLayout.NONE, 0, null, List.of());
    }

    List<String> created() {
        return created;
    }

    /** Called by the writer after each publication. Checks one of the semaphores from time to time. */
    void countPost(Semaphore[] all) {
        if (--postsLeft <= 0) {
            check(all);
        }
    }

    /**
     * Checks the next semaphore. The number of posts between two checks is adapted to the writer's rate, so that the
     * clock is read only here.
     */
    private void check(Semaphore[] all) {
        if (names.isEmpty()) {
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
        next = next + 1 == all.length ? 0 : next + 1;
        if (renewIfReplaced(all, next)) {
            renewAll(all);
        }
    }

    /** They are usually removed together, and readers may already sleep on the other new ones. */
    private void renewAll(Semaphore[] all) {
        for (int i = 0; i < all.length; i++) {
            boolean ignored = renewIfReplaced(all, i);
        }
    }

    /**
     * Called by a reader from time to time. Checks its semaphore, and one of the others each time: it does not need
     * those, but while it has removed ones open, it looks like a program that uses them.
     */
    void check(Semaphore[] all, int own) {
        int other = readersNext;
        readersNext = other + 1 >= all.length ? 0 : other + 1; // two readers may check the same one: harmless
        boolean replaced = renewIfReplaced(all, own);
        if (renewIfReplaced(all, other) || replaced) {
            renewAll(all);
        }
    }

    /**
     * Opens a semaphore again if its name leads to another file. If the name was only removed, the old semaphore is
     * kept.
     *
     * @return whether it was opened again
     */
    private boolean renewIfReplaced(Semaphore[] all, int index) {
        if (index >= names.size() || !all[index].isReplaced()) {
            return false;
        }
        try {
            all[index] = Semaphore.open(names.get(index), owner, arena);
            return true;
        } catch (ShmException e) {
            return false; // removed again, or not accessible for this user: the next check tries again
        }
    }

    /**
     * Opens those semaphores again whose own files were truncated. Creates them if their names were removed. May be
     * called by several threads.
     *
     * @return whether there was one
     * @throws ShmException if a truncated file still has the name, or must not be used; the message names it
     */
    synchronized boolean renewTruncated(Semaphore[] all) {
        boolean renewed = false;
        for (int i = 0; i < names.size(); i++) {
            if (isTruncated(all[i])) {
                all[i] = NamedSemaphores.openOrCreate(
                        names.get(i), StreamSpec.FORMAT_PERMISSIONS, owner, arena, new ArrayList<>());
                renewed = true;
            }
        }
        return renewed;
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
