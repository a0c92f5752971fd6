package org.shmrt.web.frame;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.shmrt.error.ShmException;
import org.shmrt.stream.inspect.StreamSummary;

/**
 * One stream for all viewers. A sampling thread calls {@link #poll}; threads of a pool copy frames and answer requests.
 * The stream is opened read-only and opened again when it was re-created. Safe for any thread.
 */
public final class Feed implements AutoCloseable {
    /** Requests for frames that may wait at one stream. */
    private static final int MAX_WAITING = 1024;

    private static final long CLOSE_LOOK_NS = 300_000_000L;
    private static final long RARE_POLL_NS = 100_000_000L;
    private static final long RETRY_NS = 20_000_000L;

    private final String name;
    private final Path path;
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private final OpenStream stream;
    private final List<FrameRequest> waiting = new ArrayList<>();
    private final AtomicBoolean answering = new AtomicBoolean();
    private volatile boolean closed;
    private volatile long lookedUntilNs;
    private volatile long lastPollNs;
    private volatile long framesUntilNs;
    private volatile long retryNs;
    private volatile StreamSummary summary;
    private volatile String summaryProblem = "";

    Feed(String name, Path path, FramePool pool, Executor executor) {
        this.name = name;
        this.path = path;
        this.executor = executor;
        this.stream = new OpenStream(name, path, pool);
        long nowNs = System.nanoTime();
        lookedUntilNs = nowNs;
        framesUntilNs = nowNs;
        lastPollNs = nowNs - RARE_POLL_NS;
        retryNs = nowNs;
    }

    public String name() {
        return name;
    }

    public Path path() {
        return path;
    }

    /** Adds a request, which is answered within its time. */
    public void request(FrameRequest request) {
        look(CLOSE_LOOK_NS);
        framesUntilNs = System.nanoTime() + CLOSE_LOOK_NS;
        synchronized (waiting) {
            if (!closed && waiting.size() < MAX_WAITING) {
                waiting.add(request);
                return;
            }
        }
        request.viewer().refused(request, "too many requests wait for frames of " + name + ": close some pages");
    }

    /** Polls the stream often for some time, because somebody looks at it. */
    void look(long ns) {
        lookedUntilNs = Math.max(lookedUntilNs, System.nanoTime() + ns);
    }

    boolean isLookedAt(long nowNs) {
        return lookedUntilNs - nowNs > 0;
    }

    /** Whether a request for a frame waits, so that the next frame should be seen as soon as it is there. */
    boolean isAwaited() {
        synchronized (waiting) {
            return !waiting.isEmpty();
        }
    }

    /** Looks once for a new frame; returns immediately. For the sampling thread. */
    void poll(long nowNs) {
        boolean closely = isLookedAt(nowNs);
        if (!closely && nowNs - lastPollNs < RARE_POLL_NS) {
            return;
        }
        if (lock.tryLock()) {
            try {
                if (closed) {
                    return;
                }
                stream.poll(
                        nowNs,
                        closely && nowNs - lastPollNs < RARE_POLL_NS
                                ? FrameRates.Looking.CLOSELY
                                : FrameRates.Looking.RARELY);
                lastPollNs = nowNs;
                if (nowNs - framesUntilNs > 0 && !isAwaited()) {
                    stream.dropCopies(); // a wall of large streams would hold all the memory
                }
            } finally {
                lock.unlock();
            }
        }
        if (hasWork(nowNs) && answering.compareAndSet(false, true)) {
            try {
                executor.execute(this::answer);
            } catch (RejectedExecutionException e) {
                answering.set(false); // the server stops
            } catch (RuntimeException | Error e) { // no memory or no thread now: the next poll tries it again
                answering.set(false);
                throw e;
            }
        }
    }

