package org.shmrt.block;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.shmrt.fuzz.FuzzMemory;
import org.shmrt.fuzz.FuzzTarget;
import org.shmrt.testing.PythonStreamFile;

/** The metadata of a stream of pyshmem or pyRTC; the last byte of an input is the size of the object with the pixels. */
final class FuzzPythonStream implements FuzzTarget {
    private static final Path PATH = Path.of("/dev/shm/shmrt-fuzz-none");

    private final FuzzMemory memory = new FuzzMemory(1 << 16);

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (PythonStreamFile file : PythonStreamFile.values()) {
            byte[] metadata = file.metadata(8);
            byte[] seed = Arrays.copyOf(metadata, metadata.length + 1);
            seed[metadata.length] = PythonStreamFile.DATA_BYTES;
            seeds.add(seed);
        }
        return seeds;
    }

    @Override
    public int mostInputBytes() {
        return PythonMetadata.MAX_BYTES + 1;
    }

    @Override
    public long mostBytes(int inputBytes) {
        return 64L * inputBytes + (512 << 10);
    }

    @Override
    public void use(byte[] input) {
        if (input.length == 0) {
            return;
        }
        MemorySegment bytes = memory.holding(input);
        MemorySegment metadata = bytes.asSlice(0, input.length - 1L);
        long dataBytes = Byte.toUnsignedLong(input[input.length - 1]);
        Optional<PythonMetadata> found = PythonMetadata.parse(PATH, metadata.asReadOnly(), dataBytes);
        if (found.isPresent()) {
            check(found.get(), metadata, dataBytes);
            // Another process may change the words while they are read.
            FuzzMemory.scramble(bytes);
            check(found.get(), metadata, dataBytes);
        }
    }

    private static void check(PythonMetadata found, MemorySegment metadata, long dataBytes) {
        PythonStreamInfo info = found.info(metadata);
        if (info.frameBytes() != dataBytes || info.writtenNs() < 0) {
            throw new AssertionError(
                    "frames of " + info.frameBytes() + " bytes in " + dataBytes + ", written at " + info.writtenNs());
        }
        boolean ignored = Double.isNaN(info.ageSeconds());
    }
}
