package org.shmrt.stream.format.dao;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.format.PacketLayout;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamLayoutBuilder;
import org.shmrt.stream.format.TimeField;
import org.shmrt.stream.format.dao.DaoDescriptor.Variant;
import org.shmrt.text.FixedText;

/** Builds the layout of a DAO stream from its header. */
final class DaoLayouts {
    /** The layouts without a version whose frames are in a ring. */
    static final List<Variant> RINGS = List.of(Variant.FIFO, Variant.WIDE, Variant.MACOS);

    /** The layouts of one frame. Their headers and so their files differ in size. */
    static final List<Variant> SINGLE =
            List.of(Variant.PRE_FIFO, Variant.MACOS_PRE_FIFO, Variant.MACOS_SHORT, Variant.REGISTRY);

    private static final int VERSIONS = 256;

    private DaoLayouts() {}

    /** The version of a file with the magic number, 0 for the layouts without one. */
    static int version(MemorySegment head) {
        // A name that starts with the same characters continues with characters, which are a large number.
        int version = head.get(JAVA_INT, DaoDescriptor.LAYOUT_VERSION);
        return head.get(JAVA_INT, 0) == DaoDescriptor.MAGIC && version > 0 && version < VERSIONS ? version : 0;
    }

    /** The depth in the header, which may be invalid. */
    static long depth(MemorySegment head, Variant variant) {
        return Integer.toUnsignedLong(head.get(JAVA_INT, variant.fifoSize));
    }

    /**
     * The layouts with a ring for which the depth in the header agrees with the size of the file, the most likely
     * first.
     */
    static List<Variant> rings(MemorySegment head, long fileBytes, DaoHeader header) {
        List<Variant> found = new ArrayList<>();
        for (Variant variant : RINGS) {
            if (head.byteSize() >= variant.headerBytes) {
                long depth = depth(head, variant);
                if (depth > 0
                        && depth <= Integer.MAX_VALUE
                        && variant.fits(depth, header.frameBytes(), header.keywords(), fileBytes)) {
                    found.add(variant);
                }
            }
        }
        // The sizes of two layouts can be equal, and the words of one can be packets or pixels of the other. Then the
        // header of the second slot decides.
        if (found.size() > 1
                && depth(head, found.getFirst()) > 1
                && head.byteSize() >= 2L * found.getFirst().headerBytes
                && !header.agreesWith(head, found.getFirst().headerBytes, found.getFirst())) {
            found.removeFirst();
        }
        return found;
    }

    /**
     * Whether the words of a ring of one frame are at the position of the first counters on macOS. Such a file is one
     * of Linux with additional bytes: DAO posts all semaphores of a stream alike, so the first two counters are
     * unlikely to be 1 and 0.
     */
    static boolean hasRingOfOne(MemorySegment head) {
        return depth(head, Variant.FIFO) == 1 && head.get(JAVA_INT, Variant.FIFO.fifoLastWritten()) == 0;
    }

    /** The layout of a file. */
    static StreamLayoutBuilder of(
            Path path, MemorySegment head, Variant variant, int depth, long fileBytes, DaoHeader header) {
        List<String> warnings = new ArrayList<>();
        if (FixedText.length(head, variant.nameOffset(), variant.nameBytes()) == variant.nameBytes()) {
            warnings.add("the name in the header has no NUL at its end; DAO's own programs read beyond it into the "
                    + "next fields");
        }
        StreamLayoutBuilder builder = of(variant, depth, fileBytes, header)
                .storedName(FixedText.get(head, variant.nameOffset(), variant.nameBytes()))
                .semaphores(semaphores(path, head, variant, warnings));
        if (variant.readOnlyReason != null) {
            builder.readOnly(variant.readOnlyReason);
        }
        addGpu(builder, head, variant);
        return builder.warnings(warnings);
    }

    private static SemaphoreLayout semaphores(Path path, MemorySegment head, Variant variant, List<String> warnings) {
        if (variant.isMacos()) {
            return SemaphoreLayout.NONE;
        }
        int count = Short.toUnsignedInt(head.get(JAVA_SHORT, variant.at(DaoDescriptor.SEM)));
        if (count > variant.semaphores()) {
            warnings.add("the header has a count of " + count + " semaphores; ShmRT uses the " + variant.semaphores()
                    + " of a DAO stream");
            count = variant.semaphores();
        }
        return DaoNames.semaphores(path, count);
    }

    private static void addGpu(StreamLayoutBuilder builder, MemorySegment head, Variant variant) {
        int magic = variant.gpuMagic < 0 ? 0 : head.get(JAVA_INT, variant.gpuMagic);
        if (magic == 0) {
            return;
        }
        int flags = head.get(JAVA_INT, variant.gpuMagic + DaoDescriptor.GPU_FLAGS);
        if (magic == DaoDescriptor.GPU_MAGIC && (flags & DaoDescriptor.GPU_MIRROR) != 0) {
            builder.readOnly("its pixels are on a GPU; ShmRT reads the copy in the file, which DAO keeps up to date");
        } else {
            builder.headerOnly("its pixels are on a GPU, which ShmRT cannot read, and the copy in the file is not kept "
                    + "current (DAO keeps it current for streams created with DAO_GPU_MIRROR)");
        }
    }

    /** The layout of a file, without its name and semaphores. */
    static StreamLayoutBuilder of(Variant variant, int depth, long fileBytes, DaoHeader header) {
        long dataOffset = (long) depth * variant.headerBytes;
        return new StreamLayoutBuilder("dao", variant.label)
                .image(header.type(), header.shape(), header.axes())
                .slots(depth, variant.headerBytes, dataOffset, fileBytes)
                .progress(
                        variant.at(DaoDescriptor.WRITE),
                        variant.at(DaoDescriptor.ORDER_MARK),
                        variant.fifoLastWritten())
                .counters(
                        variant.at(DaoDescriptor.CNT0), variant.at(DaoDescriptor.CNT1), variant.at(DaoDescriptor.CNT2))
                .origin(
                        -1,
                        TimeField.at(variant.at(DaoDescriptor.CREATION_TIME), TimeField.Encoding.SECONDS),
                        TimeField.at(variant.at(DaoDescriptor.ATIME_NS), TimeField.Encoding.NANOSECONDS))
                .packets(new PacketLayout(
                        variant.at(DaoDescriptor.LAST_POS),
                        variant.at(DaoDescriptor.LAST_NB),
                        variant.at(DaoDescriptor.PACKET_NB),
                        variant.at(DaoDescriptor.PACKET_TOTAL),
                        variant.at(DaoDescriptor.LAST_NB_ARRAY),
                        variant.packets))
                .keywords(new KeywordLayout(
                        dataOffset + depth * header.frameBytes(),
                        header.keywords(),
                        DaoDescriptor.KEYWORD_BYTES,
                        DaoDescriptor.KEYWORD_VALUE,
                        DaoDescriptor.KEYWORD_COMMENT));
    }
}