    private boolean hasWork(long nowNs) {
        synchronized (waiting) {
            for (FrameRequest request : waiting) {
                if (nowNs - request.deadlineNs() >= 0 || (nowNs - retryNs >= 0 && isAnswerable(request))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isAnswerable(FrameRequest request) {
        return request.viewer().isReady() && (!stream.hasFrame() || request.wants(stream.count(), stream.generation()));
    }

    /** Answers the requests that can be answered now, or have waited long enough. */
    private void answer() {
        try {
            for (FrameRequest request : removed(this::isAnswerable)) {
                answerInAnyCase(request);
            }
            long nowNs = System.nanoTime();
            for (FrameRequest late : removed(request -> nowNs - request.deadlineNs() >= 0)) {
                late.viewer().none(late, stream.isStuck() ? Viewer.Reason.STALE_WRITER : Viewer.Reason.TIMED_OUT);
            }
        } finally {
            answering.set(false);
        }
    }

    private List<FrameRequest> removed(Predicate<FrameRequest> condition) {
        List<FrameRequest> taken = new ArrayList<>();
        synchronized (waiting) {
            for (Iterator<FrameRequest> requests = waiting.iterator(); requests.hasNext(); ) {
                FrameRequest request = requests.next();
                if (condition.test(request)) {
                    requests.remove();
                    taken.add(request);
                }
            }
        }
        return taken;
    }

    /** A request without an answer would count as open for ever. */
    private void answerInAnyCase(FrameRequest request) {
        try {
            answer(request);
        } catch (RuntimeException | Error e) {
            request.viewer().refused(request, "the server failed: " + e);
        }
    }

    private void answer(FrameRequest request) {
        if (!request.viewer().isReady()) { // an earlier answer of this round went to the same viewer
            putBack(request);
            return;
        }
        OpenStream.Copied copied;
        lock.lock();
        try {
            copied = closed ? OpenStream.Copied.none(Viewer.Reason.REMOVED) : stream.copy(request.slice());
        } catch (ShmException | IllegalArgumentException e) {
            request.viewer().refused(request, e.getMessage());
            return;
        } finally {
            lock.unlock();
        }
        if (copied.frame() != null) {
            send(request, copied.frame());
        } else if (copied.reason() == Viewer.Reason.TIMED_OUT) {
            retryNs = System.nanoTime() + RETRY_NS;
            putBack(request);
        } else {
            request.viewer().none(request, copied.reason());
        }
    }

    private void send(FrameRequest request, Frame frame) {
        try {
            if (request.wants(frame.stamp().count(), frame.source().generation())) {
                request.viewer().frame(request, frame, stream.lost());
            } else {
                putBack(request);
            }
        } finally {
            frame.release();
        }
    }

    private void putBack(FrameRequest request) {
        synchronized (waiting) {
            waiting.add(request);
        }
    }

    /** Forgets the requests of a viewer that is gone. */
    public void forget(Viewer viewer) {
        synchronized (waiting) {
            waiting.removeIf(request -> request.viewer().equals(viewer));
        }
    }

    /**
     * A thumbnail of the newest frame.
     *
     * @param size most rows and columns
     * @param seen count of the frame whose thumbnail the viewer has, if it has one
     * @return the thumbnail; empty if the viewer has it, or there is no frame
     */
    public Optional<Picture> thumbnail(int size, Optional<Long> seen) {
        look(CLOSE_LOOK_NS);
        Frame frame;
        lock.lock();
        try {
            if (closed || (stream.hasFrame() && seen.isPresent() && seen.get() == stream.count())) {
                return Optional.empty();
            }
            frame = stream.copyForThumbnail();
        } catch (ShmException | IllegalArgumentException e) {
            return Optional.empty(); // the list says why
        } finally {
            lock.unlock();
        }
        if (frame == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Picture(frame.stamp().count(), Thumbnail.of(frame, size)));
        } finally {
            frame.release();
        }
    }

    /** A thumbnail and the count of its frame. */
    public record Picture(long count, Thumbnail thumbnail) {}

    /** The frames that the stream keeps, oldest first; empty for a stream that keeps one frame. */
    public List<PastFrames.Slot> history() {
        lock.lock();
        try {
            return closed ? List.of() : stream.history();
        } finally {
            lock.unlock();
        }
    }

    /** Answers a request with the frame in one slot of the history. */
    public void past(FrameRequest request, int slot) {
        look(CLOSE_LOOK_NS);
        Optional<Frame> frame;
        lock.lock();
        try {
            frame = closed ? Optional.empty() : stream.copySlot(slot);
        } catch (ShmException | IllegalArgumentException e) {
            request.viewer().refused(request, e.getMessage());
            return;
        } finally {
            lock.unlock();
        }
        if (frame.isEmpty()) {
            request.viewer().none(request, Viewer.Reason.TIMED_OUT);
            return;
        }
        try {
            request.viewer().frame(request, frame.get(), stream.lost());
        } finally {
            frame.get().release();
        }
    }

    /** The frame for a file, to be released after use; empty if it cannot be read now. */
    public Optional<Frame> newest(int slice) {
        lock.lock();
        try {
            return closed
                    ? Optional.empty()
                    : Optional.ofNullable(stream.copy(slice).frame());
        } finally {
            lock.unlock();
        }
    }

    void describe(StreamSummary newSummary, String problem) {
        summary = newSummary;
        summaryProblem = problem;
    }

    /** What a list shows of the stream. */
    FeedState state(long nowNs) {
        StreamSummary known = summary;
        lock.lock();
        try {
            return FeedState.of(name, path, Optional.ofNullable(known), summaryProblem, stream, nowNs);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            stream.close();
        } finally {
            lock.unlock();
        }
        for (FrameRequest request : removed(any -> true)) {
            request.viewer().none(request, Viewer.Reason.REMOVED);
        }
    }
}
