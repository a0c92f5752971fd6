package org.shmrt.block;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.fuzz.FuzzCheck;
import org.shmrt.fuzz.FuzzMemory;
import org.shmrt.fuzz.FuzzTarget;
import org.shmrt.fuzz.Seeds;
import org.shmrt.posix.MappedFile;

/** A block that may be a ShareableList: attached, read, and read and set again after its bytes have changed. */
final class FuzzList implements FuzzTarget {
    private static final MethodHandle BLOCK =
            FuzzMemory.constructor(SharedMemory.class, String.class, Arena.class, MappedFile.class, int.class);
    private static final MethodHandle LIST =
            FuzzMemory.method(ShareableList.class, "of", ShareableList.class, SharedMemory.class);

    // Malformed items are read many times, in case another process is replacing them, so only a few are tested.
    private static final int MAX_CHANGED_ITEMS = 2;

    private final FuzzMemory memory = new FuzzMemory(1 << 16);

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>(Seeds.files("/golden/pyshm", "", 600));
        seeds.addAll(Seeds.files("/golden/corrupt", "shareablelist_", 600));
        return seeds;
    }

    @Override
    public int mostInputBytes() {
        return 1024;
    }

    @Override
    public long mostBytes(int inputBytes) {
        // Each item can be rejected three times, and takes 25 bytes.
        return 1024L * inputBytes + (512 << 10);
    }

    @Override
    public void use(byte[] input) {
        MemorySegment bytes = memory.holding(input);
        try (SharedMemory block = block(bytes.asReadOnly())) {
            ShareableList list = FuzzMemory.call(LIST, block);
            read(list, list.size());
            list.hasPython38Index();
        }
        try (SharedMemory block = block(bytes)) {
            ShareableList list = FuzzMemory.call(LIST, block);
            FuzzMemory.scramble(bytes);
            int items = Math.min(MAX_CHANGED_ITEMS, list.size());
            read(list, items);
            for (int item = 0; item < items; item++) {
                list.set(item, item % 2 == 0 ? (Object) 1.5 : "");
                list.get(item);
            }
        }
    }

    private static SharedMemory block(MemorySegment bytes) {
        return FuzzMemory.call(BLOCK, "shmrt-fuzz-none", Arena.ofConfined(), FuzzMemory.region(bytes), 0600);
    }

    private static void read(ShareableList list, int items) {
        for (int i = 0; i < items; i++) {
            int item = i;
            FuzzCheck.tolerate(() -> list.get(item));
            FuzzCheck.tolerate(() -> list.kind(item));
            FuzzCheck.tolerate(() -> list.getBytes(item));
        }
    }
}
