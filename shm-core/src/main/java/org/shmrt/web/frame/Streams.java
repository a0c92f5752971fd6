package org.shmrt.web.frame;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.stream.inspect.StreamInspector;

/**
 * All streams that are shown, each with one reader, and the thread that looks for their new frames: every 1 or 2 ms
 * while somebody looks, ten times a second while a page is open, never without one. Safe for any thread.
 */
public final class Streams implements AutoCloseable {
    /** Streams that are mapped at the same time; more are listed only. */
    private static final int MAX_FEEDS = 512;

    private static final long AWAITED_NS = 1_000_000L;
    private static final long WATCHED_NS = 2_000_000L;
    private static final long IDLE_NS = 100_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    /** A list is shown at least that long after it was asked for. */
    private static final long LIST_LOOK_NS = 2 * SECOND_NS;
    /** Only these many streams are polled often for a list. */
    private static final int MAX_LISTED_CLOSELY = 128;

    private static final long UNUSED_NS = 10 * SECOND_NS;

    private final Scope scope;
    private final FramePool pool;
    private final Executor executor;
    private final Map<String, Feed> feeds = new ConcurrentHashMap<>();
    private final Thread sampler;
    private volatile boolean closed;
    private volatile long usedNs = System.nanoTime();
    private long scannedNs = System.nanoTime() - SECOND_NS;
    private long trimmedNs = System.nanoTime();

    public Streams(Scope scope, FramePool pool, Executor executor) {
        this.scope = scope;
        this.pool = pool;
        this.executor = executor;
        sampler = Thread.ofPlatform().daemon().name("shm-view-sampler").start(this::sample);
    }

    private void sample() {
        while (!closed) {
            long nowNs = System.nanoTime();
            boolean awaited = false;
            boolean watched = false;
            for (Feed feed : feeds.values()) {
                poll(feed, nowNs);
                watched |= feed.isLookedAt(nowNs);
                awaited |= feed.isAwaited();
            }
            if (nowNs - trimmedNs > SECOND_NS) {
                trimmedNs = nowNs;
                pool.trim(nowNs);
                if (nowNs - usedNs > UNUSED_NS && !awaited) {
                    closeFeeds(); // nobody has the page open
                }
            }
            LockSupport.parkNanos(awaited ? AWAITED_NS : watched ? WATCHED_NS : feeds.isEmpty() ? SECOND_NS : IDLE_NS);
        }
    }

    /** What fails at one stream, also for want of memory, must not stop the others. The next round tries it again. */
    private static void poll(Feed feed, long nowNs) {
        try {
            feed.poll(nowNs);
        } catch (RuntimeException | Error e) {
            // whoever asks for a frame of it gets the reason
        }
    }

    private void closeFeeds() {
        feeds.values().removeIf(feed -> {
            feed.close();
            return true;
        });
    }

    /**
     * The stream of a name, opened when it is first asked for.
     *
     * @param name the name of a stream
     * @return the stream; empty if there is none
     */
    public Optional<Feed> feed(String name) {
        usedNs = System.nanoTime();
        Feed known = feeds.get(name);
        if (known != null) {
            LockSupport.unpark(sampler);
            return Optional.of(known);
        }
        Optional<Path> file = scope.file(name).filter(path -> FileId.ofOrNull(path) != null);
        if (file.isEmpty() || feeds.size() >= MAX_FEEDS || closed) {
            return Optional.empty();
        }
        Feed added = feeds.computeIfAbsent(name, key -> opened(name, file.get()));
        LockSupport.unpark(sampler);
        return Optional.of(added);
    }

    /** The state of all streams. Looks for new ones, and closes removed ones, at most once a second. */
    public synchronized List<FeedState> list() {
        long nowNs = System.nanoTime();
        usedNs = nowNs;
        if (nowNs - scannedNs >= SECOND_NS) {
            scannedNs = nowNs;
            scan();
        }
        List<FeedState> states = new ArrayList<>();
        for (Feed feed : feeds.values()) {
            if (states.size() < MAX_LISTED_CLOSELY) {
                feed.look(LIST_LOOK_NS);
            }
            states.add(feed.state(nowNs));
        }
        states.sort(Comparator.comparing(FeedState::name));
        LockSupport.unpark(sampler);
        return states;
    }

    private void scan() {
        Map<String, Path> files = scope.files();
        StreamInspector inspector = StreamInspector.now();
        feeds.values().removeIf(feed -> {
            boolean gone = !files.containsKey(feed.name()) || FileId.ofOrNull(feed.path()) == null;
            if (gone) {
                feed.close();
            }
            return gone;
        });
        files.forEach((name, path) -> {
            if (!closed && feeds.size() < MAX_FEEDS && FileId.ofOrNull(path) != null) {
                describe(feeds.computeIfAbsent(name, key -> opened(name, path)), inspector);
            }
        });
    }

    /** Polled once, so that the first list shows what is there. */
    private Feed opened(String name, Path path) {
        Feed feed = new Feed(name, path, pool, executor);
        try {
            feed.poll(System.nanoTime());
            return feed;
        } catch (RuntimeException | Error e) {
            feed.close();
            throw e;
        }
    }

    private static void describe(Feed feed, StreamInspector inspector) {
        try {
            feed.describe(inspector.summary(feed.path()), "");
        } catch (ShmException e) {
            feed.describe(null, e.getMessage());
        }
    }

    /** Forgets the requests of a viewer that is gone. */
    public void forget(Viewer viewer) {
        feeds.values().forEach(feed -> feed.forget(viewer));
    }

    /** Closes all streams; the requests that wait are answered. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(sampler);
        try {
            sampler.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeFeeds();
    }
}
