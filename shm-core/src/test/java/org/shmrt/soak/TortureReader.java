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
import org.shmrt.testing.Frames;

/**
 * Takes the frames of a writer in another language in order, checks each, and tells on the board which it has seen:
 * {@code STREAM BOARD NUMBER WAIT LOOK}. WAIT is {@code spin}, {@code sem}, {@code hybrid}, or {@code raw}: asleep on
 * a semaphore without the reader's time slices, so that only a token wakes it. Ends with its {@link Outcome} as JSON.
 */
final class TortureReader {
    private static final long SECOND = 1_000_000_000L;
    private static final long SLEEP_NS = 10 * SECOND;
    /** No other reader of a run takes this one. */
    private static final int RAW_SEMAPHORE = 4;

    private final FrameReader reader;
    private final Board board;
    private final int number;
    private final boolean copying;
    private final Frames ramp;
    private final MemorySegment mine;
    private final Outcome outcome = new Outcome();

    /** What a reader came to, in this language or another one. */
    static final class Outcome {
        long start;
        long last;
        /** Frames accepted. */
        long taken;
        /** Frames looked at and found overtaken. */
        long discarded;

        long lost;
        long torn;
        /** The same up to the frame until which the stream holds all that were not seen. */
        long exactLost;

        long exactDiscarded;
        long exactTorn;
        /** Accepted frames that are called strict. */
        long strict;
        /** Sleeps of ten seconds beside a frame not seen. */
        long asleep;
        /** Tokens taken up to the frame until which they count; -1 of a reader that takes none. */
        long tokens = -1;

        String problem = "";
    }

    private TortureReader(FrameReader reader, Board board, int number, boolean copying) {
        this.reader = reader;
        this.board = board;
        this.number = number;
        this.copying = copying;
        this.ramp = new Frames(reader.stream().shape().elementCount());
        this.mine = ramp.empty();
    }

    public static void main(String[] words) {
        Parent.endWithIt();
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
                    reader, Board.open(Path.of(words[1]), arena), Integer.parseInt(words[2]), words[4].equals("copy"));
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
        board.seen(number, outcome.start);
        System.out.println("ready");
    }

    private boolean isOver() {
        return !outcome.problem.isEmpty() || outcome.last == board.last();
    }

    private void read() {
        while (!isOver()) {
            if (!take(SLEEP_NS) && isBehind() && !take(SECOND)) {
                outcome.asleep++;
            }
            board.seen(number, outcome.last);
        }
    }

    private void readRaw(Semaphore semaphore) {
        long tokens = 0;
        while (!isOver()) {
            boolean counting = board.tokensUpTo() == Board.NO_LIMIT;
            if (take(0)) {
                continue;
            }
            if (!counting) {
                board.seen(number, outcome.last);
            } else if (tokens == outcome.last - outcome.start) {
                outcome.tokens = tokens;
                board.seen(number, outcome.last);
            }
            // A writer may have been held up for as long: only a frame that is there and sends no token counts.
            if (semaphore.acquire(SLEEP_NS) || (isBehind() && semaphore.acquire(SECOND))) {
                tokens++;
            } else if (isBehind()) {
                outcome.asleep++;
            }
        }
    }

    private boolean isBehind() {
        return reader.stream().status().cnt0() > outcome.last;
    }

    /** Takes the next frame if there is one, and checks it. */
    private boolean take(long timeoutNs) {
        long lostBefore = reader.lostTotal();
        Verdict verdict = copying ? reader.read(mine, timeoutNs) : reader.awaitNext(timeoutNs);
        if (!verdict.hasFrame()) {
            outcome.problem = verdict == Verdict.TIMED_OUT ? "" : verdict.toString();
            return false;
        }
        long count = reader.count();
        boolean whole = ramp.isWhole(copying ? mine : reader.frame(), count);
        boolean exact = count <= board.exactUpTo();
        boolean accepted = copying || reader.validate();
        outcome.problem = count > outcome.last ? "" : count + " came after " + outcome.last;
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
