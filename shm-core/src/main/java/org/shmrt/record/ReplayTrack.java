package org.shmrt.record;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.shmrt.camera.Grabber;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.record.chunk.FrameFile;
import org.shmrt.record.chunk.FrameRow;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.engine.EngineAccess;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.format.StreamClock;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.keyword.Keyword;
import org.shmrt.stream.keyword.KeywordTable;

/**
 * One stream of a replay: its frames in order, read ahead, and the stream that they are written to. One thread reads,
 * another publishes.
 */
final class ReplayTrack implements AutoCloseable {
    private static final int ROWS = 256;
    private static final int MAX_BUFFERS = 64;
    private static final int MIN_KEYWORDS = 16;
    private static final long POLL_MS = 50;
    private static final double NS_PER_S = 1e9;
    /** Cards of the recorder, which are no keywords of the stream. */
    private static final Set<String> OF_RECORDER = Set.of(
            StreamInstance.STREAM,
            StreamInstance.FORMAT,
            StreamInstance.DEPTH,
            StreamInstance.CLOCK_STEP,
            "NLOST",
            "LOSTEND",
            "DTYPE",
            "DATE-OBS",
            "ACQTIME",
            "CNT0",
            "CNT1",
            "CNT2");

    private final RecordedStream recorded;
    private final long fromNs;
    private final long toNs;
    private final ImageStream stream;
    private final FrameWriter writer;
    private final ReplayBuilder plan;
    private final BlockingQueue<MemorySegment> free;

    private ReplayTimes times;
    private RecordedStream.Place next;
    private FrameRow[] rows = new FrameRow[0];
    private int rowIndex;
    private boolean ended;
    private long frames;
    private long timeNs;
    private volatile long published;

    ReplayTrack(RecordedStream recorded, Path target, ReplayBuilder plan, long bufferBytes) {
        this.recorded = recorded;
        this.fromNs = plan.fromNs();
        this.toNs = plan.toNs();
        this.plan = plan;
        checkTimes(recorded, plan);
        int buffers = (int) Math.max(2, Math.min(MAX_BUFFERS, bufferBytes / recorded.frameBytes()));
        free = new ArrayBlockingQueue<>(buffers);
        this.stream = Grabber.createOrOpen(target, spec(recorded));
        FrameWriter opened = null;
        boolean made = false;
        try {
            opened = stream.writer();
            writer = opened;
            setKeywords();
            for (int i = 0; i < buffers; i++) {
                free.add(Arena.ofAuto().allocate(recorded.frameBytes(), Long.BYTES));
            }
            rewind();
            made = true;
        } finally {
            if (!made) {
                close(opened, stream);
            }
        }
    }

    private static void close(FrameWriter writer, ImageStream stream) {
        try (stream) {
            if (writer != null) {
                writer.close();
            }
        }
    }

