package org.shmrt.relay;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.error.ShmException;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.engine.EngineAccess;

/**
 * Reads one stream for one subscriber: its description, then its frames, and a new description whenever its keywords
 * change or it is re-created. Opens it read-only unless it waits on a semaphore. For one thread. Does not allocate for a
 * frame.
 */
public final class SourceFeed implements AutoCloseable {
    /** What {@link #next} found. */
    public enum Event {
        /** A new {@link #description()}, to be sent before the next frame. */
        DESCRIPTION,
        /** A frame: {@link #frame()} or {@link #copyTo}, then {@link #fields}. */
        FRAME,
        /** No frame in time. */
        NOTHING,
        /** There is no stream at present, for the {@link #reason()}. It may come back. */
        GONE
    }

    /** How often the keywords are compared, and a missing stream is looked for. */
    private static final long CHECK_NS = 100_000_000L;
    /** A writer that died within a frame is followed by another one, sooner or later. */
    private static final long STALE_PAUSE_NS = 10_000_000L;

    private final String name;
    private final Path path;
    private final Delivery delivery;
    private final SourceWait wait;
    private ImageStream stream;
    private FrameReader reader;
    private KeywordWatch keywords;
    private StreamDescription description;
    private String reason = "";
    private long clockOffsetNs;
    private long nextCheckNs;
    private boolean hasStarted;
    private boolean hasPendingFrame;
    private boolean hasFrame;
    private long skipped;

    /**
     * Prepares to read. Nothing is opened yet.
     *
     * @param name what the stream is called on other machines
     * @param path its file
     */
    public SourceFeed(String name, Path path, Delivery delivery, SourceWait wait) {
        this.name = name;
        this.path = path;
        this.delivery = delivery;
        this.wait = wait;
    }

    /** Waits for the next event. */
    public Event next(long timeoutNs) {
        if (stream == null) {
            return open(timeoutNs);
        }
        if (hasPendingFrame) {
            hasPendingFrame = false;
            return Event.FRAME;
        }
        Verdict verdict = await(timeoutNs);
        if (verdict.hasFrame()) {
            hasFrame = true;
            skipped += reader.lost();
            return haveKeywordsChanged() ? describeBeforeFrame() : Event.FRAME;
        }
        switch (verdict) {
            case STALE_WRITER -> LockSupport.parkNanos(Math.min(timeoutNs, STALE_PAUSE_NS));
            case RECREATED, REMOVED, CLOSED -> {
                close();
                return open(timeoutNs);
            }
            default -> {
                // no frame in time
            }
        }
        if (haveKeywordsChanged()) {
            describe();
            return Event.DESCRIPTION;
        }
        return Event.NOTHING;
    }

    private Verdict await(long timeoutNs) {
        if (!hasStarted) {
            hasStarted = true;
            // The newest frame may be old, and is the present state all the same.
            if (stream.status().cnt0() != 0) {
                Verdict newest = reader.newest();
                if (newest.hasFrame()) {
                    return newest;
                }
            }
        }
        return delivery == Delivery.NEWEST ? reader.awaitNewest(timeoutNs) : reader.awaitNext(timeoutNs);
    }

    private boolean haveKeywordsChanged() {
        long nowNs = System.nanoTime();
        if (nowNs - nextCheckNs < 0) {
            return false;
        }
        nextCheckNs = nowNs + CHECK_NS;
        try {
            return keywords.hasChanged();
        } catch (InternalError e) {
            return false; // truncated: the next wait reports it
        }
    }

    private Event describeBeforeFrame() {
        describe();
        hasPendingFrame = true;
        return Event.DESCRIPTION;
    }

    private Event open(long timeoutNs) {
        ImageStream opened = null;
        try {
            opened = ImageStream.open(path, wait.access());
            stream = opened;
            reader = stream.reader(wait.strategy());
            keywords = new KeywordWatch(
                    EngineAccess.mapped(stream).segment(), stream.layout().keywords());
            clockOffsetNs = stream.layout().clock().offsetNs();
            nextCheckNs = System.nanoTime() + CHECK_NS;
            hasStarted = false;
            describe();
            reason = "";
            return Event.DESCRIPTION;
        } catch (ShmException | InternalError e) {
            reason = e.getMessage();
            close();
            if (opened != null) {
                opened.close();
            }
            LockSupport.parkNanos(Math.min(timeoutNs, CHECK_NS));
            return Event.GONE;
        }
    }

    private void describe() {
        description = describe(name, stream);
    }

    /** Describes an open stream. */
    public static StreamDescription describe(String name, ImageStream stream) {
        long createdNs = stream.status().createdNs() - stream.layout().clock().offsetNs();
        return new StreamDescription(
                name,
                stream.layout().format(),
                stream.type(),
                stream.shape(),
                stream.layout().depth(),
                Math.max(1, createdNs),
                stream.keywordTable().capacity(),
                stream.keywords().stream()
                        .filter(keyword -> !NetKeywords.isOwn(keyword))
                        .toList());
    }

    /** The stream that is read now. */
    public StreamDescription description() {
        return description;
    }

    /** Why there is no stream; empty if there is one. */
    public String reason() {
        return reason;
    }

    /** Whether a frame has been found in the stream that is being read. */
    public boolean hasFrame() {
        return hasFrame;
    }

    /** The current frame in shared memory, which its writer may overwrite at any moment: see {@link #isWhole}. */
    public MemorySegment frame() {
        return reader.frame();
    }

    /** Copies the current frame. Returns false if the writer has overwritten it. */
    public boolean copyTo(MemorySegment target) {
        return reader.copyTo(target);
    }

    /** Whether the current frame is unchanged after its use. */
    public boolean isWhole() {
        return reader.validate();
    }

    /** The fields of the current frame; after {@link #copyTo} those of the copy. */
    public void fields(FrameFields fields) {
        long acquiredNs = reader.acquiredNs();
        fields.set(reader.count(), reader.frameId(), acquiredNs == 0 ? 0 : acquiredNs - clockOffsetNs, skipped);
    }

    /** Counts the current frame as left out, because it could not be sent whole. */
    public void skip() {
        skipped++;
    }

    /** Closes the stream. Closing twice is harmless; a later {@link #next} opens it again. */
    @Override
    public void close() {
        if (stream != null) {
            stream.close();
            stream = null;
            reader = null;
            keywords = null;
            hasPendingFrame = false;
            hasFrame = false;
        }
    }
}
