package org.shmrt.camera.program;

import java.io.EOFException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import org.shmrt.camera.file.ByteInput;
import org.shmrt.error.IncompatibleException;

/**
 * Reads a NUT file with one stream of raw video from a pipe: its header, and for each frame its time and size. ffmpeg's
 * own container is the only one that has all raw pixel formats, exact times and no need to seek. For one thread; reading
 * a frame does not allocate.
 *
 * @see <a href="https://ffmpeg.org/~michael/nut.txt">NUT open container format</a>
 */
final class NutReader {
    private static final byte[] FILE_ID = "nut/multimedia container\0".getBytes(StandardCharsets.ISO_8859_1);

    private static final long MAIN = 0x4e4d_7a56_1f5f_04adL;
    private static final long STREAM = 0x4e53_1140_5bf2_f9dbL;
    private static final long SYNC_POINT = 0x4e4b_e4ad_eeca_4569L;
    private static final long INFO = 0x4e49_ab68_b596_ba78L;
    private static final long INDEX = 0x4e58_dd67_2f23_e64eL;

    private static final int FLAG_CODED_PTS = 8;
    private static final int FLAG_STREAM_ID = 16;
    private static final int FLAG_SIZE_MSB = 32;
    private static final int FLAG_CHECKSUM = 64;
    private static final int FLAG_RESERVED = 128;
    private static final int FLAG_SIDE_DATA = 256;
    private static final int FLAG_HEADER_INDEX = 1024;
    private static final int FLAG_MATCH_TIME = 2048;
    private static final int FLAG_CODED = 4096;
    private static final int FLAG_INVALID = 8192;

    private static final int CODES = 256;
    /** Packets with more bytes than this have a checksum of their header. */
    private static final int LONG_PACKET_BYTES = 4096;

    private static final int MAX_PACKET_BYTES = 1 << 24;
    private static final int MAX_ELIDED_HEADERS = 128;
    private static final byte[] NONE = {};

    private final ByteInput in;
    private final int[] flags = new int[CODES];
    private final int[] sizeFactors = new int[CODES];
    private final int[] sizes = new int[CODES];
    private final int[] ptsSteps = new int[CODES];
    private final int[] reservedCounts = new int[CODES];
    private final int[] headerIndexes = new int[CODES];
    private byte[][] elided = {NONE};
    private long[] timeBaseNumerators = {};
    private long[] timeBaseDenominators = {};
    private boolean hasStream;
    private int timeBase;
    private int msbShift;
    private long lastPts;
    private byte[] pixelTag = NONE;
    private long width;
    private long height;
    private OptionalDouble rateHz = OptionalDouble.empty();

    private byte[] frameStart = NONE;
    private long frameBytes;

    /** Reads up to the first frame. The input may have ended before: then there is no stream. */
    NutReader(ByteInput in) {
        this.in = in;
        for (byte expected : FILE_ID) {
            int found = in.read();
            if (found < 0) {
                return;
            }
            if (found != expected) {
                throw damaged("it does not start as a NUT file");
            }
        }
        while (!hasStream) {
            int first = in.read();
            if (first < 0) {
                return;
            }
            if (first != 'N') {
                throw damaged("it has a frame before its header");
            }
            packet();
        }
    }

    private IncompatibleException damaged(String reason) {
        return new IncompatibleException("cannot read the output of " + in.name() + " as a NUT file: " + reason);
    }

    boolean hasStream() {
        return hasStream;
    }

    /** Four bytes that say which raw pixel format it is. */
    byte[] pixelTag() {
        return pixelTag.clone();
    }

    long width() {
        return width;
    }

    long height() {
        return height;
    }

    /** Nominal rate; known after the first call of {@link #next}. */
    OptionalDouble rateHz() {
        return rateHz;
    }

