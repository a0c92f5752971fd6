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

/** From what a header says to the layout the engine works from. */
final class DaoLayouts {
    /** The layouts with frames in a ring, of those without a version number. */
    static final List<Variant> RINGS = List.of(Variant.FIFO, Variant.WIDE, Variant.MACOS);

    /** Those of one frame. No two of one file size: their headers differ in size. */
    static final List<Variant> SINGLE =
            List.of(Variant.PRE_FIFO, Variant.MACOS_PRE_FIFO, Variant.MACOS_SHORT, Variant.REGISTRY);

    private static final int VERSIONS = 256;

    private DaoLayouts() {}

    /** The version that a file with the magic number bears, 0 for the layouts that have none. */
    static int version(MemorySegment head) {
        // A name that begins with the same letters goes on with letters, which make a large number.
        int version = head.get(JAVA_INT, DaoDescriptor.LAYOUT_VERSION);
        return head.get(JAVA_INT, 0) == DaoDescriptor.MAGIC && version > 0 && version < VERSIONS ? version : 0;
    }

    /** The depth in the header; it may be anything. */
    static long depth(MemorySegment head, Variant variant) {
        return Integer.toUnsignedLong(head.get(JAVA_INT, variant.fifoSize));
    }

    /** The rings whose depth, as the header says it, agrees with the size of the file; the likeliest first. */
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
        // Two sizes can meet, with the words of one where the other has packets or pixels: a second header tells.
        if (found.size() > 1
                && depth(head, found.getFirst()) > 1
                && head.byteSize() >= 2L * found.getFirst().headerBytes
                && !header.agreesWith(head, found.getFirst().headerBytes, found.getFirst())) {
            found.removeFirst();
        }
        return found;
    }

    /**
     * Whether the words of a ring of one frame stand where macOS has its first counters. Such a file is one of Linux
     * with bytes too many: DAO posts all semaphores of a stream alike, so the first two counters hardly are 1 and 0.
     */
    static boolean hasRingOfOne(MemorySegment head) {
        return depth(head, Variant.FIFO) == 1 && head.get(JAVA_INT, Variant.FIFO.fifoLastWritten()) == 0;
    }

    /** The layout of a file. */
    static StreamLayoutBuilder of(
            Path path, MemorySegment head, Variant variant, int depth, long fileBytes, DaoHeader header) {
        List<String> findings = new ArrayList<>();
        if (FixedText.length(head, variant.nameOffset(), variant.nameBytes()) == variant.nameBytes()) {
            findings.add("the name in the header does not end; DAO's own programs read on into the next fields");
        }
        StreamLayoutBuilder builder = of(variant, depth, fileBytes, header)
                .storedName(FixedText.get(head, variant.nameOffset(), variant.nameBytes()))
                .semaphores(semaphores(path, head, variant, findings));
        if (variant.writeRefusal != null) {
            builder.readOnly(variant.writeRefusal);
        }
        addGpu(builder, head, variant);
        return builder.findings(findings);
    }

    private static SemaphoreLayout semaphores(Path path, MemorySegment head, Variant variant, List<String> findings) {
        if (variant.isMacos()) {
            return SemaphoreLayout.NONE;
        }
        int count = Short.toUnsignedInt(head.get(JAVA_SHORT, variant.at(DaoDescriptor.SEM)));
        if (count > variant.semaphores()) {
            findings.add("the header claims " + count + " semaphores; the " + variant.semaphores()
                    + " of a DAO stream are used");
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
            builder.readOnly("its pixels are on a GPU; the copy in the file, which DAO keeps current, is what is read");
        } else {
            builder.headerOnly("its pixels are on a GPU, where ShmRT does not read, and the copy in the file is not "
                    + "kept current (DAO does that for streams created with DAO_GPU_MIRROR)");
        }
    }

    /** The layout of a file yet without name and semaphores. */
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
