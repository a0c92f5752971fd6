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
 * before the ring treats those words as its first pixels and overwrites them with its first frame. In layout version 2 a
 * packet with an id beyond the table overwrites them.
 */
final class DaoRepair {
    /** Deeper files are not repaired, because reading all their headers would take long. */
    private static final int MAX_DEPTH = 1 << 16;

    private DaoRepair() {}

    /** The repair of a damaged file; empty if it cannot be repaired. */
    static Optional<RepairPlan> plan(Path path, MemorySegment file) {
        if (file.byteSize() < Variant.FIFO.headerBytes) {
            return Optional.empty();
        }
        List<Variant> variants = switch (DaoLayouts.version(file)) {
            case 0 -> List.of(Variant.FIFO, Variant.WIDE);
            case 2 -> List.of(Variant.VERSION_2);
            default -> List.of();
        };
        for (Variant variant : variants) {
            if (file.byteSize() < variant.headerBytes) {
                continue;
            }
            DaoHeader header = DaoHeader.of(file, variant);
            int depth = header.fault() == null ? depth(file, header, variant) : 0;
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
        if (variant.isVersioned()) {
            remarks.add("programs of DAO do not check packet ids, and one of " + variant.packets
                    + " or more overwrites these words: check the program that writes packets");
        }
        return Optional.of(new RepairPlan(path, words, remarks));
    }

    /** The slot with the highest count. In a stream without a frame it is the last slot, as after creation. */
    private static int newestSlot(MemorySegment file, Variant variant, int depth) {
        int newest = depth - 1;
        long highest = 0;
        for (int slot = 0; slot < depth; slot++) {
            long count = file.get(JAVA_LONG, (long) slot * variant.headerBytes + variant.at(DaoDescriptor.CNT0));
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
