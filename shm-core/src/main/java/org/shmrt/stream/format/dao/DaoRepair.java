package org.shmrt.stream.format.dao;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.stream.format.RepairPlan;
import org.shmrt.stream.format.dao.DaoDescriptor.Variant;

/**
 * Computes the correct words of a ring from the size of the file and the headers of all slots. A program of the layout
 * before the ring treats those words as its first pixels and overwrites them with its first frame.
 */
final class DaoRepair {
    /** Deeper files are not repaired, because reading all their headers would take long. */
    private static final int MAX_DEPTH = 1 << 16;

    private DaoRepair() {}

    /** The repair of a damaged file; empty if it cannot be repaired. */
    static Optional<RepairPlan> plan(Path path, MemorySegment file) {
        if (file.byteSize() < Variant.FIFO.headerBytes || DaoLayouts.version(file) > 0) {
            return Optional.empty();
        }
        DaoHeader header = DaoHeader.of(file, Variant.FIFO);
        if (header.fault() != null) {
            return Optional.empty();
        }
        for (Variant variant : List.of(Variant.FIFO, Variant.WIDE)) {
            int depth = depth(file, header, variant);
            if (depth > 0) {
                return plan(path, file, variant, depth);
            }
        }
        return Optional.empty();
    }

    /** The depth that follows from the size of the file, if all its headers describe the same image; else 0. */
    private static int depth(MemorySegment file, DaoHeader header, Variant variant) {
        if (header.frameBytes() > file.byteSize()) {
            return 0;
        }
        long slotBytes = variant.headerBytes + header.frameBytes();
        long bytes = file.byteSize() - (long) header.keywords() * DaoDescriptor.KEYWORD_BYTES;
        if (bytes < slotBytes || bytes % slotBytes != 0 || bytes / slotBytes > MAX_DEPTH) {
            return 0;
        }
        int depth = (int) (bytes / slotBytes);
        for (int slot = 1; slot < depth; slot++) {
            if (!header.agreesWith(file, (long) slot * variant.headerBytes, variant)) {
                return 0;
            }
        }
        return depth;
    }

    private static Optional<RepairPlan> plan(Path path, MemorySegment file, Variant variant, int depth) {
        List<RepairPlan.Word> words = new ArrayList<>();
        addWord(words, file, "fifo_size", variant.fifoSize, depth);
        addWord(words, file, "fifo_last_written", variant.fifoLastWritten(), newestSlot(file, variant, depth));
        if (words.isEmpty()) {
            return Optional.empty();
        }
        List<String> remarks = new ArrayList<>();
        if (variant == Variant.FIFO && depth == 1 && words.getFirst().name().equals("fifo_size")) {
            remarks.add("a program of the layout before FIFO may have written the newest frame at an offset 8 bytes too"
                    + " low: do not use that frame, and do not let such a program write again");
        }
        return Optional.of(new RepairPlan(path, words, remarks));
    }

    /** The slot with the highest count. In a stream without a frame it is the last slot, as after creation. */
    private static int newestSlot(MemorySegment file, Variant variant, int depth) {
        int newest = depth - 1;
        long highest = 0;
        for (int slot = 0; slot < depth; slot++) {
            long count = file.get(JAVA_LONG, (long) slot * variant.headerBytes + DaoDescriptor.CNT0);
            if (Long.compareUnsigned(count, highest) > 0) {
                newest = slot;
                highest = count;
            }
        }
        return newest;
    }

    private static void addWord(List<RepairPlan.Word> words, MemorySegment file, String name, int offset, int wanted) {
        int found = file.get(JAVA_INT, offset);
        if (found != wanted) {
            words.add(new RepairPlan.Word(name, offset, Integer.toUnsignedLong(found), wanted));
        }
    }
}
