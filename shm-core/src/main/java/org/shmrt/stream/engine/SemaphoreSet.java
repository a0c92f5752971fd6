package org.shmrt.stream.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.engine.SemaphoreClaims.Outcome;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;

/**
 * The semaphores of one open stream. {@link #postAll()} is hot and allocates nothing. It posts only those below the
 * format's cap, so a stream on which nobody waits costs one load for each semaphore.
 */
public final class SemaphoreSet {
    /** Posts from zero are collected in the bits of a long; the rare semaphores beyond are posted one by one. */
    private static final int MAX_COLLECTED = Long.SIZE - 1;

    /** The data semaphores, then the log semaphore if there is one. */
    private final Semaphore[] all;

    /** The same semaphores where they lie side by side in the stream's file; otherwise null. */
    private final SemaphoreRow row;

    /** Number of the data semaphores. */
    private final int count;

    private final int cap;
    private final SemaphoreLayout layout;
    private final MemorySegment file;
    private final long writerPidOffset;
    private final SemaphoreClaims claims;
    private final SemaphoreFiles files;

    /** The semaphores of the row that {@link #postAll()} found empty for the last frame, as bits. */
    private long emptied;

    private SemaphoreSet(
            Semaphore[] all, SemaphoreLayout layout, MappedFile file, SemaphoreClaims claims, SemaphoreFiles files) {
        this.all = all.clone();
        this.row = row(layout, file, all.length);
        this.count = layout.count();
        this.cap = layout.cap();
        this.layout = layout;
        this.file = file.segment();
        this.writerPidOffset = layout.writerPidOffset();
        this.claims = claims;
        this.files = files;
    }

    private static SemaphoreRow row(SemaphoreLayout layout, MappedFile file, int length) {
        long logOffset = layout.offset() + (long) layout.count() * Semaphore.BYTES;
        if (!layout.isInFile() || length != layout.count() + 1 || layout.logOffset() != logOffset) {
            return null;
        }
        return SemaphoreRow.of(file.segment(), layout.offset(), length).orElse(null);
    }

    /**
     * Opens the semaphores of an existing stream. Named ones that are missing are created.
     *
     * @param path where the stream's file is
     */
    static SemaphoreSet open(Path path, StreamLayout stream, MappedFile file, Arena arena) {
        SemaphoreLayout layout = stream.semaphores();
        if (layout.isInFile()) {
            return of(inFile(stream, file), path, layout, file);
        }
        long owner = FileId.owner(path);
        List<String> created = new ArrayList<>();
        Semaphore[] all = NamedSemaphores.open(layout, owner, arena, created);
        SemaphoreClaims claims = new SemaphoreClaims(path, file, layout.readerPidOffset());
        return new SemaphoreSet(all, layout, file, claims, new SemaphoreFiles(layout, owner, arena, created));
    }

    /**
     * Prepares the semaphores of a new stream. Values that an earlier stream of the name has left are reset.
     *
     * @param path where the stream's file will be
     * @param permissions of named semaphores, exactly as given, or {@link StreamSpec#FORMAT_PERMISSIONS}
     */
    static SemaphoreSet create(Path path, StreamLayout stream, MappedFile file, int permissions, Arena arena) {
        SemaphoreLayout layout = stream.semaphores();
        if (layout.isInFile()) {
            Semaphore[] all = inFile(stream, file);
            for (Semaphore semaphore : all) {
                semaphore.initialise(0);
            }
            return of(all, path, layout, file);
        }
        List<String> created = new ArrayList<>();
        Semaphore[] all = NamedSemaphores.renew(layout, permissions, arena, created);
        SemaphoreClaims claims = new SemaphoreClaims(path, file, layout.readerPidOffset());
        return new SemaphoreSet(
                all, layout, file, claims, new SemaphoreFiles(layout, OwnProcess.userId(), arena, created));
    }

    /** A set of semaphores that are mapped already and have no files of their own. */
    public static SemaphoreSet of(Semaphore[] all, Path path, SemaphoreLayout layout, MappedFile file) {
        SemaphoreClaims claims = new SemaphoreClaims(path, file, layout.readerPidOffset());
        return new SemaphoreSet(all, layout, file, claims, SemaphoreFiles.none());
    }

    /** The semaphores in a stream's file, the log semaphore last. */
    public static Semaphore[] inFile(StreamLayout stream, MappedFile file) {
        SemaphoreLayout layout = stream.semaphores();
        Semaphore[] all = new Semaphore[layout.count() + 1];
        for (int i = 0; i < all.length; i++) {
            long offset = i < layout.count() ? layout.offset() + (long) i * Semaphore.BYTES : layout.logOffset();
            all[i] = Semaphore.inMemory(
                    file.segment().asSlice(offset, Semaphore.BYTES),
                    (i < layout.count() ? i : "log") + " of " + stream.storedName());
        }
        return all;
    }

    /** Removes the named semaphores that this set had to create. */
    void unlinkCreated() {
        NamedSemaphores.unlink(files.created());
    }

