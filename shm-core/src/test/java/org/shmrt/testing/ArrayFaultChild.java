package org.shmrt.testing;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.shmrt.array.ArrayFiles;
import org.shmrt.array.SharedArray;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.MappedMemory.Advice;
import org.shmrt.posix.MappedMemory.SyncMode;

/**
 * Uses arrays while their file is truncated, repeatedly, and prints {@code ok} if every access fault became an {@link
 * IncompatibleException}. Runs in its own process, since an unhandled access fault would kill it.
 */
public final class ArrayFaultChild {
    private static final Shape SHAPE = Shape.of(256, 512);

    private final Path path;
    private final Random random = new Random(20261121L);
    private double sum;

    private ArrayFaultChild(Path path) {
        this.path = path;
    }

    public static void main(String[] words) throws Exception {
        ArrayFaultChild child = new ArrayFaultChild(Path.of(words[1]));
        int rounds = Integer.parseInt(words[2]);
        for (int round = 0; round < rounds; round++) {
            try (SharedArray array = SharedArray.create("file://" + child.path, DataType.FLOAT64, SHAPE)) {
                child.use(words[0], array);
            } finally {
                Files.deleteIfExists(child.path);
            }
        }
        System.out.println("ok");
    }

    private void use(String scenario, SharedArray array) throws InterruptedException {
        if (scenario.equals("look")) {
            Truncation.truncate(path, 0);
            inspect(array);
            return;
        }
        Thread truncating = truncateSoon();
        try {
            while (true) {
                switch (scenario) {
                    case "get" -> get(array);
                    case "set" -> set(array);
                    case "copy" -> copy(array);
                    default -> throw new IllegalArgumentException(scenario);
                }
            }
        } catch (IncompatibleException e) {
            expect(e.getMessage().contains("cut off"), e.getMessage());
        }
        truncating.join();
    }

    private void get(SharedArray array) {
        for (long i = 0; i < 256; i++) {
            for (long j = 0; j < 512; j++) {
                sum += array.getDouble(i, j);
            }
        }
    }

    private static void set(SharedArray array) {
        for (long i = 0; i < 256; i++) {
            for (long j = 0; j < 512; j++) {
                array.setDouble(1, i, j);
            }
        }
    }

    private static void copy(SharedArray array) {
        double[] buffer = new double[256 * 512];
        array.copyTo(buffer);
        array.copyFrom(buffer);
    }

    /** All other operations, after the truncation. */
    private void inspect(SharedArray array) {
        MemorySegment buffer = MemorySegment.ofArray(new byte[512 * 8]);
        for (Runnable use : new Runnable[] {
            () -> array.getDouble(0, 0),
            () -> array.setDouble(1, 255, 511),
            () -> array.slice(3).copyTo(buffer),
            () -> array.slice(3).copyFrom(buffer),
            () -> array.asColumnMajor().getDouble(511, 255),
            () -> array.getDouble(new long[] {1, 1}),
            () -> SharedArray.attach("file://" + path),
            () -> SharedArray.attachReadOnly("file://" + path),
            () -> ArrayFiles.describe(path)
        }) {
            try {
                use.run();
                expect(false, "no exception");
            } catch (IncompatibleException e) {
                expect(e.getMessage().contains(path.toString()), e.getMessage());
            }
        }
        // These do not access the memory.
        array.sync(SyncMode.ASYNC);
        array.advise(Advice.SEQUENTIAL);
        expect(array.byteSize() == 256 * 512 * 8, array);
    }

    /** Soon truncates the file to nothing or inside the data. */
    private Thread truncateSoon() {
        long[] lengths = {0, 0, 100, 4096, 256 * 512 * 4, 256 * 512 * 8 - 4096};
        return Truncation.truncateSoon(path, lengths[random.nextInt(lengths.length)], random);
    }

    private static void expect(boolean fact, Object found) {
        if (!fact) {
            throw new AssertionError("found " + found);
        }
    }
}
