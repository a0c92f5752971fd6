package org.shmrt.monitor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.shmrt.error.ShmException;
import org.shmrt.monitor.Reading.Activity;
import org.shmrt.monitor.Reading.Facts;
import org.shmrt.monitor.Reading.Users;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.MappedFile;
import org.shmrt.stream.engine.HeaderWords;
import org.shmrt.stream.engine.LiveWriter;
import org.shmrt.stream.engine.ProcessTraces;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.inspect.NetworkReplica;
import org.shmrt.text.FileNames;
import org.shmrt.text.Printable;

/** Reads the header of a stream through one mapping, which is replaced when the stream is created again. */
final class StreamProbe extends Probe {
    /** A write flag that remains set for this time without a new frame belongs to a writer that was killed or stopped. */
    private static final long STUCK_NS = 500_000_000L;

    /** Frame ids that differ by more than this for each frame are not frame ids. */
    private static final long MAX_ID_STEP = 1000;

    private static final double NS_PER_S = 1e9;
    private static final long NS_PER_MS = 1_000_000L;

    private final String name;
    private final Path path;
    private Optional<Opened> opened = Optional.empty();
    private String note = "";

    StreamProbe(String name, Path path) {
        this.name = name;
        this.path = path;
    }

    /** A mapped stream. */
    private static final class Opened {
        final Arena arena = Arena.ofConfined();
        final MappedFile file;
        final MemorySegment memory;
        final StreamLayout layout;
        final SemaphoreProbe semaphores;
        final FrameClock clock = new FrameClock();
        final long createdNs;
        long count;
        long acquiredNs;
        boolean flagged;
        long flaggedSinceNs;
        long flaggedCount;
        long firstCount;
        long firstId;
        long id;
        long writerPid;
        Optional<NetworkReplica> replica = Optional.empty();

        Opened(Path path) {
            Path target = FileId.resolveLinks(path);
            try {
                file = MappedFile.readOnly(target, arena);
                memory = file.segment();
                layout = StreamFormats.detect(target, memory);
                createdNs = layout.created().get(memory, 0);
                semaphores = new SemaphoreProbe(layout.semaphores(), memory);
                readHeader();
                firstCount = count;
                firstId = id;
                Faults.poll();
            } catch (ShmException | InternalError e) {
                arena.close();
                throw e;
            }
        }

        private int newestSlot() {
            int newest =
                    layout.lastWrittenOffset() < 0 ? 0 : HeaderWords.intAcquire(memory, layout.lastWrittenOffset());
            return Integer.compareUnsigned(newest, layout.depth()) >= 0 ? 0 : newest;
        }

        private boolean flag(int slot) {
            return HeaderWords.flagAcquire(memory, layout.headerOffset(slot) + layout.writeFlagOffset()) != 0;
        }

        private long count(int slot) {
            return HeaderWords.longAcquire(memory, layout.headerOffset(slot) + layout.cnt0Offset());
        }

        void readHeader() {
            int slot = newestSlot();
            count = count(slot);
            acquiredNs = layout.acquired().get(memory, layout.headerOffset(slot));
            id = HeaderWords.longPlain(memory, layout.headerOffset(slot) + layout.cnt2Offset());
            flagged = flag(slot) || flag(slot + 1 == layout.depth() ? 0 : slot + 1);
        }

        /** Records the newest frame if it is not being written now. */
        void recordFrame() {
            int slot = newestSlot();
            if (flag(slot)) {
                return;
            }
            long before = count(slot);
            long timeNs = layout.acquired().get(memory, layout.headerOffset(slot));
            VarHandle.acquireFence();
            if (!flag(slot) && count(slot) == before) {
                if (layout.depth() > 1) {
                    recordPrevious(slot, before, timeNs);
                } else {
                    clock.recordFrame(before, timeNs);
                }
            }
        }

        /** In a ring, the frame before the newest one is still there. */
        private void recordPrevious(int slot, long newest, long timeNs) {
            int previous = slot == 0 ? layout.depth() - 1 : slot - 1;
            long previousNs = layout.acquired().get(memory, layout.headerOffset(previous));
            if (count(previous) == newest - 1 && !flag(previous) && previousNs > 0 && newest != count) {
                clock.recordInterval(timeNs - previousNs);
            }
        }

        void close() {
            semaphores.close();
            arena.close();
        }
    }

    private void open() {
        try {
            opened = Optional.of(new Opened(path));
            note = "";
        } catch (ShmException e) {
            opened = Optional.empty();
            note = String.valueOf(e.getMessage());
        } catch (InternalError e) {
            lose();
        }
    }

    private void lose() {
        opened.ifPresent(Opened::close);
        opened = Optional.empty();
        note = FileNames.text(path) + " was truncated by another process while it was read";
    }

    @Override
    void poll(long nowNs) {
        if (opened.isEmpty()) {
            return;
        }
        try {
            Opened stream = opened.get();
            stream.recordFrame();
            stream.readHeader();
            Faults.poll();
            stream.clock.recordCount(stream.count, nowNs);
            if (!stream.flagged || stream.count != stream.flaggedCount) {
                stream.flaggedSinceNs = nowNs;
                stream.flaggedCount = stream.count;
            }
        } catch (InternalError e) {
            lose();
        }
    }

    @Override
    void refresh(Surroundings surroundings, long nowNs) {
        if (opened.isPresent() && !isSame(opened.get())) {
            opened.get().close();
            opened = Optional.empty();
        }
        if (opened.isEmpty()) {
            open();
            poll(nowNs);
        }
        opened.ifPresent(stream -> {
            stream.replica = replica(stream);
            stream.writerPid = surroundings.locks().ownerPid(stream.file.id());
            stream.semaphores.refresh();
        });
    }

