package org.shmrt.environment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * A malicious peer: overwrites header fields with random values as fast as it can, and restores the header from time to
 * time, so that other processes can open the object and are using it when the corruption starts again.
 */
final class HeaderCorruptor implements AutoCloseable {
    private static final int[] VALUES = {
        0,
        1,
        -1,
        2,
        3,
        127,
        128,
        255,
        256,
        4095,
        65536,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0x7ff00000,
        0x80808080,
        0x0a0a0a0a
    };
    private static final long MAX_PHASE_NS = 400_000;

    private final Thread thread;
    private volatile boolean ended;
    private volatile long stores;

    /** Starts corrupting a range of a file, preferably at the given offsets. */
    HeaderCorruptor(Path file, long from, long to, long[] preferred, long seed) {
        thread = Thread.ofPlatform().daemon().start(() -> run(file, from, to, preferred, new Random(seed)));
    }

    /** Number of values stored so far. */
    long stores() {
        return stores;
    }

    private void run(Path file, long from, long to, long[] preferred, Random random) {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment words = channel.map(FileChannel.MapMode.READ_WRITE, from, to - from, arena);
            byte[] good = words.toArray(ValueLayout.JAVA_BYTE);
            while (!ended) {
                corrupt(words, from, preferred, random);
                MemorySegment.copy(good, 0, words, ValueLayout.JAVA_BYTE, 0, good.length);
                pause(random.nextLong(MAX_PHASE_NS));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
    private void corrupt(MemorySegment words, long from, long[] preferred, Random random) {
        long untilNs = System.nanoTime() + random.nextLong(MAX_PHASE_NS);
        // mostly a single word repeatedly, to hit between a check and a use; sometimes all of them
        long one = offset(words, from, preferred, random);
        boolean single = random.nextInt(3) > 0;
        do {
            long at = single ? one : offset(words, from, preferred, random);
            switch (random.nextInt(4)) {
                case 0 -> words.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
                case 1 -> words.set(ValueLayout.JAVA_INT_UNALIGNED, at, random.nextInt());
                case 2 -> words.set(ValueLayout.JAVA_LONG_UNALIGNED, at & -4, random.nextLong());
                default -> words.set(ValueLayout.JAVA_INT_UNALIGNED, at & -4, VALUES[random.nextInt(VALUES.length)]);
            }
            stores++;
        } while (System.nanoTime() < untilNs);
    }

    private static long offset(MemorySegment words, long from, long[] preferred, Random random) {
        long at = preferred.length > 0 && random.nextBoolean()
                ? preferred[random.nextInt(preferred.length)] - from
                : random.nextLong(words.byteSize());
        return Math.clamp(at, 0, words.byteSize() - 12);
    }

    private static void pause(long ns) {
        long untilNs = System.nanoTime() + ns;
        while (System.nanoTime() < untilNs) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
