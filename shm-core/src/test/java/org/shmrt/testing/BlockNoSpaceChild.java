package org.shmrt.testing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.block.SharedMemory;
import org.shmrt.error.NoSpaceException;

/**
 * Uses a sparse block, as Python creates it, in a shared memory that becomes full and then free again, and prints
 * {@code ok}. Runs in a mount namespace with a shared memory of its own.
 */
public final class BlockNoSpaceChild {
    private static final int BYTES = 700 * 1024;

    private BlockNoSpaceChild() {}

    public static void main(String[] words) throws IOException {
        Path directory = BlockScratch.file("sparse").getParent();
        if (Files.getFileStore(directory).getTotalSpace() > 1 << 20) {
            throw new AssertionError("not a shared memory of its own");
        }
        try (RandomAccessFile file =
                new RandomAccessFile(BlockScratch.file("sparse").toFile(), "rw")) {
            file.setLength(BYTES);
        }
        Path filler = Files.write(
                directory.resolve("filler"),
                new byte[(int) Files.getFileStore(directory).getUsableSpace()]);
        MemorySegment bytes = MemorySegment.ofArray(new byte[BYTES]);
        try (SharedMemory block = SharedMemory.attach("sparse")) {
            expectNoSpace(() -> block.read(0, bytes));
            expectNoSpace(() -> block.write(0, bytes));
            Files.delete(filler);
            block.write(0, bytes);
        }
        System.out.println("ok");
    }

    private static void expectNoSpace(Runnable use) {
        try {
            use.run();
        } catch (NoSpaceException e) {
            if (e.getMessage().contains("needed: " + BYTES + " bytes, free: ")) {
                return;
            }
            throw e;
        }
        throw new AssertionError("it has space");
    }
}
