package org.shmrt.stream.inspect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.IoErrors;
import org.shmrt.posix.LockTable;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.engine.ClaimHolders;
import org.shmrt.stream.engine.NamesakeStreams;
import org.shmrt.stream.engine.ProcessTraces;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.ProcessTrace;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.inspect.StreamProblem.Kind;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.table.SharedKeywordTable;
import org.shmrt.text.FileNames;

/**
 * A complete report on a stream: its file, semaphores and processes. Created without native access and without changing
 * anything, in some tens of microseconds; {@link #of(Path)} takes some milliseconds more for a stream with named
 * semaphores, because it examines the other processes. Immutable.
 *
 * @param path the given path
 * @param target the file to which it leads if it is a link, else the same path
 * @param layout the layout, which does not change
 * @param status the header fields that change with each frame
 * @param keywords the keywords in use
 * @param semaphores state of each data semaphore, null for a missing one
 * @param traces processes that led to the newest frame
 * @param packets packets of the newest frame, null if it was not written in packets
 * @param inode inode number of the file
 * @param writerPid ShmRT's writer of the stream, 0 if none is known
 * @param removedSemaphores pids of processes that use named semaphores that were removed and created again since, with
 *     their indexes; empty if {@link StreamInspector} made the report
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
        long writerPid,
        Map<Long, List<Integer>> removedSemaphores) {

    /** The warning for a flag that remains set although no writer is known. */
    static final String STUCK_FLAG =
            "a write flag is set and there is no ShmRT writer: a writer may have died in the middle "
                    + "of a frame; the next frame written clears it";

    private static final int FLAG_RETRIES = 20;
    private static final long FLAG_RETRY_NS = 1_000_000L;

    /**
     * Reads a stream.
     *
     * @param path its file, or a link to it
     * @return the report
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws IncompatibleException if it is not a valid stream
     */
    public static StreamInfo of(Path path) {
        LockTable locks = LockTable.read();
        StreamInfo info = of(path, locks, ClaimHolders.find(locks));
        return new StreamInfo(
                info.path,
                info.target,
                info.layout,
                info.status,
                info.keywords,
                info.semaphores,
                info.traces,
                info.packets,
                info.inode,
                info.writerPid,
                RemovedSemaphores.of(info.layout.semaphores(), info.target));
    }

    /**
     * Reads one of many streams.
     *
     * @param path its file, or a link to it
     * @param locks the kernel's table of locks, read once for all streams
     * @param claims who had claimed which semaphores, the same
     * @return the report
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws IncompatibleException if it is not a valid stream
     */
    static StreamInfo of(Path path, LockTable locks, ClaimHolders claims) {
        Path target = FileId.resolveLinks(path);
        // A confined arena closes without stopping other threads, which matters in a directory with thousands of files.
        try (Arena arena = Arena.ofConfined()) {
            return of(path, target, MappedFile.readOnly(target, arena), locks, claims);
        }
    }

    private static StreamInfo of(Path path, Path target, MappedFile region, LockTable locks, ClaimHolders claims) {
        try {
            StreamLayout layout = StreamFormats.detect(target, region.segment());
            StreamStatus status = stableStatus(region.segment(), layout);
            List<Keyword> keywords = SharedKeywordTable.read(region.segment(), layout.keywords());
            List<SemaphoreState> semaphores = withClaims(
                    semaphores(region.segment(), layout.semaphores()),
                    claims.of(region.id(), layout.semaphores().count()));
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
                    locks.ownerPid(region.id()),
                    Map.of());
        } catch (InternalError e) {
            throw IoErrors.accessFault(
                    path, region.id(), FileNames.text(path) + " was truncated by another process while it was read", e);
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

    private static List<SemaphoreState> withClaims(List<SemaphoreState> states, Map<Integer, Long> holders) {
        holders.forEach((index, pid) -> {
            if (states.get(index) != null) {
                states.set(index, states.get(index).claimedBy(pid));
            }
        });
        return states;
    }

    private static StreamStatus stableStatus(MemorySegment file, StreamLayout layout) {
        return stableStatus(() -> StreamStatus.of(file, layout));
    }

    /** Reads the status, and repeats this while a frame is being written: only a flag that remains set is reported. */
    static StreamStatus stableStatus(Supplier<StreamStatus> reading) {
        StreamStatus status = reading.get();
        for (int i = 0; status.writing() && i < FLAG_RETRIES; i++) {
            LockSupport.parkNanos(FLAG_RETRY_NS);
            status = reading.get();
        }
        return status;
    }

    /**
     * What the stream says about itself if it is a replica of a stream on another machine.
     *
     * @return the replica; empty if the stream is none
     */
    public Optional<NetworkReplica> replica() {
        return NetworkReplica.isPossible(layout) ? NetworkReplica.of(keywords) : Optional.empty();
    }

    /**
     * How long ago the newest frame was acquired, by the wall clock.
     *
     * @return seconds, 0 if its time is in the future; NaN if there is no frame, or its time is missing or before 2000
     */
    public double ageSeconds() {
        return ageSeconds(layout, status);
    }

    static double ageSeconds(StreamLayout layout, StreamStatus status) {
        if (status.cnt0() == 0 || status.acquiredNs() == 0) {
            return Double.NaN;
        }
        // On the clock of the format: TAI is 37 s ahead of the wall clock if the offset is configured in the kernel.
        long nowNs = layout.clock().offsetNs() + System.currentTimeMillis() * 1_000_000L;
        if (status.acquiredNs() < nowNs && !layout.clock().isPlausible(status.acquiredNs())) {
            return Double.NaN;
        }
        return Math.max(0, nowNs - status.acquiredNs()) / 1e9;
    }

    /**
     * Warnings about the stream, which say what a user can do.
     *
     * @return one text for each, empty if there are none
     */
    public List<String> warnings() {
        return problems().stream().map(StreamProblem::text).toList();
    }

    /**
     * The warnings with their kinds, for programs.
     *
     * @return one entry for each, empty if there are none
     */
    public List<StreamProblem> problems() {
        List<StreamProblem> problems = new ArrayList<>();
        layout.warnings().forEach(warning -> problems.add(new StreamProblem(Kind.LAYOUT, warning)));
        if (layout.unreadableReason() != null) {
            problems.add(new StreamProblem(Kind.UNREADABLE, unreadable(layout)));
        } else if (layout.readOnlyReason() != null) {
            problems.add(new StreamProblem(Kind.READ_ONLY, readOnly(layout)));
        }
        replica()
                .filter(replica -> !replica.connected())
                .ifPresent(replica -> problems.add(new StreamProblem(Kind.LAYOUT, disconnected(replica))));
        if (status.writing() && writerPid == 0) {
            problems.add(new StreamProblem(Kind.STALE_FLAG, STUCK_FLAG));
        }
        implausibleTime(layout, status).ifPresent(text -> problems.add(new StreamProblem(Kind.IMPLAUSIBLE_TIME, text)));
        List<Integer> missing = new ArrayList<>();
        for (int i = 0; i < semaphores.size(); i++) {
            SemaphoreState state = semaphores.get(i);
            if (state == null) {
                missing.add(i);
            } else {
                addSemaphoreProblem(problems, i, state);
            }
        }
        addExtraneous(problems);
        if (status.storedInode() != 0 && status.storedInode() != inode) {
            problems.add(new StreamProblem(Kind.COPIED, copied(status.storedInode(), inode)));
        }
        addRemoved(problems);
        if (!missing.isEmpty()) {
            problems.add(new StreamProblem(Kind.MISSING_SEMAPHORES, missing(missing)));
        }
        return problems;
    }

    private void addExtraneous(List<StreamProblem> problems) {
        List<String> extraneous = StreamFormats.named(layout.format()).extraneousSemaphores(target, layout);
        if (extraneous.isEmpty() || SemaphoreReader.named(extraneous.getFirst()) == null) {
            return;
        }
        Optional<String> namesake = NamesakeStreams.otherCount(target, layout);
        if (namesake.isPresent()) {
            problems.add(new StreamProblem(Kind.SHARED_SEMAPHORES, namesake.get()));
            return;
        }
        problems.add(new StreamProblem(
                Kind.EXTRANEOUS_SEMAPHORE,
                "there is a semaphore " + extraneous.getFirst() + " beyond the stream's " + semaphores.size()
                        + ": programs of the format open it too and write beyond their table; remove /dev/shm/sem."
                        + extraneous.getFirst()));
    }

    private void addSemaphoreProblem(List<StreamProblem> problems, int index, SemaphoreState state) {
        int cap = layout.semaphores().cap();
        if (!state.valid()) {
            problems.add(new StreamProblem(
                    Kind.DAMAGED_SEMAPHORE,
                    "semaphore " + index + " is damaged: ShmRT does not use it, and a C program that uses it may "
                            + "exit or hang"));
        } else if (Integer.compareUnsigned(state.value(), cap) > 0) {
            problems.add(new StreamProblem(
                    Kind.SEMAPHORE_ABOVE_CAP,
                    "semaphore " + index + " has value " + Integer.toUnsignedString(state.value())
                            + ", above the cap of " + cap));
        }
    }

    /** A warning if the newest frame has a time that cannot be that of a frame. */
    static Optional<String> implausibleTime(StreamLayout layout, StreamStatus status) {
        return status.cnt0() == 0 || status.acquiredNs() == 0
                ? Optional.empty()
                : layout.clock().implausible(status.acquiredNs()).map(fault -> "the time of the newest frame " + fault);
    }

    private void addRemoved(List<StreamProblem> problems) {
        removedSemaphores.forEach((pid, indexes) -> problems.add(new StreamProblem(
                Kind.REMOVED_SEMAPHORES,
                "process " + pid + " uses semaphores " + indexes
                        + " that were removed, by systemd's RemoveIPC or a clean-up for example: it does not wake"
                        + " programs that open the stream now, and they do not wake it. ShmRT's writers and"
                        + " waiting readers open the new ones within seconds; restart any other program")));
    }

    static String disconnected(NetworkReplica replica) {
        return "the relay or network service is not connected to " + replica.owner()
                + ", which has the stream: the newest frame remains until it is; check shm relay status, or for"
                + " DAO's service daoShmNet.py status";
    }

    static String unreadable(StreamLayout layout) {
        return "cannot be opened: " + layout.unreadableReason();
    }

    static String readOnly(StreamLayout layout) {
        return "can only be read: " + layout.readOnlyReason();
    }

    static String copied(long storedInode, long inode) {
        return "the header has the inode number of another file (" + storedInode + ", this is " + inode
                + "): it is a copy, and pyMilk opens it again for every frame";
    }

    static String missing(List<Integer> semaphores) {
        return "semaphores " + semaphores + " are missing; opening the stream for writing creates them";
    }
}
