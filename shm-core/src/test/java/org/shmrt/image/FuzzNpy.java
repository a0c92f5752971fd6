package org.shmrt.image;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.OptionalLong;
import org.shmrt.fuzz.FuzzMemory;
import org.shmrt.fuzz.FuzzTarget;
import org.shmrt.fuzz.Seeds;
import org.shmrt.memory.MemoryImage;

/** Reads an .npy file, and the same bytes from a pipe. */
final class FuzzNpy implements FuzzTarget {
    private static final MethodHandle READ = FuzzMemory.method(
            NpyFile.class, "read", MemoryImage.class, InputStream.class, String.class, OptionalLong.class);

    @Override
    public List<byte[]> seeds() {
        return Seeds.files("/org/shmrt/image", "", 600).stream()
                .filter(seed -> seed.length > 6 && seed[1] == 'N')
                .toList();
    }

    @Override
    public int mostInputBytes() {
        return 600;
    }

    @Override
    public long mostBytes(int inputBytes) {
        return 64L * inputBytes + (512 << 10);
    }

    @Override
    public void use(byte[] input) {
        MemoryImage image =
                FuzzMemory.call(READ, new ByteArrayInputStream(input), "x.npy", OptionalLong.of(input.length));
        // The length of a pipe is unknown, so even a short one gets a large first buffer: only valid files are read as
        // pipes.
        MemoryImage piped = NpyFile.read(new ByteArrayInputStream(input), "-");
        if (image.data().mismatch(piped.data()) >= 0) {
            throw new AssertionError("the pixels from a pipe differ");
        }
    }
}