    /**
     * Replaces the ids of earlier posters by that of this process. Semaphores at the cap are not posted, so an earlier
     * writer's id would remain there; if its process were still alive, this writer would seem alive after its death.
     */
    void claimPosterTable() {
        for (int i = 0; writerPidOffset >= 0 && i < count; i++) {
            if (file.get(ValueLayout.JAVA_INT, writerPidOffset + 4L * i) > 0) {
                file.set(ValueLayout.JAVA_INT, writerPidOffset + 4L * i, OwnProcess.PID);
            }
        }
    }

    /**
     * Posts each data semaphore that is below the cap, and the log semaphore, for the only writer of the stream, after
     * it has stored the frame's counter. A full fence orders that store before the loads of the values: without it a
     * processor may load a value first, find it at the cap, and not wake a reader that has just loaded the old counter.
     * With it, a reader that takes a token after the value was loaded here sees the frame, and one that took it before
     * leaves a value below the cap. So no wake-up is lost.
     */
    public void postAll() {
        if (row == null) {
            VarHandle.fullFence();
            postEach();
        } else {
            postRow();
        }
        // The loads may have faulted although nothing was posted: deliver that inside the caller's try.
        Faults.poll();
        files.countPost(all);
    }

    /**
     * The steps of {@link #postEach()}, each for all semaphores. Those that were empty at the last frame are probably
     * empty again. A value of 0 is posted whatever the order of the loads, so they are posted before the fence, which
     * then comes both after the counter and before the look at their waiters.
     */
    private void postRow() {
        long early = emptied == 0 ? 0 : row.postFromZero(emptied);
        VarHandle.fullFence();
        long below = row.below(cap) & ~early;
        if ((early | below) == 0) {
            emptied = 0;
            return;
        }
        notePosters(early);
        long waiting = row.withWaiters(early);
        long late = below == 0 ? 0 : row.postFromZero(below);
        if (below != 0) {
            notePosters(late);
            postExactly(below & ~late);
        }
        if (late != 0) {
            VarHandle.fullFence();
            waiting |= row.withWaiters(late);
        }
        emptied = early | late;
        if (waiting != 0) {
            wake(waiting);
        }
    }

    private void postExactly(long indices) {
        for (long left = indices; left != 0; left &= left - 1) {
            int index = Long.numberOfTrailingZeros(left);
            if (all[index].isValid()) {
                postExactly(all[index]);
                notePoster(index);
            }
        }
    }

    private void postEach() {
        // A value of 0, that of a reader that keeps up, becomes 1 by a store: nobody can take from 0. One fence for
        // all of them comes before the loads of their waiters. Above 0 only an atomic addition is exact.
        long collected = 0;
        for (int i = 0; i < all.length; i++) {
            Semaphore semaphore = all[i];
            int value = semaphore.value();
            if (value == 0 && i < MAX_COLLECTED) {
                if (semaphore.isValid()) {
                    semaphore.postFromZero();
                    notePoster(i);
                    collected |= 1L << i;
                }
            } else if (isBelowCap(value) && semaphore.isValid()) {
                postExactly(semaphore);
                notePoster(i);
            }
        }
        if (collected != 0) {
            VarHandle.fullFence();
            wake(waiting(collected));
        }
    }

    /** The same for a writer that shares the stream with others: every post is an atomic addition. */
    public void postAllExactly() {
        VarHandle.fullFence();
        for (int i = 0; i < all.length; i++) {
            if (isBelowCap(all[i].value()) && all[i].isValid()) {
                postExactly(all[i]);
                notePoster(i);
            }
        }
        Faults.poll();
        files.countPost(all);
    }

    /** Consumes all tokens of all semaphores, of a stream that nobody else uses. */
    public void drainAll() {
        for (Semaphore semaphore : all) {
            if (semaphore.isValid()) {
                semaphore.drain();
            }
        }
    }

    private long waiting(long collected) {
        long waiting = 0;
        for (long left = collected; left != 0; left &= left - 1) {
            int index = Long.numberOfTrailingZeros(left);
            waiting |= all[index].hasWaiters() ? 1L << index : 0;
        }
        return waiting;
    }

    private void wake(long waiting) {
        // The loads may have faulted: deliver that before the system calls.
        Faults.poll();
        for (long left = waiting; left != 0; left &= left - 1) {
            all[Long.numberOfTrailingZeros(left)].wake();
        }
    }

    /** Whether there is a log semaphore, whose index is the number of the data semaphores. */
    public boolean hasLog() {
        return all.length > count;
    }

    /** Posts one semaphore by an atomic addition, unless it is at the cap or damaged. Returns whether it was posted. */
    public boolean postOne(int index) {
        Semaphore semaphore = all[index];
        boolean posts = isBelowCap(semaphore.value()) && semaphore.isValid();
        if (posts) {
            postExactly(semaphore);
            notePoster(index);
        }
        Faults.poll();
        return posts;
    }

    /** Compared without sign: a malformed file may hold any value. */
    private boolean isBelowCap(int value) {
        return Integer.compareUnsigned(value, cap) < 0;
    }

