package org.shmrt.stream.format.milk;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.shmrt.stream.format.DetectionResult;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.format.StreamClock;
import org.shmrt.stream.format.StreamLayoutBuilder;
import org.shmrt.stream.format.TimeField;
import org.shmrt.text.FixedText;

/**
 * The layouts of ImageStreamIO before 2.00, and that of the Python package xaosim. ShmRT reads them and does not write
 * them. Up to {@code writetime} at 200 the header is that of {@link MilkDescriptor}. The frame follows the header, and
 * the keywords follow the frame, without padding. The other regions are not used: readers poll the counter.
 *
 * <pre>
 *   version text       header  creatorPID  shared  inode  location  cnt0  write  NBkw  keyword
 *   xaosim                336           -     216      -         -   240    264   266      120
 *   0.0.00, 0.0.01        336           -     216      -       217   240    264   266      120
 *   1.0                   344         216     224      -       225   248    272   274      120
 *   1.01, 1.02, 1.03      360         216     224    232       240   264    288   290      120
 *   1.04, 1.05            384         216     224    232       240   264    288   290      128
 *   1.05 with a list of
 *   the last writes       400         216     224    232       240   264    288   290      128
 * </pre>
 *
 * <p>The number of semaphores (u16) is 6 bytes before cnt0; cnt1 and cnt2 follow it. The last two store the size of a frame at 312 and 328. A keyword of 120 bytes has its
 * comment at 40 and no counter. xaosim fills its version text and its name with blanks, rounds the file's size up to
 * pages, and stores neither times nor the length of the axis of a one-dimensional stream.
 *
 * <p>Source: header texts of ImageStreamIO from 2019 to 2023 and files created by them; files of xaosim.
 */
enum OlderVersion {
    XAOSIM("xaosim", "xaosim", 336, -1, 216, -1, -1, 240),
    V0_0("0.0", "0.0.00 0.0.01", 336, -1, 216, -1, 217, 240),
    V1_00("1.0", "1.0", 344, 216, 224, -1, 225, 248),
    V1_01("1.01", "1.01 1.02 1.03", 360, 216, 224, 232, 240, 264),
    V1_04("1.04", "1.04 1.05", 384, 216, 224, 232, 240, 264),
    V1_05_WRITE_HISTORY("1.05-writehistory", "1.05", 400, 216, 224, 232, 240, 264);

    private static final int SHORT_KEYWORD_BYTES = 120;
    private static final int SHORT_KEYWORD_COMMENT = 40;
    private static final int SEM_BEFORE_CNT0 = 6;
    private static final int SEMAPHORE_BYTES = 32;
    private static final int PAGE_BYTES = 4096;

    private final String label;
    /** The version texts, separated by blanks. */
    private final String texts;

    private final int headerBytes;
    private final int creatorPid;
    private final int shared;
    private final int inode;
    private final int location;
    private final int cnt0;

    OlderVersion(
            String label,
            String texts,
            int headerBytes,
            int creatorPid,
            int shared,
            int inode,
            int location,
            int cnt0) {
        this.label = label;
        this.texts = texts;
        this.headerBytes = headerBytes;
        this.creatorPid = creatorPid;
        this.shared = shared;
        this.inode = inode;
        this.location = location;
        this.cnt0 = cnt0;
    }

    /**
     * Examines a file whose version text may be an older one.
     *
     * @param head a private copy of its first bytes, as many as {@link MilkHeader#BYTES}
     * @param fileBytes size of the whole file
     * @return the layout or the reason why there is none; empty if the version text is not an older one
     */
    static Optional<DetectionResult> detect(MemorySegment head, long fileBytes) {
        String text = text(head, 0, MilkDescriptor.VERSION_BYTES);
        Optional<DetectionResult> interim = InterimVersion.detect(text, head);
        if (interim.isPresent()) {
            return interim;
        }
        DetectionResult result = null;
        for (OlderVersion version : values()) {
            // The last one that accepts the file, or the first reason.
            if (version.texts().contains(text) && (result == null || version.storesFrameBytes(head))) {
                result = version.examine(text, head, fileBytes);
            }
        }
        return Optional.ofNullable(result);
    }

    private List<String> texts() {
        return List.of(texts.split(" "));
    }

    /** Whether the size of a frame is stored where only the largest header has it. */
    private boolean storesFrameBytes(MemorySegment head) {
        MilkImage image = MilkImage.of(head);
        return this == V1_05_WRITE_HISTORY
                && image.fault().isEmpty()
                && head.get(JAVA_LONG, MilkDescriptor.Variant.WRITE_HISTORY.dataBytes)
                        == image.shape().byteSize(image.type());
    }

