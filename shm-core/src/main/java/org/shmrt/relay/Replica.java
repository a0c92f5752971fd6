package org.shmrt.relay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.Optional;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.engine.EngineAccess;
import org.shmrt.stream.engine.FileState;
import org.shmrt.stream.engine.MappedStream;
import org.shmrt.stream.engine.WriterLock;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.NetworkReplica;
import org.shmrt.text.FileNames;

/**
 * The local copy of a stream of another machine: type, shape, counts, ids, times and keywords of the source, and the six
 * {@link NetKeywords}. For one thread. A frame allocates nothing.
 *
 * <p>A frame is received straight into the memory of the next slot. A stream of depth 1, and so every milk stream, has no
 * next slot: there it is received in a buffer and copied when it is complete, so that readers can read the newest frame
 * meanwhile.
 *
 * <p>The file remains when the link is lost and when this program ends, and the next replica of the same source
 * continues with it. So a local reader that has opened it goes on when the link is back. It is replaced by a new file
 * only if type, shape, format or number of slots or keywords change.
 *
 * <p>Account: between two frames of one sequence, the count shows how many are missing. They are lost if the link was
 * interrupted in between, or if every frame was asked for; else they are skipped. So frames of the source = frames +
 * skipped + lost, from the first frame on.
 *
 * <p>Frames that other programs write into the replica are collected for the owner of the stream, if the settings ask for
 * it: see {@link LocalWrites}.
 */
public final class Replica implements AutoCloseable {
    private static final long CHECK_NS = 500_000_000L;

    private final ReplicaSettings settings;
    private final StatusRow row;
    private final Optional<LocalWrites> localWrites;
    private StreamDescription description;
    private ImageStream stream;
    private MappedStream mapped;
    /** Keeps a second replica and other writers out. */
    private WriterLock lock;

    private FrameWriter writer;
    private NetKeywords keywords;
    private MemorySegment buffer = MemorySegment.NULL;
    private boolean isInPlace;
    private boolean isClaimed;
    private long clockOffsetNs;
    private long nextCheckNs;

    private boolean hasLast;
    private long lastCount;
    /** The last frame was published in the file that is open, not in one that was removed. */
    private boolean isLastInFile;

    private long lastInstance;
    private boolean isAfterBreak;

    /** Prepares a replica. Nothing is created before the first description. */
    public Replica(ReplicaSettings settings, StatusRow row) {
        this.settings = settings;
        this.row = row;
        this.localWrites = settings.writeBack() == ReplicaSettings.WriteBack.TO_OWNER
                ? Optional.of(new LocalWrites(settings.delivery(), row))
                : Optional.empty();
    }

    /** What other programs write into the replica; empty if it is not sent to the owner. */
    public Optional<LocalWrites> localWrites() {
        return localWrites;
    }

    /**
     * Creates the local stream as described, or continues with the one that exists.
     *
     * @throws AlreadyExistsException if there is a stream of that path that is not a replica of the same machine
     * @throws ShmException if it cannot be created
     */
    public void describe(StreamDescription next) {
        if (stream == null || mapped.fileState() != FileState.SAME || !fits(stream, next)) {
            replaceStream(next);
        }
        if (hasLast && next.instance() != lastInstance) {
            row.add(RowCounter.RESTARTS, 1);
            hasLast = false;
        }
        lastInstance = next.instance();
        description = next;
        keywords.describe(next.keywords());
    }

    private void replaceStream(StreamDescription next) {
        closeStream();
        ImageStream opened = openExisting(next);
        boolean isNew = opened == null;
        if (isNew) {
            opened = ImageStream.create(settings.path(), spec(next));
        }
        boolean used = false;
        try {
            use(opened, next, isNew);
            Faults.poll();
            used = true;
        } catch (InternalError e) {
            throw EngineAccess.mapped(opened).fault(e, "opened");
        } finally {
            if (!used) {
                stream = opened;
                closeStream();
            }
        }
    }

    private void use(ImageStream opened, StreamDescription next, boolean isNew) {
        lock = WriterLock.exclusive(EngineAccess.mapped(opened));
        writer = opened.writerToOwner();
        if (localWrites.isEmpty()) {
            // A local writer would write into the slot into which a frame is received, and no owner would get its
            // frame.
            lock.refuseWritersToOwner(EngineAccess.mapped(opened));
        }
        if (!isNew && !hasLast) {
            resume(opened, next);
        }
        isLastInFile = !isNew && hasLast && opened.status().cnt0() == lastCount;
        stream = opened;
        mapped = EngineAccess.mapped(stream);
        keywords = new NetKeywords(stream, settings.owner());
        clockOffsetNs = stream.layout().clock().offsetNs();
        // A local writer claims the slot into which a frame would be received.
        isInPlace = stream.layout().depth() > 1 && localWrites.isEmpty();
        buffer = isInPlace
                ? MemorySegment.NULL
                : Arena.ofAuto().allocate(stream.layout().frameBytes(), 64);
        nextCheckNs = System.nanoTime() + CHECK_NS;
        mapped.prepareStateChecks();
        if (localWrites.isPresent()) {
            localWrites.get().attach(stream);
        }
    }