    private static void postExactly(Semaphore semaphore) {
        // The loads may have faulted: deliver that before the system call.
        Faults.poll();
        semaphore.post();
    }

    private void notePosters(long indices) {
        for (long left = indices; left != 0; left &= left - 1) {
            notePoster(Long.numberOfTrailingZeros(left));
        }
    }

    private void notePoster(int index) {
        if (writerPidOffset >= 0 && index < count) {
            file.set(ValueLayout.JAVA_INT, writerPidOffset + 4L * index, OwnProcess.PID);
        }
    }

    /** Ends the use of the semaphores before their memory is unmapped. */
    public void retire() {
        for (Semaphore semaphore : all) {
            semaphore.retire();
        }
    }

    Semaphore get(int index) {
        return all[index];
    }

    /**
     * The semaphore a reader sleeps on, opened again if its name now leads to another one: a named semaphore can be
     * removed and created again while a stream lives, and the writer posts the new one.
     */
    public Semaphore current(int index) {
        files.check(all, index);
        return all[index];
    }

    /**
     * After an access fault while the stream's own file is intact: opens those semaphores again whose files were
     * truncated, or creates them.
     *
     * @return false if no semaphore has a file of its own that was truncated
     * @throws ShmException if a truncated file still has the name, or must not be used; the message names it
     */
    public boolean renewTruncated() {
        return files.renewTruncated(all);
    }

    /**
     * Claims a semaphore for a reader, one that no other reader has claimed. If some cannot be claimed by anybody, for
     * example because the file was removed, the reader gets one of them without a claim. If other readers have claimed
     * all, it gets none, because it would consume their tokens; in formats whose programs rely on claims it is refused.
     *
     * @throws IncompatibleException if all are damaged
     * @throws BusyException if all are claimed and the format refuses the reader
     */
    public Reserved reserveAny() {
        checkExists();
        boolean shares = layout.claims() == SemaphoreLayout.Claims.SHARED;
        OptionalInt fallback = OptionalInt.empty();
        int valid = 0;
        // Programs whose users choose by hand take 0, so it is the last choice here.
        for (int index = count - 1; index >= 0; index--) {
            if (!all[index].isValid()) {
                continue;
            }
            valid++;
            if (index == layout.serviceIndex()) {
                continue;
            }
            SemaphoreClaims.Attempt attempt = claims.tryClaim(index);
            if (attempt.claim().isPresent()) {
                return reserved(index, attempt.claim().get());
            }
            if (attempt.outcome() == Outcome.IMPOSSIBLE && (shares || fallback.isEmpty())) {
                fallback = OptionalInt.of(index);
            }
        }
        if (valid == 0) {
            throw new IncompatibleException(
                    "all semaphores of the stream are damaged: wait by spin or an idle strategy");
        }
        if (fallback.isPresent()) {
            return new Reserved(fallback.getAsInt(), Optional.empty());
        }
        if (!shares) {
            throw claims.allTaken();
        }
        return Reserved.NONE;
    }

    /** Removes tokens of earlier frames where a program of the format does the same. */
    private Reserved reserved(int index, SemaphoreClaims.Claim claim) {
        if (layout.claims() == SemaphoreLayout.Claims.EXCLUSIVE) {
            try {
                all[index].drain();
                Faults.poll();
            } catch (RuntimeException | Error e) {
                claim.close();
                throw e;
            }
        }
        return new Reserved(index, Optional.of(claim));
    }

    /**
     * Grants a reader the semaphore it asks for, even if another reader has it, and reserves it if nobody has.
     *
     * @throws IllegalArgumentException if there is none of that index
     * @throws IncompatibleException if it is damaged
     */
    public Reserved reserve(int index) {
        checkExists();
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("semaphore " + index + ": the stream has 0 to " + (count - 1));
        }
        if (!all[index].isValid()) {
            throw new IncompatibleException("semaphore " + index + " of the stream is damaged: wait on another, "
                    + "or by spin or an idle strategy");
        }
        return new Reserved(index, claims.tryClaim(index).claim());
    }

    private void checkExists() {
        if (count == 0) {
            throw new ShmException("the stream has no semaphores: wait by spin or an idle strategy");
        }
    }

    /**
     * A reader's semaphore, and its claim on it. Without a claim others may consume the tokens, so a reader must not rely
     * on being woken.
     */
    public static final class Reserved {
        /** No semaphore: other readers have claimed all. */
        private static final Reserved NONE = new Reserved(-1, Optional.empty());

        private final int index;
        private final Optional<SemaphoreClaims.Claim> claim;

        private Reserved(int index, Optional<SemaphoreClaims.Claim> claim) {
            this.index = index;
            this.claim = claim;
        }

        /** The index of the semaphore, -1 for none. */
        public int index() {
            return index;
        }

        /** Whether no other reader of ShmRT consumes its tokens. */
        public boolean isClaimed() {
            return claim.isPresent();
        }

        /** Lets another reader have the semaphore. Calling it twice is harmless. */
        public void release() {
            claim.ifPresent(SemaphoreClaims.Claim::close);
        }
    }
}
