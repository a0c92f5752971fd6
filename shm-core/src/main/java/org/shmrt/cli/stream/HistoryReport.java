package org.shmrt.cli.stream;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.shmrt.image.PixelSummary;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameHistory;
import org.shmrt.stream.ImageStream;

/** The newest frames of a stream, stacked along a new first axis, as image, JSON values and text. */
public final class HistoryReport {
    private final ImageStream stream;
    private final FrameHistory past;
    private final MemorySegment frames;
    private final Shape frameShape;

    public HistoryReport(ImageStream stream, FrameHistory past, MemorySegment target) {
        this.stream = stream;
        this.past = past;
        this.frames = target.asSlice(0, past.length() * past.frameBytes());
        // A rolling cube keeps slices: its first axis is their number.
        boolean slices = past.frameBytes() != stream.layout().frameBytes();
        this.frameShape =
                slices ? Shape.of(stream.shape().length(1), stream.shape().length(2)) : stream.shape();
    }

    MemorySegment frames() {
        return frames;
    }

    /** Of each of them. */
    public Shape frameShape() {
        return frameShape;
    }

    MemoryImage image() {
        long[] lengths = new long[frameShape.rank() + 1];
        lengths[0] = past.length();
        System.arraycopy(frameShape.lengths(), 0, lengths, 1, frameShape.rank());
        return new MemoryImage(stream.type(), Shape.of(lengths), frames);
    }

    List<Map<String, Object>> json() {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (int i = 0; i < past.length(); i++) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("cnt0", past.count(i));
            line.put("acquired_ns", past.acquiredNs(i));
            lines.add(line);
        }
        return lines;
    }

    List<String> text() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < past.length(); i++) {
            MemorySegment frame = frames.asSlice(i * past.frameBytes(), past.frameBytes());
            lines.add("frame " + past.count(i) + "  " + frameShape + " " + stream.type() + "  "
                    + PixelSummary.of(new MemoryImage(stream.type(), frameShape, frame)));
        }
        return lines;
    }
}