    /** DAO's library creates a stream again in the same file. */
    private boolean isSame(Opened stream) {
        try {
            FileId now = FileId.ofOrNull(path);
            boolean same = now != null
                    && now.isSameFile(stream.file.id())
                    && now.byteSize() == stream.file.byteSize()
                    && stream.layout.created().get(stream.memory, 0) == stream.createdNs;
            Faults.poll();
            return same;
        } catch (InternalError e) {
            return false;
        }
    }

    @Override
    void burst() {
        try {
            opened.ifPresent(Opened::recordFrame);
            Faults.poll();
        } catch (InternalError e) {
            lose();
        }
    }

    @Override
    double burstRateHz(long nowNs) {
        return opened.map(
                        stream -> stream.layout.depth() > 1 || stream.acquiredNs == 0 ? 0 : stream.clock.rateHz(nowNs))
                .orElse(0.0);
    }

    @Override
    Reading reading(Surroundings surroundings, long nowNs) {
        if (opened.isPresent()) {
            try {
                return reading(opened.get(), surroundings, nowNs);
            } catch (InternalError e) {
                lose();
            }
        }
        return new Reading(
                new Facts(Kind.STREAM, name, path, "?", "", "", 0),
                Activity.none(State.UNREADABLE),
                Users.NONE,
                Printable.of(note));
    }

    private Reading reading(Opened stream, Surroundings surroundings, long nowNs) {
        StreamLayout layout = stream.layout;
        return new Reading(
                new Facts(
                        Kind.STREAM,
                        name,
                        path,
                        layout.format(),
                        layout.shape().toString(),
                        layout.type().toString(),
                        layout.fileBytes()),
                new Activity(
                        state(stream, nowNs),
                        OptionalLong.of(stream.count),
                        stream.clock.rateHz(nowNs),
                        stream.clock.jitterNs(),
                        ageSeconds(stream, nowNs),
                        lost(stream)),
                users(stream, surroundings),
                Printable.of(note(stream)));
    }

    private static String note(Opened stream) {
        return stream.layout.unreadableReason() == null
                ? stream.replica.map(NetworkReplica::text).orElse("")
                : stream.layout.unreadableReason();
    }

    /** Empty also if the file was truncated: the next poll reports that. */
    private static Optional<NetworkReplica> replica(Opened stream) {
        try {
            Optional<NetworkReplica> replica = NetworkReplica.read(stream.memory, stream.layout);
            Faults.poll();
            return replica;
        } catch (InternalError e) {
            return Optional.empty();
        }
    }

    private State state(Opened stream, long nowNs) {
        boolean stuck = stream.flagged && nowNs - stream.flaggedSinceNs > STUCK_NS && !LiveWriter.exists(path);
        return stuck ? State.DEAD : stream.clock.state(nowNs);
    }

    private static double ageSeconds(Opened stream, long nowNs) {
        if (stream.count == 0) {
            return Double.NaN;
        }
        long wallNs = stream.layout.clock().offsetNs() + System.currentTimeMillis() * NS_PER_MS;
        boolean stored = stream.acquiredNs > 0
                && (stream.acquiredNs >= wallNs || stream.layout.clock().isPlausible(stream.acquiredNs));
        if (stored) {
            return Math.max(0, wallNs - stream.acquiredNs) / NS_PER_S;
        }
        long seenNs = stream.clock.sinceArrivalNs(nowNs);
        return seenNs < 0 ? Double.NaN : seenNs / NS_PER_S;
    }

    /**
     * Frames that the owner of a replica dropped, else ids of the source that were passed over since the stream was
     * opened; empty if the stream has no such ids.
     */
    private static OptionalLong lost(Opened stream) {
        if (stream.replica.isPresent()) {
            return OptionalLong.of(stream.replica.get().dropped());
        }
        long frames = stream.count - stream.firstCount;
        long ids = stream.id - stream.firstId;
        boolean areIds = frames > 0 && ids >= frames && ids / MAX_ID_STEP <= frames;
        return areIds ? OptionalLong.of(ids - frames) : OptionalLong.empty();
    }

    private static Users users(Opened stream, Surroundings surroundings) {
        ProcessNames names = surroundings.names();
        List<SemaphoreReading> semaphores = stream.semaphores.read(
                names,
                surroundings
                        .claims()
                        .of(stream.file.id(), stream.layout.semaphores().count()));
        Set<ProcessRef> writers = new LinkedHashSet<>();
        if (stream.writerPid != 0) {
            writers.add(names.of(stream.writerPid));
        }
        Set<ProcessRef> readers = new LinkedHashSet<>();
        for (SemaphoreReading semaphore : semaphores) {
            semaphore.writer().filter(StreamProbe::isHere).ifPresent(writers::add);
            semaphore.reader().filter(StreamProbe::isHere).ifPresent(readers::add);
        }
        List<ProcessRef> trace = new ArrayList<>();
        ProcessTraces.read(stream.memory, stream.layout.traces()).forEach(step -> trace.add(names.of(step.pid())));
        Faults.poll();
        return new Users(
                List.copyOf(writers),
                List.copyOf(readers),
                semaphores,
                trace,
                surroundings.users().of(stream.file.id()));
    }

    /** The tables keep the ids of processes that have ended. */
    private static boolean isHere(ProcessRef process) {
        return !process.name().isEmpty();
    }

    @Override
    public void close() {
        opened.ifPresent(Opened::close);
        opened = Optional.empty();
    }
}
