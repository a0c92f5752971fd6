package org.shmrt.runtime;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.jvm.JvmActivity;
import org.shmrt.posix.Clocks;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileIdentityCheck;
import org.shmrt.posix.OwnProcess;
import org.shmrt.posix.thread.Scheduling;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.StreamSemaphores;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.engine.EngineAccess;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.telemetry.LoopCounter;
import org.shmrt.telemetry.TelemetryWriter;
import org.shmrt.text.FileNames;

/**
 * Runs the cycle of a loop on scratch streams of the same format, type and shape, fed at the loop's rate by a thread of
 * its own. For the loop's thread. A process that is killed meanwhile leaves the scratch streams, whose names contain that of
 * the loop's stream and the process id; the next warm-up in that directory removes them.
 */
final class Rehearsal<P> implements AutoCloseable {
    private static final Pattern SCRATCH = Pattern.compile(".*-warmup(\\d{1,9})-\\d+\\.im\\.shm");
    /** Leaves room for the suffix in a name of 79 characters, which is the limit of the formats. */
    private static final int MAX_NAME_CHARS = 40;

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final double NS_PER_S = 1e9;
    private static final int BURST_EVERY = 50;
    private static final int BURST = 3;
    private static final int GAP_EVERY = 400;
    /** How often only the first of several streams gets a frame. */
    private static final int NO_PARTNER_EVERY = 30;

    /** Longer than the loop waits at once, so that it times out. */
    private static final long GAP_NS = 25_000_000;
    /** Longer than a reader waits before it looks at the file of its stream. */
    private static final long LONG_GAP_NS = 130_000_000;
    /** One gap of so many is long. */
    private static final int LONG_GAP_EVERY = 3;
    /**
     * How often the semaphores of the output are emptied. Otherwise they would be full after the first frames, and the
     * JIT compiler would compile publications that post nothing: the first posts to the real output would end that code.
     */
    private static final int DRAIN_EVERY = 30;

    private static final int CHANGE_EVERY = 20;

    /** Faster than any loop, so that the JIT compiler gets enough steps in seconds. */
    private static final long FAST_PERIOD_NS = 20_000;
    /** The readings of the allocated bytes begin after the first part of a run, in which the loop is set up. */
    private static final int SET_UP_SHARE = 4;
    /** Enough for the JIT compiler. */
    private static final int FILE_CHECKS = 20_000;
    /** The same for sleeps. Each takes 60 us where the timer slack is the usual one. */
    private static final int SLEEPS = 6000;

    private static final long SLEEP_NS = 1000;
    /** Time between posts to a thread that sleeps: some of them come in the short moment before it sleeps. */
    private static final long POST_PERIOD_NS = 2000;

    /** How frames come. */
    enum Pace {
        /** As fast as possible. */
        FAST,
        /** At the rate, with bursts, gaps, frames without a partner and changes of the parameters. */
        IRREGULAR,
        /** At the rate. */
        STEADY
    }

    private final LoopParts<P> parts;
    private final TelemetryWriter telemetry;
    private final List<ImageStream> inputs = new ArrayList<>();
    private final List<FrameWriter> writers = new ArrayList<>();
    private final List<MemorySegment> frames = new ArrayList<>();
    private final BitSet cpusOfCaller = Scheduling.affinity(Scheduling.CALLER);
    private Optional<ImageStream> output = Optional.empty();

    /** Call it before the loop's thread gets its settings: the thread that feeds it must not share its processor. */
    Rehearsal(LoopParts<P> parts, TelemetryWriter telemetry) {
        this.parts = parts;
        this.telemetry = telemetry;
        boolean made = false;
        try {
            for (ImageStream real : parts.trigger().streams()) {
                ImageStream scratch = create(real);
                inputs.add(scratch);
                writers.add(scratch.writer());
                frames.add(newest(real));
            }
            output = parts.output().map(Rehearsal::create);
            made = true;
        } finally {
            if (!made) {
                close();
            }
        }
    }

