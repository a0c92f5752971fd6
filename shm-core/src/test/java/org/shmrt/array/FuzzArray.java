package org.shmrt.array;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.fuzz.FuzzCheck;
import org.shmrt.fuzz.FuzzMemory;
import org.shmrt.fuzz.FuzzTarget;
import org.shmrt.fuzz.Seeds;
import org.shmrt.posix.MappedFile;

/** A file of SharedArray of any header version: detected, attached, and its elements, slices and copies read. */
final class FuzzArray implements FuzzTarget {
    private static final Path PATH = Path.of("/dev/shm/shmrt-fuzz-none");
    private static final MethodHandle ATTACH =
            FuzzMemory.constructor(SharedArray.class, ArrayInfo.class, Arena.class, MappedFile.class);

    private final FuzzMemory memory = new FuzzMemory(1 << 16);

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>(Seeds.files("/golden/sharedarray", "", mostInputBytes()));
        seeds.addAll(Seeds.files("/golden/corrupt", "sa_", mostInputBytes()));
        return seeds;
    }

    @Override
    public int mostInputBytes() {
        return 4096;
    }

    @Override
    public long mostBytes(int inputBytes) {
        return 64L * inputBytes + (512 << 10);
    }

    @Override
    public void use(byte[] input) {
        MemorySegment file = memory.holding(input).asReadOnly();
        ArrayInfo info = ArrayFiles.infoOf(PATH, ArrayMetadata.Ends.of(file));
        SharedArray array = FuzzMemory.call(ATTACH, info, Arena.global(), FuzzMemory.region(file));
        array.copyTo(MemorySegment.ofArray(new byte[Math.toIntExact(array.byteSize())]));
        var _ = array.toString();
        array.asByteBuffer();
        read(array);
        FuzzCheck.tolerate(() -> read(array.asColumnMajor()));
        FuzzCheck.tolerate(() -> array.complex().asByteBuffer());
        if (array.shape().rank() > 0 && array.shape().length(0) > 0) {
            read(array.slice(array.shape().length(0) - 1));
            read(array.slice(0, array.shape().length(0)));
        }
    }

    private static void read(ArrayView array) {
        long[] last = array.shape().lengths();
        for (int axis = 0; axis < last.length; axis++) {
            if (--last[axis] < 0) {
                return;
            }
        }
        array.element(last);
        array.element(new long[last.length]);
        FuzzCheck.tolerate(() -> array.getLong(last));
        FuzzCheck.tolerate(() -> array.getDouble(last));
        FuzzCheck.tolerate(() -> array.getBoolean(new long[last.length]));
    }
}
