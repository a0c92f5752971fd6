package org.shmrt.image;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.shmrt.fuzz.FuzzMemory;
import org.shmrt.fuzz.FuzzTarget;
import org.shmrt.fuzz.Seeds;
import org.shmrt.memory.MemoryImage;

/** A .npy file, and the same bytes from a pipe. */
final class FuzzNpy implements FuzzTarget {
    private static final MethodHandle READ =
            FuzzMemory.method(NpyFile.class, "read", MemoryImage.class, InputStream.class, String.class, long.class);

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
        MemoryImage image = FuzzMemory.call(READ, new ByteArrayInputStream(input), "x.npy", (long) input.length);
        // A pipe's length is not known: it gets a first buffer however short it is, so sound ones only.
        MemoryImage piped = NpyFile.read(new ByteArrayInputStream(input), "-");
        if (image.data().mismatch(piped.data()) >= 0) {
            throw new AssertionError("other pixels from a pipe");
        }
    }
}