    private static ImageStream create(ImageStream like) {
        StreamLayout layout = like.layout();
        StreamSpec spec = StreamSpec.of(layout.format(), layout.type(), layout.shape())
                .withDepth(layout.depth())
                .withPermissions(0600);
        // Begins with the name of the stream, so that what a killed process leaves can be attributed.
        Path real = like.path().toAbsolutePath();
        removeLeftOvers(real.getParent());
        String name = real.getFileName().toString().replaceFirst("\\.im\\.shm$", "");
        String start = name.substring(0, Math.min(name.length(), MAX_NAME_CHARS));
        String suffix = "-warmup" + OwnProcess.PID + "-" + NUMBER.incrementAndGet() + ".im.shm";
        return ImageStream.create(real.resolveSibling(start + suffix), spec);
    }

    /** Removes the scratch streams of a process that was killed in its warm-up. */
    private static void removeLeftOvers(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*-warmup*-*.im.shm")) {
            for (Path file : files) {
                Matcher name = SCRATCH.matcher(file.getFileName().toString());
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    removeUnused(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // They are in nobody's way.
        }
    }

    /** A process of another pid namespace holds the writer's lock, although its id means nothing here. */
    private static void removeUnused(Path file) {
        try (ImageStream stream = ImageStream.open(file)) {
            stream.writer().close();
            Optional<String> ignored = ImageStream.remove(file);
        } catch (ShmException e) {
            // It is in use, or belongs to another user.
        }
    }

    /** A frame as the step will see it: its speed may depend on the content. */
    static MemorySegment newest(ImageStream real) {
        MemorySegment frame = Arena.ofAuto().allocate(real.layout().frameBytes(), Long.BYTES);
        try (FrameReader reader = real.reader(WaitStrategy.spin())) {
            if (!reader.readNewest(frame, GAP_NS).hasFrame()) {
                frame.fill((byte) 0);
            }
        }
        return frame;
    }

    /**
     * What the loop's thread did in a run after it was set up.
     *
     * @param allocatedBytes bytes that it allocated
     * @param steps steps that it has done; 0 if the machine was too busy for any
     * @param waits how often it waited: once for each step, and the waits that timed out, whose frame was overtaken, or whose
     *     late command was discarded
     */
    record Outcome(long allocatedBytes, long steps, long waits) {
        /** Steps and waits at the two ends of a measurement whose bytes may be counted although they are not. */
        private static final int EDGE_STEPS = 2;

        /**
         * Whether the loop's thread allocated more than its waits can explain.
         *
         * @param waitBytes what a wait may allocate
         */
        boolean hasStepAllocated(long waitBytes) {
            return allocatedBytes >= steps + EDGE_STEPS + (waits + EDGE_STEPS) * waitBytes;
        }
    }

    /**
     * Runs for a time.
     *
     * @throws ShmException if the step fails
     */
    Outcome run(long durationNs, Pace pace) {
        LoopControl control = new LoopControl(telemetry, Optional.empty());
        Trigger trigger = pace == Pace.FAST ? parts.trigger().at(periodNs(pace)) : parts.trigger();
        LoopCore<P> core = parts.rehearsed(trigger).core(LoopCore.Mode.REHEARSAL, inputs, output, telemetry, control);
        Feed feed =
                new Feed(durationNs, pace, control, core, Thread.currentThread().threadId());
        Thread feeder = new Thread(feed, "shmrt-warm-up");
        feeder.setDaemon(true);
        feeder.start();
        try {
            core.run();
            feeder.interrupt();
            feeder.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            core.close();
        }
        if (feed.failure.isPresent()) {
            throw new ShmException(
                    "the warm-up of the loop " + parts.plan().name() + " failed: " + feed.failure.get(),
                    feed.failure.get());
        }
        if (core.failure().isPresent()) {
            Throwable cause = core.failure().get();
            if (cause instanceof IncompatibleException truncated) {
                throw truncated; // the loop's page, or a stream
            }
            throw new ShmException(
                    "the loop " + parts.plan().name() + " failed in the warm-up: " + cause
                            + "; its step must work with scratch frames as with real ones",
                    cause);
        }
        return feed.outcome;
    }

    private long periodNs(Pace pace) {
        long periodNs = (long) (NS_PER_S / parts.plan().rateHz());
        return pace == Pace.FAST ? Math.min(FAST_PERIOD_NS, periodNs) : periodNs;
    }

    /** A new thread may run where the loop's thread may run, which could keep it from running at all. */
    private void leaveProcessor() {
        LoopPlan.ThreadPlan threads = parts.plan().threads();
        BitSet others = (BitSet) cpusOfCaller.clone();
        threads.cpu().ifPresent(others::clear);
        threads.otherThreadsCpu().ifPresent(cpu -> {
            others.clear();
            others.set(cpu);
        });
        // With one processor there is no other one: the loop leaves it when it sleeps.
        boolean ignored = !others.isEmpty() && Scheduling.tryAffinity(Scheduling.CALLER, others);
    }

    /** Writes the frames, ends the run, and observes the loop's thread meanwhile. */
    private final class Feed implements Runnable {
        private final long durationNs;
        private final Pace pace;
        private final LoopControl control;
        private final LoopCore<?> core;
        private final long loopThread;
        private Outcome outcome = new Outcome(0, 0, 0);
        private Optional<Throwable> failure = Optional.empty();

        Feed(long durationNs, Pace pace, LoopControl control, LoopCore<?> core, long loopThread) {
            this.durationNs = durationNs;
            this.pace = pace;
            this.control = control;
            this.core = core;
            this.loopThread = loopThread;
        }

        @Override
        public void run() {
            try {
                feedAll();
            } catch (RuntimeException | Error e) {
                failure = Optional.of(e);
            } finally {
                control.stop();
            }
        }

        private void feedAll() {
            leaveProcessor();
            long periodNs = periodNs(pace);
            long nextNs = System.nanoTime();
            long setUpNs = nextNs + durationNs / SET_UP_SHARE;
            long endNs = nextNs + durationNs;
            boolean isSetUp = false;
            long bytes = 0;
            long steps = 0;
            long withoutStep = 0;
            for (int i = 1; nextNs < endNs && !Thread.currentThread().isInterrupted(); i++) {
                nextNs = Math.max(nextNs + periodNs, System.nanoTime());
                if (pace == Pace.IRREGULAR && i % GAP_EVERY == 0) {
                    nextNs += i % (GAP_EVERY * LONG_GAP_EVERY) == 0 ? LONG_GAP_NS : GAP_NS;
                }
                Clocks.sleepUntil(nextNs);
                if (!isSetUp && nextNs >= setUpNs) {
                    isSetUp = true;
                    bytes = JvmActivity.allocatedBytes(loopThread);
                    steps = telemetry.value(LoopCounter.STEPS);
                    withoutStep = core.waitsWithoutStep();
                }
                feed(i);
            }
            if (isSetUp) {
                // The steps and waits before the bytes, so that the bytes of each one counted are included.
                long done = telemetry.value(LoopCounter.STEPS) - steps;
                long waits = done + core.waitsWithoutStep() - withoutStep;
                outcome = new Outcome(JvmActivity.allocatedBytes(loopThread) - bytes, done, waits);
            }
        }

        private void feed(int i) {
            int burst = pace == Pace.IRREGULAR && i % BURST_EVERY == 0 ? BURST : 1;
            for (int k = 0; k < burst; k++) {
                boolean isAlone = pace == Pace.IRREGULAR && i % NO_PARTNER_EVERY == 0;
                int partners = isAlone ? Math.min(1, writers.size()) : writers.size();
                write(partners, i * (long) BURST + k);
            }
            if (i % DRAIN_EVERY == 0) {
                output.ifPresent(
                        stream -> EngineAccess.mapped(stream).semaphores().drainAll());
            }
            if (pace == Pace.IRREGULAR && i % CHANGE_EVERY == 0) {
                changeParameters();
            }
        }
    }

    /**
     * Looks at the files of the streams as a waiting reader does every 100 ms. The JIT compiler would not compile that
     * for minutes, and until then each look allocates.
     */
    void checkFiles() {
        for (ImageStream stream : inputs) {
            FileIdentityCheck check = new FileIdentityCheck(stream.path(), FileId.of(stream.path()));
            for (int i = 0; i < FILE_CHECKS; i++) {
                if (check.check() != FileIdentityCheck.Found.SAME) {
                    throw new ShmException(
                            "the scratch stream " + FileNames.text(stream.path()) + " was removed during the warm-up");
                }
            }
        }
    }

    /**
     * Sleeps on the semaphores of the streams as a loop does whose frame is late. That is rare, so the JIT compiler would
     * not compile it, and until then each sleep allocates.
     *
     * @param limitNs when to end although it was not often enough, if the machine is so busy that each sleep takes
     *     milliseconds
     */
    void sleepShortly(long limitNs) {
        if (!parts.trigger().sleepsOnSemaphore()) {
            return;
        }
        long endNs = System.nanoTime() + limitNs;
        for (ImageStream stream : inputs) {
            try (FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
                sleepUntil(endNs, stream, reader);
            }
        }
    }

    private void sleepUntil(long endNs, ImageStream stream, FrameReader reader) {
        AtomicBoolean isDone = new AtomicBoolean();
        Thread poster = new Thread(() -> postUntil(isDone, stream, reader.semaphoreIndex()), "shmrt-warm-up");
        poster.setDaemon(true);
        poster.start();
        try {
            for (int i = 0; i < SLEEPS && System.nanoTime() - endNs < 0; i++) {
                Verdict verdict = reader.awaitNext(SLEEP_NS);
                if (verdict != Verdict.TIMED_OUT) {
                    throw new ShmException("the scratch stream " + FileNames.text(stream.path())
                            + " changed during the warm-up (" + verdict + ")");
                }
            }
        } finally {
            isDone.set(true);
            joinUninterruptibly(poster);
        }
    }

    /**
     * Posts tokens without frames, at all moments of a sleep. A token that comes between the look at the semaphore and the
     * sleep takes a path of its own, which one frame in some ten thousand meets.
     */
    private void postUntil(AtomicBoolean isDone, ImageStream stream, int semaphore) {
        leaveProcessor();
        StreamSemaphores semaphores = StreamSemaphores.of(stream);
        while (!isDone.get()) {
            boolean ignored = semaphores.post(semaphore);
            long nextNs = System.nanoTime() + POST_PERIOD_NS;
            while (System.nanoTime() < nextNs) {
                Thread.onSpinWait();
            }
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes a frame to the first streams, with the same id and time, as those of a set belong together. */
    private void write(int streams, long id) {
        if (writers.size() == 1) {
            writers.get(0).write(frames.get(0));
            return;
        }
        long nowNs = Clocks.realtimeNs();
        for (int i = 0; i < streams; i++) {
            FrameWriter writer = writers.get(i);
            writer.frameId(id);
            writer.claim().copyFrom(frames.get(i));
            writer.publish(nowNs + inputs.get(i).layout().clock().offsetNs());
        }
    }

    private void changeParameters() {
        if (parts.parameters() instanceof Parameters.Settable<P> settable) {
            settable.rehearse();
        }
    }

    /** Closes and removes all scratch streams, also if that fails for one of them, for example because it is gone. */
    @Override
    public void close() {
        List<ImageStream> all = new ArrayList<>(inputs);
        output.ifPresent(all::add);
        Optional<RuntimeException> failure = Optional.empty();
        for (ImageStream scratch : all) {
            try {
                scratch.close();
                ImageStream.remove(scratch.path());
            } catch (RuntimeException e) {
                failure.ifPresent(e::addSuppressed);
                failure = Optional.of(e);
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