    private DetectionResult examine(String text, MemorySegment head, long fileBytes) {
        MilkImage stored = MilkImage.of(head);
        MilkImage image = this == XAOSIM ? stored.withAxisFromCount() : stored;
        Optional<String> fault = image.fault();
        if (fault.isPresent()) {
            return damaged(text, fault.get());
        }
        if (head.get(JAVA_BYTE, shared) != 1) {
            return damaged(
                    text,
                    "its flag of a shared stream (offset " + shared + ") is "
                            + Byte.toUnsignedInt(head.get(JAVA_BYTE, shared)) + ", not 1");
        }
        int gpu = location < 0 ? MilkDescriptor.LOCATION_CPU : head.get(JAVA_BYTE, location);
        if (gpu < MilkDescriptor.LOCATION_CPU) {
            return damaged(text, "its location (offset " + location + ") is " + gpu + ", not -1 or a GPU");
        }
        boolean inFile = gpu == MilkDescriptor.LOCATION_CPU;
        int keywords = Short.toUnsignedInt(head.get(JAVA_SHORT, keywordCount()));
        long frameBytes = inFile ? image.shape().byteSize(image.type()) : 0;
        long keywordsAt = headerBytes + frameBytes;
        // Negative also if the sum overflowed.
        long rest = keywordsAt < 0 ? -1 : fileBytes - keywordsAt - (long) keywords * keywordBytes();
        if (rest < 0 || rest > maxRestBytes(head, image, frameBytes)) {
            return damaged(
                    text,
                    "its size is " + fileBytes + " bytes, too " + (rest < 0 ? "few" : "many") + " for " + image.shape()
                            + " " + image.type() + " and " + keywords + " keywords");
        }
        StreamLayoutBuilder builder = builder(text, head, fileBytes)
                .image(image.type(), image.shape(), image.axes())
                .keywords(keywordLayout(keywordsAt, keywords));
        if (!inFile) {
            builder.headerOnly("its pixels are in the memory of GPU " + gpu + ", which ShmRT cannot read");
        }
        return DetectionResult.accepted(builder.build());
    }

    private StreamLayoutBuilder builder(String text, MemorySegment head, long fileBytes) {
        String name = this == XAOSIM ? "xaosim" : "ImageStreamIO " + text;
        return new StreamLayoutBuilder("milk", texts().size() > 1 ? text : label)
                .storedName(text(head, MilkDescriptor.NAME, MilkDescriptor.NAME_BYTES))
                .slots(1, headerBytes, headerBytes, fileBytes)
                .progress(cnt0 + 24, -1, -1)
                .counters(cnt0, cnt0 + 8, cnt0 + 16)
                .origin(creatorPid, timespec(MilkDescriptor.CREATION_TIME), timespec(MilkDescriptor.ATIME))
                .clock(StreamClock.TAI, timespec(MilkDescriptor.WRITE_TIME))
                .inode(inode)
                .warnings(
                        this == XAOSIM
                                ? List.of("xaosim does not set the write flag, so a torn frame is detected only by "
                                        + "its counter")
                                : List.of())
                .readOnly("it has the layout of " + name + ", another version than the " + MilkDescriptor.VERSION_TEXT
                        + " that ShmRT writes; shm convert makes a copy that can be written");
    }

    /** The most bytes that the regions after the keywords can have. */
    private long maxRestBytes(MemorySegment head, MilkImage image, long frameBytes) {
        // Two tables of process ids and two more words for each semaphore.
        long semaphores = 16L * Short.toUnsignedInt(head.get(JAVA_SHORT, cnt0 - SEM_BEFORE_CNT0));
        if (headerBytes <= V0_0.headerBytes) {
            return semaphores + PAGE_BYTES;
        }
        if (this == V1_00) {
            return semaphores;
        }
        long slices = image.axes().size() == 3 ? image.axes().get(2) : 0;
        long rest = semaphores
                + (long) MilkRecords.TRACE_BYTES * Short.toUnsignedInt(head.get(JAVA_SHORT, MilkDescriptor.NBPROCTRACE))
                + MilkRecords.CUBE_LIST_BYTES * slices;
        if (keywordBytes() == SHORT_KEYWORD_BYTES) {
            return rest;
        }
        long circular = Integer.toUnsignedLong(head.get(JAVA_INT, MilkDescriptor.CBSIZE));
        long history = (long) MilkDescriptor.WRITE_RECORDS * MilkRecords.WRITE_BYTES;
        try {
            return Math.addExact(
                    rest + 2 * semaphores + SEMAPHORE_BYTES + history,
                    Math.multiplyExact(circular, MilkRecords.CIRCULAR_BYTES + frameBytes));
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    private KeywordLayout keywordLayout(long at, int keywords) {
        boolean counted = keywordBytes() == MilkDescriptor.KEYWORD_BYTES;
        return new KeywordLayout(
                at,
                keywords,
                keywordBytes(),
                MilkDescriptor.KEYWORD_VALUE,
                counted ? MilkDescriptor.KEYWORD_COMMENT : SHORT_KEYWORD_COMMENT,
                counted ? MilkDescriptor.KEYWORD_COUNT : -1,
                true);
    }

    private int keywordBytes() {
        return headerBytes < MilkDescriptor.Variant.DEFAULT.headerBytes
                ? SHORT_KEYWORD_BYTES
                : MilkDescriptor.KEYWORD_BYTES;
    }

    /** Position of NBkw, which follows cnt0, cnt1, cnt2 and the write flag. */
    private int keywordCount() {
        return cnt0 + 26;
    }

    private static DetectionResult damaged(String text, String reason) {
        return DetectionResult.damaged("its version (offset 0) is " + text + ", but " + reason);
    }

    /** A text that ends at a NUL, or is filled with blanks. */
    private static String text(MemorySegment head, int offset, int bytes) {
        return FixedText.get(head, offset, bytes).stripTrailing();
    }

    private static TimeField timespec(int offset) {
        return TimeField.at(offset, TimeField.Encoding.TIMESPEC);
    }
}
