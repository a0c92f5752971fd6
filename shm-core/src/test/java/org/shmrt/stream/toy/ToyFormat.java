package org.shmrt.stream.toy;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.CreationInfo;
import org.shmrt.stream.format.DetectionResult;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.format.PastFrames;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamClock;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamLayoutBuilder;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.format.TimeField;

/**
 * A stream format that nobody uses: a ring of slots with semaphores in the file, in a layout unlike DAO's and milk's.
 * It shows that a format needs one package and one line in {@code META-INF/services}.
 *
 * <p>Regions of the file: a header per slot, the frames, the semaphores, the table of their readers, the table of their
 * writers, the keywords.
 */
public final class ToyFormat implements StreamFormat {
    static final String NAME = "toy";

    private static final byte[] MAGIC = "TOYSTRM1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = 128;
    private static final int RANK = 8;
    private static final int AXES = 12;
    private static final int TYPE = 24;
    private static final int DEPTH = 28;
    private static final int KEYWORDS = 32;
    private static final int WRITE_FLAG = 36;
    private static final int ORDER_MARK = 37;
    private static final int CNT0 = 40;
    private static final int CNT1 = 48;
    private static final int CNT2 = 56;
    private static final int CREATED = 64;
    private static final int ACQUIRED = 72;
    private static final int NEWEST_SLOT = 80;
    private static final int CREATOR_PID = 84;
    private static final int INODE = 88;
    private static final int STORED_NAME = 96;
    private static final int STORED_NAME_BYTES = 32;

    private static final int SEMAPHORES = 3;
    private static final int SEMAPHORE_BYTES = 32;
    private static final int SEMAPHORE_CAP = 1;
    private static final int TABLE_BYTES = 4 * SEMAPHORES;
    private static final int NO_PROCESS = -1;
    private static final int KEYWORD_VALUE = KeywordLayout.TYPE_OFFSET + 1;
    private static final int KEYWORD_COMMENT = KEYWORD_VALUE + KeywordLayout.TEXT_BYTES;
    private static final int KEYWORD_BYTES = KEYWORD_COMMENT + KeywordLayout.COMMENT_BYTES;

    /** Called by the service loader. */
    public ToyFormat() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public PastFrames pastFrames() {
        return PastFrames.RING;
    }

    @Override
    public boolean supports(DataType type) {
        return true;
    }

    @Override
    public int headBytes() {
        return HEADER_BYTES;
    }

    @Override
    public int permissions() {
        return 0640;
    }

    @Override
    public DetectionResult detect(Path path, MemorySegment head, long fileBytes) {
        if (head.byteSize() < HEADER_BYTES
                || !Arrays.equals(head.asSlice(0, MAGIC.length).toArray(JAVA_BYTE), MAGIC)) {
            return DetectionResult.foreign("it does not start with " + new String(MAGIC, StandardCharsets.US_ASCII));
        }
        int rank = head.get(JAVA_INT, RANK);
        int type = head.get(JAVA_INT, TYPE);
        int depth = head.get(JAVA_INT, DEPTH);
        int keywords = head.get(JAVA_INT, KEYWORDS);
        if (rank < 1 || rank > 3) {
            return DetectionResult.damaged("its number of axes is " + rank);
        }
        long[] axes = new long[rank];
        for (int i = 0; i < rank; i++) {
            axes[i] = head.get(JAVA_INT, AXES + 4L * i);
        }
        if (Arrays.stream(axes).anyMatch(length -> length < 1)
                || type < 0
                || type >= DataType.values().length
                || depth < 1
                || keywords < 0) {
            return DetectionResult.damaged("its axes, type, depth or number of keywords is impossible");
        }
        byte[] name = head.asSlice(STORED_NAME, STORED_NAME_BYTES).toArray(JAVA_BYTE);
        int end = 0;
        while (end < name.length && name[end] != 0) {
            end++;
        }
        String storedName = new String(name, 0, end, StandardCharsets.UTF_8);
        try {
            StreamLayout layout = layout(storedName, DataType.values()[type], Shape.of(axes), depth, keywords);
            return layout.fileBytes() == fileBytes
                    ? DetectionResult.accepted(layout)
                    : DetectionResult.damaged("its size is " + fileBytes + " bytes, not " + layout.fileBytes());
        } catch (ArithmeticException e) {
            return DetectionResult.damaged("its frames have more bytes than 63 bits can count");
        }
    }

