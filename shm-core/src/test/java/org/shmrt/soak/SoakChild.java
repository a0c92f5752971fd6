package org.shmrt.soak;

import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/**
 * A child process of {@link SoakTest}, with arguments {@code write PATH} or {@code read PATH WAIT copy|place
 * next|newest}. It prints {@code ready}, reads the commands {@code go}, {@code measure}, {@code sample} and {@code last
 * COUNT}, and ends by printing its {@link Outcome} as JSON.
 */
final class SoakChild {
    private static final long SECOND = 1_000_000_000L;
    private static final long SAMPLE_NS = SECOND / 2;
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final Path path;
    private final Outcome outcome = new Outcome();
    private final LinearTrend resident = new LinearTrend();
    private final Thread sampler = Thread.ofPlatform().daemon().name("sampler").unstarted(this::sample);
    private volatile boolean going;
    private volatile boolean sampling;
    private volatile long last = UNKNOWN;

    /** The result of a process; for a reader, numbers of frames. */
    static final class Outcome {
        long start;
        long last;
        /** Frames written, or frames accepted, that is confirmed by the reader and compared word by word. */
        long frames;

        long lost;
        /** Frames read in place that the writer overwrote meanwhile. */
        long discarded;

        long torn;
        long timedOut;
        String problem = "";
        int semaphore = -1;
        ResourceUsage before;
        ResourceUsage after;
        ResourceUsage closed;
        double residentBytesPerSecond;
    }

    private SoakChild(Path path) {
        this.path = path;
    }

    public static void main(String[] words) {
        SoakChild child = new SoakChild(Path.of(words[1]));
        Thread.ofPlatform().daemon().name("commands").start(child::readCommands);
        child.sampler.start();
        if (words[0].equals("write")) {
            child.write();
        } else {
            child.read(words[2], words[3].equals("copy"), words[4].equals("next"));
        }
        child.outcome.closed = ResourceUsage.measure(child.path.getParent());
        System.out.println(new Gson().toJson(child.outcome));
    }

    private void readCommands() {
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                switch (command.split(" ")[0]) {
                    case "go" -> going = true;
                    case "measure" -> outcome.before = ResourceUsage.measure(path.getParent());
                    case "sample" -> sampling = true;
                    default -> last = Long.parseLong(command.split(" ")[1]);
                }
            }
        } catch (IOException e) {
            outcome.problem = e.toString();
        }
        System.exit(1); // the test has ended
    }

    private void sample() {
        long startNs = System.nanoTime();
        while (last == UNKNOWN) {
            if (sampling) {
                resident.add((System.nanoTime() - startNs) / 1e9, (double) ResourceUsage.residentBytes());
            }
            LockSupport.parkNanos(SAMPLE_NS);
        }
    }

    /**
     * Measures while the stream is still open, so that both measurements have the same conditions. Waits for the
     * sampler to end first, because it opens files.
     */
    private void measureEnd() {
        try {
            sampler.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        outcome.residentBytesPerSecond = resident.slope();
        outcome.after = ResourceUsage.measure(path.getParent());
    }

    private void awaitStart() {
        System.out.println("ready");
        while (!going) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void write() {
        try (ImageStream stream = ImageStream.open(path);
                FrameWriter writer = stream.writer()) {
            MemorySegment buffer = NumberedFrames.empty();
            outcome.start = stream.status().cnt0();
            awaitStart();
            long count = outcome.start;
            while (last == UNKNOWN) {
                long next = count + 1;
                // Alternately copied and in place.
                if ((next & 1) == 0) {
                    NumberedFrames.fill(buffer, next);
                    count = writer.write(buffer);
                } else {
                    NumberedFrames.fill(writer.claim(), next);
                    count = writer.publish();
                }
                if (count != next) {
                    outcome.problem = "frame " + next + " was counted as " + count;
                    break;
                }
                outcome.frames++;
            }
            outcome.last = count;
            measureEnd();
        }
    }

    private static WaitStrategy strategy(String word) {
        return switch (word) {
            case "spin" -> WaitStrategy.spin();
            case "sem" -> WaitStrategy.semaphore();
            case "hybrid" -> WaitStrategy.hybrid(50_000);
            case "backoff" -> WaitStrategy.idle(new BackoffIdleStrategy());
            default -> WaitStrategy.idle(new SleepingMillisIdleStrategy(1));
        };
    }

    private void read(String wait, boolean copying, boolean inOrder) {
        WaitStrategy strategy = strategy(wait);
        boolean sleeps = wait.equals("sem") || wait.equals("hybrid");
        try (ImageStream stream = ImageStream.open(path, sleeps ? Access.READ_WRITE : Access.READ_ONLY);
                FrameReader reader = stream.reader(strategy)) {
            MemorySegment buffer = NumberedFrames.empty();
            outcome.start = reader.count();
            outcome.semaphore = reader.semaphoreIndex();
            awaitStart();
            long seen = outcome.start;
            while (seen < last && outcome.problem.isEmpty()) {
                Verdict verdict = copying
                        ? inOrder ? reader.read(buffer, SECOND) : reader.readNewer(buffer, SECOND)
                        : inOrder ? reader.awaitNext(SECOND) : reader.awaitNewest(SECOND);
                if (!verdict.hasFrame()) {
                    outcome.timedOut++;
                    outcome.problem = verdict == Verdict.TIMED_OUT ? "" : verdict.toString();
                    continue;
                }
                outcome.problem = reader.count() > seen ? "" : reader.count() + " came after " + seen;
                seen = reader.count();
                boolean whole = NumberedFrames.isWhole(copying ? buffer : reader.frame(), seen);
                if (copying || reader.validate()) {
                    outcome.frames++;
                    outcome.torn += whole ? 0 : 1;
                } else {
                    outcome.discarded++;
                }
            }
            outcome.last = seen;
            outcome.lost = reader.lostTotal();
            measureEnd();
        }
    }
}
