package org.shmrt.soak;

import com.google.gson.Gson;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.shmrt.posix.MappedFile;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.testing.RampFrames;

/**
 * Reads the frames of a writer in another language in order, verifies each, and stores its progress. Arguments: {@code
 * STREAM PROGRESS NUMBER WAIT copy|place}. WAIT is {@code spin}, {@code sem}, {@code hybrid}, or {@code raw}: it sleeps
 * on a semaphore without the periodic checks of a reader, so that only a token wakes it. Ends by printing its {@link
 * Outcome} as JSON.
 */
final class TortureReader {
    private static final long SECOND = 1_000_000_000L;
    private static final long SLEEP_NS = 10 * SECOND;
    /** No other reader of a run uses this semaphore. */
    private static final int RAW_SEMAPHORE = 4;

    private final FrameReader reader;
    private final SharedProgress progress;
    private final int number;
    private final boolean copying;
    private final RampFrames ramp;
    private final MemorySegment buffer;
    private final Outcome outcome = new Outcome();

    /** The result of a reader, in Java or in Python. */
    static final class Outcome {
        long start;
        long last;
        /** Frames accepted. */
        long taken;
        /** Frames that the writer overwrote while they were read. */
        long discarded;

        long lost;
        long torn;
        /** The same three numbers up to the frame {@link SharedProgress#exactUpTo()}. */
        long exactLost;

        long exactDiscarded;
        long exactTorn;
        /** How often the counter was reported as set back. */
        long restarts;
        /** Accepted frames that the reader reports as strict. */
        long strict;
        /** Number of sleeps of ten seconds although there was a new frame. */
        long asleep;
        /** Tokens taken up to the frame {@link SharedProgress#tokensUpTo()}; -1 for a reader that takes none. */
        long tokens = -1;

        String problem = "";
    }

    private TortureReader(FrameReader reader, SharedProgress progress, int number, boolean copying) {
        this.reader = reader;
        this.progress = progress;
        this.number = number;
        this.copying = copying;
        this.ramp = new RampFrames(reader.stream().shape().elementCount());
        this.buffer = ramp.empty();
    }

    public static void main(String[] words) {
        ParentMonitor.exitWithParent();
        WaitStrategy wait = switch (words[3]) {
            case "sem" -> WaitStrategy.semaphore();
            case "hybrid" -> WaitStrategy.hybrid(20_000);
            default -> WaitStrategy.spin();
        };
        Path path = Path.of(words[0]);
        try (Arena arena = Arena.ofShared();
                ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(wait)) {
            TortureReader torture = new TortureReader(
                    reader,
                    SharedProgress.open(Path.of(words[1]), arena),
                    Integer.parseInt(words[2]),
                    words[4].equals("copy"));
            torture.begin();
            if (words[3].equals("raw")) {
                torture.readRaw(semaphore(path, stream.layout().semaphores(), arena));
            } else {
                torture.read();
            }
            System.out.println(new Gson().toJson(torture.outcome));
        }
    }

    private static Semaphore semaphore(Path path, SemaphoreLayout layout, Arena arena) {
        return layout.isInFile()
                ? Semaphore.inMemory(
                        MappedFile.readWrite(path, arena)
                                .segment()
                                .asSlice(layout.offset() + (long) RAW_SEMAPHORE * Semaphore.BYTES, Semaphore.BYTES),
                        "raw")
                : Semaphore.open(layout.names().get(RAW_SEMAPHORE), arena);
    }

    private void begin() {
        outcome.start = reader.count();
        outcome.last = outcome.start;
        progress.seen(number, outcome.start);
        System.out.println("ready");
    }

    private boolean isOver() {
        return !outcome.problem.isEmpty() || outcome.last == progress.last();
    }

    private void read() {
        while (!isOver()) {
            if (!readNext(SLEEP_NS) && isBehind() && !readNext(SLEEP_NS)) {
                outcome.asleep++;
            }
            progress.seen(number, outcome.last);
        }
    }

    private void readRaw(Semaphore semaphore) {
        long tokens = 0;
        while (!isOver()) {
            boolean counting = progress.tokensUpTo() == SharedProgress.NO_LIMIT;
            if (readNext(0)) {
                continue;
            }
            if (!counting) {
                progress.seen(number, outcome.last);
            } else if (tokens == outcome.last - outcome.start) {
                outcome.tokens = tokens;
                progress.seen(number, outcome.last);
            }
            // The writer may have been suspended for as long, also between a frame and its tokens, so a
            // timeout counts only if there is a frame that gets no token.
            if (semaphore.acquire(SLEEP_NS) || (isBehind() && semaphore.acquire(SLEEP_NS))) {
                tokens++;
            } else if (isBehind()) {
                outcome.asleep++;
            }
        }
    }

    private boolean isBehind() {
        return reader.stream().status().cnt0() != outcome.last;
    }

    /** Reads the next frame if there is one, and verifies it. */
    private boolean readNext(long timeoutNs) {
        long lostBefore = reader.lostTotal();
        Verdict verdict = copying ? reader.read(buffer, timeoutNs) : reader.awaitNext(timeoutNs);
        if (!verdict.hasFrame()) {
            outcome.problem = verdict == Verdict.TIMED_OUT ? "" : verdict.toString();
            return false;
        }
        long count = reader.count();
        boolean restarted = verdict == Verdict.RESTARTED;
        MemorySegment frame = copying ? buffer : reader.frame();
        // The frame that was the newest when its count was set back can be delivered again, under the new count.
        boolean whole = ramp.isWhole(frame, count) || (restarted && ramp.isWhole(frame, outcome.last));
        boolean exact = count <= progress.exactUpTo();
        boolean accepted = copying || reader.validate();
        boolean inOrder = restarted ? count < outcome.last : count > outcome.last;
        outcome.problem = inOrder ? "" : count + " came after " + outcome.last + ", " + verdict;
        outcome.restarts += restarted ? 1 : 0;
        outcome.last = count;
        outcome.lost = reader.lostTotal();
        outcome.taken += accepted ? 1 : 0;
        outcome.discarded += accepted ? 0 : 1;
        outcome.exactLost += exact ? outcome.lost - lostBefore : 0;
        outcome.exactDiscarded += exact && !accepted ? 1 : 0;
        outcome.torn += accepted && !whole ? 1 : 0;
        outcome.exactTorn += exact && accepted && !whole ? 1 : 0;
        outcome.strict += accepted && reader.isStrict() ? 1 : 0;
        return true;
    }
}