    /** A byte of a header, which must not end here. */
    private int headerByte() throws EOFException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException();
        }
        return next;
    }

    /** A number with 7 bits in each byte, the last of which has its top bit clear. */
    private long number() throws EOFException {
        long value = 0;
        int next;
        do {
            next = headerByte();
            value = (value << 7) | (next & 0x7f);
        } while ((next & 0x80) != 0);
        return value;
    }

    private static long signed(long coded) {
        long value = coded + 1;
        return (value & 1) == 0 ? value >> 1 : -(value >> 1);
    }

    /** Moves to the data of the next frame; false at the end of the input. */
    boolean next() {
        try {
            for (int first = in.read(); first >= 0; first = in.read()) {
                if (first != 'N') {
                    frame(first);
                    return true;
                }
                packet();
            }
            return false;
        } catch (EOFException e) {
            return false; // inside a header: no pixel of the frame has arrived
        }
    }

    private void frame(int code) throws EOFException {
        int flag = flags[code];
        if ((flag & FLAG_CODED) != 0) {
            flag ^= (int) number();
        }
        if ((flag & (FLAG_INVALID | FLAG_SIDE_DATA)) != 0) {
            throw damaged("a frame in it has an unknown form");
        }
        if ((flag & FLAG_STREAM_ID) != 0 && number() != 0) {
            throw damaged("it has more than one stream");
        }
        if ((flag & FLAG_CODED_PTS) != 0) {
            long coded = number();
            long limit = 1L << msbShift;
            long base = lastPts - (limit - 1) / 2;
            lastPts = coded < limit ? ((coded - base) & (limit - 1)) + base : coded - limit;
        } else {
            lastPts += ptsSteps[code];
        }
        long size = sizes[code];
        if ((flag & FLAG_SIZE_MSB) != 0) {
            size += sizeFactors[code] * number();
        }
        if ((flag & FLAG_MATCH_TIME) != 0) {
            number();
        }
        int header = (flag & FLAG_HEADER_INDEX) != 0 ? (int) number() : headerIndexes[code];
        long reserved = (flag & FLAG_RESERVED) != 0 ? number() : reservedCounts[code];
        for (long i = 0; i < reserved; i++) {
            number();
        }
        if (header < 0 || header >= elided.length) {
            throw damaged("a frame in it begins with an unknown header");
        }
        frameStart = size > LONG_PACKET_BYTES ? NONE : elided[header];
        if ((flag & FLAG_CHECKSUM) != 0 && !in.skip(Integer.BYTES)) {
            throw new EOFException();
        }
        frameBytes = size;
    }

    /** Size of the current frame, bytes. */
    long frameBytes() {
        return frameBytes;
    }

    /** Reads the current frame; returns the number of bytes before the input ended. */
    long fill(MemorySegment pixels) {
        if (frameStart.length == 0) {
            return in.fill(pixels);
        }
        MemorySegment.copy(frameStart, 0, pixels, ValueLayout.JAVA_BYTE, 0, frameStart.length);
        return frameStart.length + in.fill(pixels.asSlice(frameStart.length));
    }

    /** When the current frame is to be shown, nanoseconds from an arbitrary start. */
    long ptsNs() {
        long numerator = timeBaseNumerators[timeBase];
        long denominator = timeBaseDenominators[timeBase];
        long seconds = Math.floorDiv(lastPts * numerator, denominator);
        long rest = Math.floorMod(lastPts * numerator, denominator);
        return seconds * 1_000_000_000L + (long) (rest * (1e9 / denominator));
    }

    /** Reads a packet that is no frame, after its first byte. */
    private void packet() {
        try {
            long code = 'N';
            for (int i = 1; i < Long.BYTES; i++) {
                code = (code << 8) | headerByte();
            }
            long size = number();
            if (size > LONG_PACKET_BYTES) {
                in.skip(Integer.BYTES);
            }
            if (size < Integer.BYTES || size > MAX_PACKET_BYTES) {
                throw damaged("a packet in it has an invalid size");
            }
            ByteBuffer content = content((int) size - Integer.BYTES);
            if (code == MAIN) {
                mainHeader(content);
            } else if (code == STREAM) {
                streamHeader(content);
            } else if (code == SYNC_POINT) {
                syncPoint(content);
            } else if (code == INFO) {
                info(content);
            } else if (code != INDEX) {
                throw damaged("it has an unknown packet");
            }
        } catch (EOFException e) {
            // the next read finds the end
        }
    }

    private ByteBuffer content(int size) throws EOFException {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) {
            content[i] = (byte) headerByte();
        }
        in.skip(Integer.BYTES); // checksum: a pipe does not damage it
        return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    }

    private long number(ByteBuffer from) {
        long value = 0;
        int next;
        do {
            if (!from.hasRemaining()) {
                throw damaged("a header in it is too short");
            }
            next = from.get();
            value = (value << 7) | (next & 0x7f);
        } while ((next & 0x80) != 0);
        return value;
    }

    private int small(ByteBuffer from, int limit) {
        long value = number(from);
        if (value < 0 || value > limit) {
            throw damaged("a header in it has the invalid number " + value);
        }
        return (int) value;
    }

    private byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[small(from, from.remaining())];
        if (bytes.length > from.remaining()) {
            throw damaged("a header in it is too short");
        }
        from.get(bytes);
        return bytes;
    }

    private void mainHeader(ByteBuffer from) {
        int version = small(from, Integer.MAX_VALUE);
        if (version > 3) {
            number(from); // minor version
        }
        if (number(from) != 1) {
            throw damaged("it has more than one stream: choose one with -map");
        }
        number(from); // distance of sync points
        int timeBases = small(from, 1024);
        timeBaseNumerators = new long[timeBases];
        timeBaseDenominators = new long[timeBases];
        for (int i = 0; i < timeBases; i++) {
            timeBaseNumerators[i] = Math.max(1, small(from, Integer.MAX_VALUE));
            timeBaseDenominators[i] = Math.max(1, small(from, Integer.MAX_VALUE));
        }
        frameCodes(from);
        if (from.hasRemaining()) {
            elided = new byte[small(from, MAX_ELIDED_HEADERS) + 1][];
            elided[0] = NONE;
            for (int i = 1; i < elided.length; i++) {
                elided[i] = bytes(from);
            }
        }
    }

    private void frameCodes(ByteBuffer from) {
        int step = 0;
        int factor = 1;
        int header = 0;
        for (int code = 0; code < CODES; ) {
            int flag = small(from, Integer.MAX_VALUE);
            int fields = small(from, Integer.MAX_VALUE);
            if (fields > 0) {
                step = (int) signed(number(from));
            }
            if (fields > 1) {
                factor = small(from, 1 << 14);
            }
            if (fields > 2) {
                small(from, 0); // the stream
            }
            int size = fields > 3 ? small(from, 1 << 14) : 0;
            int reserved = fields > 4 ? small(from, 256) : 0;
            int count = fields > 5 ? small(from, CODES) : factor - size;
            if (fields > 6) {
                number(from); // match time
            }
            if (fields > 7) {
                header = small(from, MAX_ELIDED_HEADERS);
            }
            for (int i = 8; i < fields; i++) {
                number(from);
            }
            if (count <= 0) {
                throw damaged("its table of frame codes has an empty run");
            }
            for (int i = 0; i < count && code < CODES; code++) {
                if (code == 'N') {
                    flags[code] = FLAG_INVALID;
                    continue;
                }
                flags[code] = flag;
                ptsSteps[code] = step;
                sizeFactors[code] = factor;
                sizes[code] = size + i;
                reservedCounts[code] = reserved;
                headerIndexes[code] = header;
                i++;
            }
        }
    }

    private void streamHeader(ByteBuffer from) {
        if (timeBaseNumerators.length == 0) {
            throw damaged("it has no main header");
        }
        number(from); // the stream
        if (number(from) != 0) {
            throw damaged("it has no video");
        }
        pixelTag = bytes(from);
        timeBase = small(from, timeBaseNumerators.length - 1);
        msbShift = small(from, 16);
        number(from); // distance of times
        number(from); // delay of the decoder
        number(from); // flags
        bytes(from); // data of the codec
        width = small(from, 1 << 20);
        height = small(from, 1 << 20);
        hasStream = true;
    }

    private void syncPoint(ByteBuffer from) {
        long coded = number(from);
        int bases = timeBaseNumerators.length;
        if (bases == 0) {
            throw damaged("it has no main header");
        }
        long time = coded / bases;
        int base = (int) (coded % bases);
        lastPts = base == timeBase
                ? time
                : (long) ((double) time
                        * timeBaseNumerators[base]
                        / timeBaseDenominators[base]
                        * timeBaseDenominators[timeBase]
                        / timeBaseNumerators[timeBase]);
    }

    /** Only the rate is of interest: names with values, of which text, rationals and integers are told apart by a number. */
    private void info(ByteBuffer from) {
        number(from); // the stream
        number(from); // chapter
        number(from); // start
        number(from); // length
        int count = small(from, 1024);
        for (int i = 0; i < count; i++) {
            String name = new String(bytes(from), StandardCharsets.UTF_8);
            long kind = signed(number(from));
            if (kind == -1 || kind == -2) {
                if (kind == -2) {
                    bytes(from); // name of the type
                }
                String value = new String(bytes(from), StandardCharsets.UTF_8);
                if (name.equals("r_frame_rate") && value.matches("[1-9][0-9]{0,8}/[1-9][0-9]{0,8}")) {
                    String[] ratio = value.split("/");
                    rateHz = OptionalDouble.of(Double.parseDouble(ratio[0]) / Double.parseDouble(ratio[1]));
                }
            } else if (kind < -2) {
                number(from);
            }
        }
    }
}