    private static void checkTimes(RecordedStream recorded, ReplayBuilder plan) {
        if (recorded.hasTimes()) {
            return;
        }
        String name = "cannot replay " + recorded.name() + ": the times of its frames are not known, ";
        if (!plan.isWhole()) {
            throw new IllegalArgumentException(name + "so it has no interval of time: replay all of it");
        }
        if (plan.rateHz().isEmpty() && plan.speed() != Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + "so choose a rate (--rate HZ), or unlimited speed (--speed max)");
        }
    }

    private static StreamSpec spec(RecordedStream recorded) {
        String format = recorded.format().orElse("dao");
        DataType type = recorded.type();
        Shape shape = recorded.shape();
        StreamSpec spec = StreamSpec.of(format, type, shape)
                .withKeywords(Math.max(MIN_KEYWORDS, keywords(recorded).size()));
        return StreamFormat.named(format).keeping(spec, recorded.depth());
    }

    /** Sets the keywords that the stream has, and new ones as long as there is room. */
    private void setKeywords() {
        KeywordTable table = stream.keywordTable();
        List<String> names = table.list().stream().map(Keyword::name).toList();
        int room = table.capacity() - names.size();
        List<Keyword> fitting = new ArrayList<>();
        for (Keyword keyword : keywords(recorded)) {
            if (names.contains(keyword.name()) || room-- > 0) {
                fitting.add(keyword);
            }
        }
        if (!fitting.isEmpty()) {
            table.update(fitting);
        }
    }

    /** The keywords of the recorded stream; cards that a stream cannot store are left out. */
    private static List<Keyword> keywords(RecordedStream recorded) {
        List<Keyword> keywords = new ArrayList<>();
        for (FitsCard card : recorded.cards()) {
            if (OF_RECORDER.contains(card.name()) || bytes(card.name()) > KeywordLayout.TEXT_BYTES) {
                continue;
            }
            String comment =
                    card.comment().substring(0, Math.min(card.comment().length(), KeywordLayout.COMMENT_BYTES));
            switch (card.value()) {
                case Long number -> keywords.add(Keyword.of(card.name(), number).withComment(comment));
                case Double number ->
                    keywords.add(Keyword.of(card.name(), number).withComment(comment));
                case String text
                when card.type() == FitsCard.Type.TEXT && bytes(text) <= KeywordLayout.TEXT_BYTES ->
                    keywords.add(Keyword.of(card.name(), text).withComment(comment));
                case null, default -> {
                    // a stream has no such keyword
                }
            }
        }
        return keywords;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Begins with the first frame again. */
    void rewind() {
        times = new ReplayTimes();
        frames = 0;
        next = recorded.placeAt(fromNs);
        rows = new FrameRow[0];
        rowIndex = 0;
        ended = false;
        advance();
    }

    private void advance() {
        rowIndex++;
        while (rowIndex >= rows.length) {
            FrameFile chunk = recorded.chunk(next.file());
            if (next.row() >= chunk.frames()) {
                if (next.file() + 1 >= recorded.fileCount()) {
                    ended = true;
                    return;
                }
                next = new RecordedStream.Place(next.file() + 1, 0);
                continue;
            }
            int count = (int) Math.min(ROWS, chunk.frames() - next.row());
            rows = chunk.rows(next.row(), count);
            rowIndex = 0;
            next = new RecordedStream.Place(next.file(), next.row() + count);
        }
        if (rows[rowIndex].arrivedNs() >= toNs) {
            ended = true;
            return;
        }
        timeNs = plan.rateHz().isPresent()
                ? Math.round(frames * NS_PER_S / plan.rateHz().getAsDouble())
                : times.next(rows[rowIndex]);
        frames++;
    }

    boolean isEnded() {
        return ended;
    }

    /** Frames since it began with the first one, the next one included. */
    long frames() {
        return frames;
    }

    /** When the next frame is due, on the clock of the recording, or since the first frame if a rate was chosen. */
    long timeNs() {
        return timeNs;
    }

    /**
     * Reads the next frame, and moves to the one after it. Waits for a buffer that was published.
     *
     * @return empty if the replay was stopped
     */
    Optional<ReplayFrame> read(long dueNs, BooleanSupplier stopped) throws InterruptedException {
        FrameRow row = rows[rowIndex];
        MemorySegment pixels = null;
        while (pixels == null) {
            if (stopped.getAsBoolean()) {
                return Optional.empty();
            }
            pixels = free.poll(POLL_MS, TimeUnit.MILLISECONDS);
        }
        long index = next.row() - rows.length + rowIndex;
        recorded.chunk(next.file()).read(index, pixels);
        advance();
        return Optional.of(new ReplayFrame(this, pixels, row, dueNs));
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread publishes
    void publish(ReplayFrame frame) {
        FrameRow row = frame.row();
        boolean recordedId = plan.ids() == ReplayBuilder.Numbers.RECORDED && recorded.hasTimes();
        writer.frameId(recordedId ? row.frameId() : published + 1);
        StreamClock clock = stream.layout().clock();
        long acquiredNs = plan.times() == ReplayBuilder.Times.RECORDED && row.acquiredNs() != 0
                ? row.acquiredNs() + clock.offsetNs()
                : clock.nowNs();
        MemorySegment target = writer.claim();
        try {
            GuardedCopy.copy(frame.pixels(), 0, target, 0, target.byteSize());
            Faults.poll();
        } catch (InternalError e) {
            writer.abort();
            throw EngineAccess.mapped(stream).fault(e, "written");
        }
        if (plan.counts() == ReplayBuilder.Numbers.RECORDED && row.cnt0() != 0) { // 0: the count is not known
            writer.publishAs(row.cnt0(), acquiredNs);
        } else {
            writer.publish(acquiredNs);
        }
        published++;
        free.add(frame.pixels());
    }

    String name() {
        return recorded.name();
    }

    long published() {
        return published;
    }

    @Override
    public void close() {
        close(writer, stream);
    }
}
