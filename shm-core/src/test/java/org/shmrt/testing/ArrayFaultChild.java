package org.shmrt.testing;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.shmrt.array.ArrayInfo;
import org.shmrt.array.MemoryAdvice;
import org.shmrt.array.SharedArray;
import org.shmrt.array.SyncMode;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/**
 * Repeatedly uses arrays while their file is truncated, and prints {@code ok} if each access fault resulted in an
 * {@link IncompatibleException}. Runs in its own process, because an unhandled access fault crashes the JVM.
 */
public final class ArrayFaultChild {
    private static final Shape SHAPE = Shape.of(256, 512);

    private final Path path;
    private final Random random = new Random(20261121L);

    @SuppressWarnings("UnusedVariable") // so that no read of an element is optimised away
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
        if (scenario.equals("other")) {
            FileTruncation.truncate(path, 0);
            useOtherwise(array);
            return;
        }
        Thread truncation = truncateSoon();
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
            expect(e.getMessage().contains("truncated"), e.getMessage());
        }
        truncation.join();
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
        double[] copy = new double[256 * 512];
        array.copyTo(copy);
        array.copyFrom(copy);
    }

    /** All other uses, after the file was truncated. */
    private void useOtherwise(SharedArray array) {
        MemorySegment copy = MemorySegment.ofArray(new byte[512 * 8]);
        for (Runnable use : new Runnable[] {
            () -> array.getDouble(0, 0),
            () -> array.setDouble(1, 255, 511),
            () -> array.slice(3).copyTo(copy),
            () -> array.slice(3).copyFrom(copy),
            () -> array.asColumnMajor().getDouble(511, 255),
            () -> array.getDouble(new long[] {1, 1}),
            () -> SharedArray.attach("file://" + path),
            () -> SharedArray.attachReadOnly("file://" + path),
            () -> ArrayInfo.of(path)
        }) {
            try {
                use.run();
                expect(false, "no exception");
            } catch (IncompatibleException e) {
                expect(e.getMessage().contains(path.toString()), e.getMessage());
            }
        }
        // None of these calls accesses the memory.
        array.sync(SyncMode.ASYNC);
        array.advise(MemoryAdvice.SEQUENTIAL);
        expect(array.byteSize() == 256 * 512 * 8, array);
    }

    /** Truncates the file to nothing or inside the data, after a random delay. */
    private Thread truncateSoon() {
        long[] lengths = {0, 0, 100, 4096, 256 * 512 * 4, 256 * 512 * 8 - 4096};
        return FileTruncation.truncateAfter(random.nextInt(2_000_000), path, lengths[random.nextInt(lengths.length)]);
    }

    private static void expect(boolean fact, Object found) {
        if (!fact) {
            throw new AssertionError("found " + found);
        }
    }
}