    /** Continues the account of a former replica, unless the source was re-created after its last frame. */
    private void resume(ImageStream former, StreamDescription next) {
        long count = former.status().cnt0();
        if (count != 0 && sourceTimeNs(former) >= next.instance()) {
            hasLast = true;
            lastCount = count;
            lastInstance = next.instance();
            isAfterBreak = true;
        }
    }

    private static long sourceTimeNs(ImageStream former) {
        return NetKeywords.of(former).map(NetworkReplica::sourceTimeNs).orElse(0L);
    }

    /** The stream that exists if it fits; null if a new one has to be created. */
    private ImageStream openExisting(StreamDescription next) {
        ImageStream existing;
        try {
            existing = ImageStream.open(settings.path());
        } catch (NotFoundException e) {
            return null;
        } catch (IncompatibleException e) {
            if (settings.existing() == ReplicaSettings.Existing.REPLACE) {
                return null;
            }
            throw new AlreadyExistsException(
                    "cannot create the replica " + FileNames.text(settings.path())
                            + ": there is a file that is not a stream (" + e.getMessage()
                            + "); use another local name, or --force to replace it",
                    e);
        }
        boolean fits = false;
        try {
            boolean isOurs = NetKeywords.isReplicaOf(existing, settings.owner());
            if (!isOurs && settings.existing() == ReplicaSettings.Existing.KEEP) {
                throw new AlreadyExistsException("cannot create the replica " + FileNames.text(settings.path())
                        + ": there is a stream that is not a replica of a stream of " + settings.owner()
                        + "; use another local name, or --force to replace it");
            }
            fits = isOurs && fits(existing, next);
            return fits ? existing : null;
        } finally {
            if (!fits) {
                existing.close();
            }
        }
    }

    private boolean fits(ImageStream existing, StreamDescription next) {
        // A vector of n may be stored as n x 1.
        return existing.type() == next.type()
                && existing.shape().squeezed().equals(next.shape().squeezed())
                && existing.layout().format().equals(next.format())
                && existing.layout().depth() == spec(next).depth()
                && existing.keywordTable().capacity() == next.keywordCapacity() + NetKeywords.COUNT;
    }

    private StreamSpec spec(StreamDescription next) {
        StreamSpec spec = StreamSpec.of(next.format(), next.type(), next.shape())
                .withKeywords(next.keywordCapacity() + NetKeywords.COUNT)
                .withPermissions(settings.permissions());
        spec = StreamFormat.named(next.format()).keeping(spec, settings.depth().orElse(next.depth()));
        return Files.exists(settings.path()) ? spec.replacingExisting() : spec;
    }

    /**
     * Prepares to receive a frame.
     *
     * @return memory of the size of one frame, valid until {@link #publish} or {@link #discard}
     * @throws IncompatibleException if there was no description, or the local file was removed, replaced or truncated
     */
    public MemorySegment begin() {
        if (stream == null) {
            throw new IncompatibleException(
                    FileNames.text(settings.path()) + ": a frame arrived before the description of its stream");
        }
        checkFile();
        if (!isInPlace) {
            return buffer;
        }
        MemorySegment target = writer.claim();
        isClaimed = true;
        return target;
    }

    private void checkFile() {
        long nowNs = System.nanoTime();
        if (nowNs - nextCheckNs < 0) {
            return;
        }
        nextCheckNs = nowNs + CHECK_NS;
        if (mapped.fileState() != FileState.SAME) {
            throw new IncompatibleException(
                    "the replica " + FileNames.text(settings.path()) + " was removed or replaced; it is created again");
        }
    }

    /** Size of a frame, bytes; 0 before the first description. */
    public long frameBytes() {
        return stream == null ? 0 : stream.layout().frameBytes();
    }

