package org.shmrt.bench.rig;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/**
 * Frames through two streams, copied in and out, each checked by the reader: what frame_pingpong.c does. A frame
 * bears its number in the first word of each 4 KiB and in the last word; the rest is a fixed pattern, compared
 * whole at the end.
 */
final class FrameLoop implements Loop {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
    private static final long STAMP_STEP_BYTES = 4096;
    private static final long PATTERN = 0x9e3779b97f4a7c15L;

    private final Arena arena = Arena.ofShared();
    private final ImageStream out;
    private final ImageStream in;
    private final FrameWriter writer;
    private final FrameReader reader;
    private final MemorySegment mine;
    private final MemorySegment theirs;
    private long firstReceived;
    private long firstSent;
    private long lastSent;
    private long bad;

    FrameLoop(Path outPath, Path inPath) {
        out = ImageStream.open(outPath);
        in = ImageStream.open(inPath);
        writer = out.writer();
        reader = in.reader(WaitStrategy.spin());
        mine = newFrame();
        theirs = newFrame();
    }

    private MemorySegment newFrame() {
        MemorySegment frame = arena.allocate(out.layout().frameBytes(), 64);
        for (long i = 0; i < frame.byteSize() / 8; i++) {
            frame.setAtIndex(WORD, i, i * PATTERN);
        }
        return frame;
    }

    @Override
    public void begin() {
        reader.newest();
        firstReceived = reader.count();
        firstSent = lastSent = out.status().cnt0();
        bad = 0;
    }

    @Override
    public void initiate(long first, int count, Histogram roundTrips) {
        for (int i = 0; i < count; i++) {
            long startNs = System.nanoTime();
            send(first + i);
            receive(first + i);
            roundTrips.recordValue(System.nanoTime() - startNs);
        }
    }

    @Override
    public void echo(long first, int count) {
        for (int i = 0; i < count; i++) {
            receive(first + i);
            send(first + i);
        }
    }

    private void send(long number) {
        stamp(mine, number);
        lastSent = writer.write(mine);
    }

    private void receive(long number) {
        Verdict verdict = reader.read(theirs, TIMEOUT_NS);
        if (verdict != Verdict.FRESH) {
            unexpected(verdict);
        }
        if (!isStamped(theirs, number)) {
            bad++;
        }
    }

    private void unexpected(Verdict verdict) {
        if (!verdict.hasFrame()) {
            throw new IllegalStateException("no message came: " + verdict);
        }
        bad++;
    }

    private static void stamp(MemorySegment frame, long number) {
        long bytes = frame.byteSize();
        for (long at = 0; at < bytes; at += STAMP_STEP_BYTES) {
            frame.set(WORD, at, number);
        }
        frame.set(WORD, bytes - 8, number);
    }

    private static boolean isStamped(MemorySegment frame, long number) {
        long bytes = frame.byteSize();
        boolean same = frame.get(WORD, bytes - 8) == number;
        for (long at = 0; at < bytes; at += STAMP_STEP_BYTES) {
            same &= frame.get(WORD, at) == number;
        }
        return same;
    }

    @Override
    public void finish(long last) {
        MemorySegment expected = newFrame();
        stamp(expected, last);
        if (expected.mismatch(theirs) != -1) {
            bad++;
        }
    }

    @Override
    public long sent() {
        return lastSent - firstSent;
    }

    @Override
    public long received() {
        return reader.count() - firstReceived;
    }

    @Override
    public long bad() {
        return bad;
    }

    @Override
    public void close() {
        in.close();
        out.close();
        arena.close();
    }
}
