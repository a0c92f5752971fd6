package org.shmrt.doctor;

import java.util.BitSet;

/** Sets of processors as the kernel writes them: {@code 0-3,8}. */
final class CpuList {
    /** More than Linux supports. */
    private static final int MAX_CPUS = 1 << 16;

    private CpuList() {}

    /** Parses a list. Parts that are not numbers or ranges are ignored. */
    static BitSet parse(String text) {
        BitSet cpus = new BitSet();
        for (String part : text.strip().split(",")) {
            String[] ends = part.strip().split("-", 2);
            long first = SystemFiles.parse(ends[0]).orElse(-1);
            long last = ends.length == 1 ? first : SystemFiles.parse(ends[1]).orElse(-1);
            if (first >= 0 && last >= first && last < MAX_CPUS) {
                cpus.set((int) first, (int) last + 1);
            }
        }
        return cpus;
    }

    /** {@code 1,4,5}. */
    static String text(BitSet cpus) {
        StringBuilder text = new StringBuilder();
        cpus.stream().forEach(cpu -> text.append(text.isEmpty() ? "" : ",").append(cpu));
        return text.toString();
    }
}