    /**
     * Publishes the frame that was received, unless it was published before: the last one is repeated after each connection,
     * and for each machine that joins a group.
     */
    public void publish(FrameFields fields) {
        if (localWrites.isEmpty()) {
            publishNew(fields);
            return;
        }
        if (isRepeated(fields)) {
            return;
        }
        LocalWrites local = localWrites.get();
        local.beginPublication();
        try {
            if (fields.writer() != 0 && local.isShown(fields.count())) {
                confirm(fields);
                return;
            }
            if (local.isNewest(fields.count())) {
                publishNew(fields);
            } else {
                publishNow(fields);
            }
            local.published(fields.count());
        } finally {
            local.endPublication();
        }
    }

    /** Whether it is repeated for another member of the group. A local frame may have replaced it here. */
    private boolean isRepeated(FrameFields fields) {
        return !isAfterBreak && isLast(fields) && isLastInFile;
    }

    private boolean isLast(FrameFields fields) {
        return hasLast && fields.count() == lastCount;
    }

    private void publishNew(FrameFields fields) {
        if (isLast(fields) && isLastInFile) {
            isAfterBreak = false;
            discard();
            keywords.linkFound();
        } else {
            publishNow(fields);
        }
    }

    private void publishNow(FrameFields fields) {
        boolean isCounted = isLast(fields);
        account(fields.count());
        if (!isInPlace) {
            copyBuffer();
        }
        long acquiredNs = fields.acquiredNs();
        long ageNs = ageNs(acquiredNs);
        keywords.frame(fields, ageNs);
        writer.frameId(fields.frameId());
        isClaimed = false;
        writer.publishAs(fields.count(), acquiredNs == 0 ? 0 : acquiredNs + clockOffsetNs);
        isLastInFile = true;
        if (!isCounted) {
            count(fields, ageNs);
        }
    }

    /** A local frame has come back from the source, and is in the replica already. */
    private void confirm(FrameFields fields) {
        account(fields.count());
        long ageNs = ageNs(fields.acquiredNs());
        keywords.frame(fields, ageNs);
        count(fields, ageNs);
    }

    private static long ageNs(long acquiredNs) {
        return acquiredNs == 0 ? 0 : Clocks.realtimeNs() - acquiredNs;
    }

    private void count(FrameFields fields, long ageNs) {
        row.add(RowCounter.FRAMES, 1);
        row.add(RowCounter.BYTES, stream.layout().frameBytes());
        row.set(RowCounter.SOURCE_COUNT, fields.count());
        row.set(RowCounter.AGE_NS, ageNs);
    }

    /** The exception for an access fault in the memory of {@link #begin}: truncated, or sparse on a full file system. */
    public ShmException fault(InternalError e) {
        return stream == null
                ? new IncompatibleException(
                        "the replica " + FileNames.text(settings.path())
                                + " was truncated by another process while it was opened",
                        e)
                : mapped.fault(e, "written");
    }

    private void copyBuffer() {
        localWrites.ifPresent(LocalWrites::awaitLocalFrame);
        MemorySegment target = writer.claim();
        isClaimed = true;
        try {
            GuardedCopy.copy(buffer, 0, target, 0, buffer.byteSize());
            Faults.poll();
        } catch (InternalError e) {
            throw mapped.truncated(e);
        }
    }

    private void account(long count) {
        if (hasLast && count != lastCount) {
            long missing = count - lastCount - 1;
            if (Long.compareUnsigned(count, lastCount) < 0) {
                row.add(RowCounter.RESTARTS, 1);
            } else if (isAfterBreak || settings.delivery() == Delivery.EVERY) {
                row.add(RowCounter.LOST, missing);
            } else {
                row.add(RowCounter.SKIPPED, missing);
            }
        }
        hasLast = true;
        isAfterBreak = false;
        lastCount = count;
    }

    /** Gives up the frame that was being received. */
    public void discard() {
        if (isClaimed) {
            isClaimed = false;
            writer.abort();
        }
    }

    /** The link was interrupted: frames that are missing from now on are lost. */
    public void linkLost() {
        isAfterBreak = true;
        if (stream == null) {
            return;
        }
        try {
            discard();
            keywords.linkLost();
            if (mapped.fileState() != FileState.SAME) {
                closeStream();
            }
        } catch (RuntimeException | InternalError e) {
            closeStream();
        }
    }

    /** The description of the source that came last; null before the first. */
    public StreamDescription description() {
        return description;
    }

    private void closeStream() {
        isClaimed = false;
        if (stream != null) {
            if (localWrites.isPresent()) {
                localWrites.get().detach();
            }
            ImageStream closing = stream;
            stream = null;
            try {
                closing.close();
            } finally {
                unlock();
            }
        }
        unlock();
    }

    private void unlock() {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }

    /** Closes the local stream, which remains. */
    @Override
    public void close() {
        linkLost();
        closeStream();
    }
}
