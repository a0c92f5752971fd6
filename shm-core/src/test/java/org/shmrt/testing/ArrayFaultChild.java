package org.shmrt.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.shmrt.array.ArrayFiles;
import org.shmrt.array.SharedArray;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.MappedMemory.Advice;
import org.shmrt.posix.MappedMemory.SyncMode;

/**
 * Uses arrays whose file is cut off under it, again and again, and ends with a line {@code ok} if every access fault
 * became an {@link IncompatibleException}. In a process of its own, because an access fault that did not would be its
 * death.
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
        if (scenario.equals("look")) {
            cut(0);
            look(array);
            return;
        }
        Thread cutting = cutSoon();
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
        cutting.join();
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
        double[] mine = new double[256 * 512];
        array.copyTo(mine);
        array.copyFrom(mine);
    }

    /** Everything else, after the file is gone. */
    private void look(SharedArray array) {
        MemorySegment mine = MemorySegment.ofArray(new byte[512 * 8]);
        for (Runnable use : new Runnable[] {
            () -> array.getDouble(0, 0),
            () -> array.setDouble(1, 255, 511),
            () -> array.slice(3).copyTo(mine),
            () -> array.slice(3).copyFrom(mine),
            () -> array.asColumnMajor().getDouble(511, 255),
            () -> array.getDouble(new long[] {1, 1}),
            () -> SharedArray.attach("file://" + path),
            () -> SharedArray.attachReadOnly("file://" + path),
            () -> ArrayFiles.describe(path)
        }) {
            try {
                use.run();
                expect(false, "no refusal");
            } catch (IncompatibleException e) {
                expect(e.getMessage().contains(path.toString()), e.getMessage());
            }
        }
        // None of these touches the memory, whatever they say.
        array.sync(SyncMode.ASYNC);
        array.advise(Advice.SEQUENTIAL);
        expect(array.byteSize() == 256 * 512 * 8, array);
    }

    /** Cuts the file off at nothing or inside the data, after a moment. */
    private Thread cutSoon() {
        long[] lengths = {0, 0, 100, 4096, 256 * 512 * 4, 256 * 512 * 8 - 4096};
        long length = lengths[random.nextInt(lengths.length)];
        long delayNs = random.nextInt(2_000_000);
        return Thread.ofPlatform().daemon().start(() -> {
            long untilNs = System.nanoTime() + delayNs;
            while (System.nanoTime() < untilNs) {
                Thread.onSpinWait();
            }
            cut(length);
        });
    }

    private void cut(long length) {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void expect(boolean fact, Object found) {
        if (!fact) {
            throw new AssertionError("found " + found);
        }
    }
}
