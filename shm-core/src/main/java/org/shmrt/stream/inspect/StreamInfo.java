package org.shmrt.stream.inspect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.LockTable;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.engine.ProcessTraces;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.ProcessTrace;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.table.SharedKeywordTable;

/**
 * Everything a stream's file and semaphores say, for reports. Taken without native access and without changing
 * anything; costs some tens of microseconds.
 *
 * @param path the path given
 * @param target the file it leads to, if it is a link, else the same
 * @param layout what does not change
 * @param status what the header said
 * @param keywords those in use
 * @param semaphores state of each data semaphore, null for one that is missing
 * @param traces processes that led to the newest frame
 * @param packets how the newest frame came in packets, or null
 * @param inode inode number of the file
 * @param writerPid ShmRT's writer of the stream, 0 if none is known
 */
public record StreamInfo(
        Path path,
        Path target,
        StreamLayout layout,
        StreamStatus status,
        List<Keyword> keywords,
        List<SemaphoreState> semaphores,
        List<ProcessTrace> traces,
        PacketStatus packets,
        long inode,
        long writerPid) {

    /** What to say of a flag that stays up although nobody is known to write. */
    static final String STUCK_FLAG = "a write flag is up and no ShmRT writer is at work: a writer may have died in the "
            + "middle of a frame; the next frame written clears it";

    /** More than the 37 s that atomic time is ahead, on a machine that has not been told of them. */
    private static final long AHEAD_NS = 60_000_000_000L;

    private static final int FLAG_LOOKS = 20;
    private static final long FLAG_LOOK_NS = 1_000_000L;

    /**
     * Looks at a stream.
     *
     * @param path its file, or a link to it
     * @return what it says
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws IncompatibleException if it is no sound stream
     */
    public static StreamInfo of(Path path) {
        return of(path, LockTable.read());
    }

    /**
     * Looks at one of many streams.
     *
     * @param path its file, or a link to it
     * @param locks who writes what, read once for all of them
     * @return what it says
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws IncompatibleException if it is no sound stream
     */
    static StreamInfo of(Path path, LockTable locks) {
        Path target = FileId.resolveLinks(path);
        // A confined arena closes without stopping other threads, which tells in a directory of thousands.
        try (Arena arena = Arena.ofConfined()) {
            MappedFile region = MappedFile.readOnly(target, arena);
            StreamLayout layout = StreamFormats.detect(target, region.segment());
            StreamStatus status = settledStatus(region.segment(), layout);
            List<Keyword> keywords = SharedKeywordTable.read(region.segment(), layout.keywords());
            List<SemaphoreState> semaphores = semaphores(region.segment(), layout.semaphores());
            List<ProcessTrace> traces = ProcessTraces.read(region.segment(), layout.traces());
            PacketStatus packets = PacketStatus.of(region.segment(), layout, status.newestSlot())
                    .orElse(null);
            Faults.poll();
            return new StreamInfo(
                    path,
                    target,
                    layout,
                    status,
                    keywords,
                    semaphores,
                    traces,
                    packets,
                    region.id().inode(),
                    locks.ownerPid(region.id()));
        } catch (InternalError e) {
            throw new IncompatibleException(path + " was cut off by another process while it was read", e);
        }
    }

    private static List<SemaphoreState> semaphores(MemorySegment file, SemaphoreLayout layout) {
        List<SemaphoreState> states = new ArrayList<>();
        for (String name : layout.names()) {
            states.add(SemaphoreReader.named(name));
        }
        for (int i = 0; layout.isInFile() && i < layout.count(); i++) {
            long at = layout.offset() + (long) i * Semaphore.BYTES;
            int owner = file.get(ValueLayout.JAVA_INT, layout.readerPidOffset() + 4L * i);
            int poster = file.get(ValueLayout.JAVA_INT, layout.writerPidOffset() + 4L * i);
            states.add(SemaphoreReader.in(file, at, owner, poster));
        }
        return states;
    }

    private static StreamStatus settledStatus(MemorySegment file, StreamLayout layout) {
        return settledStatus(() -> StreamStatus.of(file, layout));
    }

    /** The status, taken once more if a frame was just being written: a flag that stays up is news. */
    static StreamStatus settledStatus(Supplier<StreamStatus> look) {
        StreamStatus status = look.get();
        for (int i = 0; status.writing() && i < FLAG_LOOKS; i++) {
            LockSupport.parkNanos(FLAG_LOOK_NS);
            status = look.get();
        }
        return status;
    }

    /**
     * How long ago the newest frame was acquired, by the wall clock.
     *
     * @return seconds, or NaN if there is no frame or it bears no time
     */
    public double ageSeconds() {
        return ageSeconds(layout, status);
    }

    static double ageSeconds(StreamLayout layout, StreamStatus status) {
        if (status.cnt0() == 0 || status.acquiredNs() == 0) {
            return Double.NaN;
        }
        // On the clock of the format: with the kernel's offset set, TAI is 37 s ahead of the wall clock.
        long nowNs = layout.clock().offsetNs() + System.currentTimeMillis() * 1_000_000L;
        return Math.max(0, nowNs - status.acquiredNs()) / 1e9;
    }

    /**
     * What is wrong or odd, in sentences a user can act on.
     *
     * @return empty if all is well
     */
    public List<String> findings() {
        List<String> findings = new ArrayList<>(layout.findings());
        if (layout.unreadableReason() != null) {
            findings.add("cannot be opened: " + layout.unreadableReason());
        } else if (layout.readOnlyReason() != null) {
            findings.add(readOnly(layout));
        }
        if (status.writing() && writerPid == 0) {
            findings.add(STUCK_FLAG);
        }
        addIfAhead(findings, layout, status);
        List<Integer> missing = new ArrayList<>();
        for (int i = 0; i < semaphores.size(); i++) {
            SemaphoreState state = semaphores.get(i);
            if (state == null) {
                missing.add(i);
            } else if (!state.valid()) {
                findings.add("semaphore " + i + " is damaged: ShmRT leaves it alone, and a C program that uses it may "
                        + "end or hang");
            } else if (Integer.compareUnsigned(
                            state.value(), layout.semaphores().cap())
                    > 0) {
                findings.add("semaphore " + i + " has value " + Integer.toUnsignedString(state.value())
                        + ", above the cap of " + layout.semaphores().cap());
            }
        }
        List<String> extraneous = StreamFormats.named(layout.format()).extraneousSemaphores(target, layout);
        if (!extraneous.isEmpty() && SemaphoreReader.named(extraneous.getFirst()) != null) {
            findings.add("there is a semaphore " + extraneous.getFirst() + " beyond the stream's " + semaphores.size()
                    + ": programs of the format open it too and write past their table; remove /dev/shm/sem."
                    + extraneous.getFirst());
        }
        if (status.storedInode() != 0 && status.storedInode() != inode) {
            findings.add(copied(status.storedInode(), inode));
        }
        if (!missing.isEmpty()) {
            findings.add(missing(missing));
        }
        return findings;
    }

    /** An age cannot be told of a frame that is yet to come. */
    static void addIfAhead(List<String> findings, StreamLayout layout, StreamStatus status) {
        long nowNs = layout.clock().offsetNs() + System.currentTimeMillis() * 1_000_000L;
        if (status.cnt0() != 0 && status.acquiredNs() > nowNs && status.acquiredNs() - nowNs > AHEAD_NS) {
            findings.add("the newest frame is of a time " + (status.acquiredNs() - nowNs) / 1_000_000_000L
                    + " s ahead of this machine's clock: the clock was set back since, or the writer's runs ahead");
        }
    }

    static String readOnly(StreamLayout layout) {
        return "can only be read: " + layout.readOnlyReason();
    }

    static String copied(long storedInode, long inode) {
        return "the header bears the number of another file (inode " + storedInode + ", this is " + inode
                + "): it is a copy, and pyMilk opens it anew for every frame";
    }

    static String missing(List<Integer> semaphores) {
        return "semaphores " + semaphores + " are missing; opening the stream for writing makes them";
    }
}