    @Override
    public StreamLayout plan(Path path, StreamSpec spec) {
        if (spec.circular() > 0 || spec.rolling() || spec.variant() != null) {
            throw new IllegalArgumentException("toy streams have neither circular buffers, rolling cubes nor variants");
        }
        byte[] name = path.getFileName().toString().getBytes(StandardCharsets.UTF_8);
        String storedName =
                new String(name, 0, Math.min(name.length, STORED_NAME_BYTES - 1), StandardCharsets.US_ASCII);
        return layout(storedName, spec.type(), spec.shape(), spec.depth(), spec.keywordCount());
    }

    private static StreamLayout layout(String storedName, DataType type, Shape shape, int depth, int keywords) {
        List<Long> axes = new ArrayList<>();
        for (long length : shape.lengths()) {
            axes.add(length);
        }
        long dataOffset = (long) depth * HEADER_BYTES;
        long dataEnd = Math.addExact(dataOffset, Math.multiplyExact(depth, shape.byteSize(type)));
        long semaphores = Math.addExact(dataEnd, SEMAPHORE_BYTES - 1) & -SEMAPHORE_BYTES;
        long log = semaphores + SEMAPHORES * SEMAPHORE_BYTES;
        long readers = log + SEMAPHORE_BYTES;
        long writers = readers + TABLE_BYTES;
        long records = writers + TABLE_BYTES;
        return new StreamLayoutBuilder(NAME, "1")
                .image(type, shape, axes)
                .storedName(storedName)
                .slots(depth, HEADER_BYTES, dataOffset, records + (long) keywords * KEYWORD_BYTES)
                .progress(WRITE_FLAG, ORDER_MARK, NEWEST_SLOT)
                .counters(CNT0, CNT1, CNT2)
                .origin(
                        CREATOR_PID,
                        TimeField.at(CREATED, TimeField.Encoding.NANOSECONDS),
                        TimeField.at(ACQUIRED, TimeField.Encoding.NANOSECONDS))
                .clock(StreamClock.REALTIME, TimeField.NONE)
                .inode(INODE)
                .semaphores(SemaphoreLayout.inFile(semaphores, SEMAPHORES, log, readers, writers, SEMAPHORE_CAP))
                .keywords(new KeywordLayout(records, keywords, KEYWORD_BYTES, KEYWORD_VALUE, KEYWORD_COMMENT))
                .build();
    }

    @Override
    public void initialise(MemorySegment file, StreamLayout layout, CreationInfo creation) {
        byte[] name = layout.storedName().getBytes(StandardCharsets.UTF_8);
        for (int slot = 0; slot < layout.depth(); slot++) {
            MemorySegment header = file.asSlice(layout.headerOffset(slot), HEADER_BYTES);
            MemorySegment.copy(MAGIC, 0, header, JAVA_BYTE, 0, MAGIC.length);
            MemorySegment.copy(name, 0, header, JAVA_BYTE, STORED_NAME, name.length);
            header.set(JAVA_INT, RANK, layout.axes().size());
            for (int i = 0; i < layout.axes().size(); i++) {
                header.set(JAVA_INT, AXES + 4L * i, layout.axes().get(i).intValue());
            }
            header.set(JAVA_INT, TYPE, layout.type().ordinal());
            header.set(JAVA_INT, DEPTH, layout.depth());
            header.set(JAVA_INT, KEYWORDS, layout.keywords().count());
            header.set(JAVA_LONG, CREATED, creation.createdNs());
            header.set(JAVA_LONG, INODE, creation.inode());
            header.set(JAVA_INT, CREATOR_PID, creation.pid());
        }
        file.set(JAVA_INT, NEWEST_SLOT, layout.depth() - 1);
        for (int i = 0; i < SEMAPHORES; i++) {
            file.set(JAVA_INT, layout.semaphores().readerPidOffset() + 4L * i, NO_PROCESS);
            file.set(JAVA_INT, layout.semaphores().writerPidOffset() + 4L * i, NO_PROCESS);
        }
        for (int i = 0; i < layout.keywords().count(); i++) {
            long record = layout.keywords().offset() + (long) i * KEYWORD_BYTES;
            file.set(JAVA_BYTE, record + KeywordLayout.TYPE_OFFSET, KeywordLayout.UNUSED);
        }
    }

    @Override
    public Optional<String> creationWarning(Path path, StreamLayout layout) {
        return Optional.of("only the tests of ShmRT read toy streams");
    }
}
