package org.shmrt.camera.program;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.FrameTarget;
import org.shmrt.camera.file.ByteInput;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamClock;

/** The frames that an ffmpeg process writes as a NUT file. */
final class FfmpegSource extends ProgramSource {
    private final NutReader reader;
    private final PtsClock clock = new PtsClock();
    /** The period that the user guarantees: only then is a gap in the times a lost frame. */
    private final double periodNs;

    private boolean hasFrame = true;
    private boolean hasPrevious;
    private long previousNs;
    private long id;

    /** The reader is at its first frame. */
    FfmpegSource(ChildProgram program, ByteInput in, NutReader reader, OptionalDouble givenRateHz) {
        super(program, in, format(reader, givenRateHz));
        this.reader = reader;
        this.periodNs = givenRateHz.isPresent() ? 1e9 / givenRateHz.getAsDouble() : 0;
    }

    private static FrameFormat format(NutReader reader, OptionalDouble givenRateHz) {
        byte[] tag = reader.pixelTag();
        String text = new String(tag, StandardCharsets.ISO_8859_1);
        int depth = tag.length == 4 ? tag[3] : 0;
        boolean isGrey = text.equals("Y800") || text.startsWith("Y1\0");
        if (!isGrey && !(text.startsWith("RGB") && (depth == 24 || depth == 48))) {
            throw new IncompatibleException("ffmpeg writes pixels with the tag " + Arrays.toString(tag)
                    + ", which no stream can have: leave out -pix_fmt, and choose with the setting pixels");
        }
        int bits = text.equals("Y800") ? 8 : isGrey ? depth : depth / 3;
        return new FrameFormat(
                bits > 8 ? DataType.UINT16 : DataType.UINT8,
                isGrey ? Shape.of(reader.height(), reader.width()) : Shape.of(reader.height(), reader.width(), 3),
                isGrey ? FrameFormat.Pixels.MONO : FrameFormat.Pixels.RGB,
                bits,
                givenRateHz.isPresent() ? givenRateHz : reader.rateHz());
    }

    @Override
    protected boolean begin(FrameTarget target) {
        boolean found = hasFrame || reader.next();
        hasFrame = false;
        if (!found) {
            return false;
        }
        if (reader.frameBytes() != format().frameBytes()) {
            throw new IncompatibleException("ffmpeg wrote a frame of " + reader.frameBytes() + " bytes, but frames of "
                    + format() + " have " + format().frameBytes());
        }
        long ptsNs = reader.ptsNs();
        if (hasPrevious) {
            long periods = periodNs == 0 ? 1 : Math.max(1, Math.round((ptsNs - previousNs) / periodNs));
            lose(periods - 1);
            id += periods;
        }
        hasPrevious = true;
        previousNs = ptsNs;
        target.frameId(id);
        target.acquiredNs(clock.acquiredNs(ptsNs, StreamClock.REALTIME.nowNs()));
        return true;
    }

    @Override
    protected long fill(MemorySegment pixels) {
        return reader.fill(pixels);
    }
}
