package org.shmrt.stream.format.dao;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.shmrt.stream.format.KeywordLayout;
import org.shmrt.stream.format.PacketLayout;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.StreamLayout;
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

    /**
     * Programs of the layouts without a version store 1 at this offset when they open a stream. In a stream of version 2
     * it belongs to the name.
     */
    private static final int STRAY = DaoDescriptor.SHARED;

    private DaoLayouts() {}

    /** The version of a file with the magic number, 0 for the layouts without one. */
    static int version(MemorySegment head) {
        // A name that starts with the same characters continues with characters, which are a large number.
        int version = head.get(JAVA_INT, DaoDescriptor.LAYOUT_VERSION);
        return head.get(JAVA_INT, 0) == DaoDescriptor.MAGIC && version > 0 && version < VERSIONS ? version : 0;
    }

    /** The layouts of a version, the most likely first; empty if the version is unknown. */
    static List<Variant> versioned(int version) {
        return switch (version) {
            case 2 -> List.of(Variant.VERSION_2, Variant.MACOS_VERSION_2);
            case 3 -> List.of(Variant.MACOS_VERSION_3);
            default -> List.of();
        };
    }

    /** The variant of a layout of this format. */
    static Variant variant(StreamLayout layout) {
        return Arrays.stream(Variant.values())
                .filter(variant -> variant.label.equals(layout.variant()))
                .findFirst()
                .orElseThrow();
    }

    /** Whether the depth in the header agrees with the size of the file. */
    static boolean hasRing(MemorySegment head, Variant variant, long fileBytes, DaoHeader header) {
        if (head.byteSize() < variant.headerBytes) {
            return false;
        }
        long depth = depth(head, variant);
        return depth > 0
                && depth <= Integer.MAX_VALUE
                && variant.fits(depth, header.frameBytes(), header.keywords(), fileBytes);
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
            if (hasRing(head, variant, fileBytes, header)) {
                found.add(variant);
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
        StreamLayoutBuilder builder = of(variant, depth, fileBytes, header)
                .storedName(name(head, variant, warnings))
                .semaphores(semaphores(path, head, variant, warnings));
        if (variant.readOnlyReason != null) {
            builder.readOnly(variant.readOnlyReason);
        }
        addGpu(builder, head, variant);
        return builder.warnings(warnings);
    }

    private static String name(MemorySegment head, Variant variant, List<String> warnings) {
        int bytes = variant.nameBytes();
        MemorySegment name = MemorySegment.ofArray(new byte[bytes]);
        MemorySegment.copy(head, variant.nameOffset(), name, 0, bytes);
        int stray = STRAY - variant.nameOffset();
        if (variant.isVersioned() && name.get(JAVA_BYTE, stray) == 1) {
            warnings.add("a program of DAO before layout version 2 opened the stream and stored 1 at offset " + STRAY
                    + ", in the name: such programs use wrong offsets and can damage the stream, so do not run them on"
                    + " it");
            // The byte was the end of the name, or unused after its end, or a character that is unknown now.
            name.set(JAVA_BYTE, stray, (byte) (name.get(JAVA_BYTE, stray + 1L) == 0 ? 0 : '?'));
        }
        if (FixedText.length(name, 0, bytes) == bytes) {
            warnings.add("the name in the header has no NUL at its end; DAO's own programs read beyond it into the "
                    + "next fields");
        }
        return FixedText.fileName(name, 0, bytes);
    }

    private static SemaphoreLayout semaphores(Path path, MemorySegment head, Variant variant, List<String> warnings) {
        if (variant.isMacos()) {
            return SemaphoreLayout.NONE;
        }
        int count = Short.toUnsignedInt(head.get(JAVA_SHORT, variant.at(DaoDescriptor.SEM)));
        if (count > variant.maxSemaphores()) {
            warnings.add("the header has a count of " + count + " semaphores; ShmRT uses the " + variant.semaphores()
                    + " of a DAO stream");
            count = variant.semaphores();
        }
        return DaoNames.semaphores(path, variant, count);
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
