package org.shmrt.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Truncates files that are in use, and runs the child JVMs that must survive it. */
public final class Truncation {
    private static final long MAX_DELAY_NS = 2_000_000;

    private Truncation() {}

    /** Truncates a file. */
    public static void truncate(Path path, long bytes) {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Truncates a file in another thread, after a random delay of up to two milliseconds. */
    public static Thread truncateSoon(Path path, long bytes, Random random) {
        long delayNs = random.nextLong(MAX_DELAY_NS);
        return Thread.ofPlatform().daemon().start(() -> {
            long untilNs = System.nanoTime() + delayNs;
            while (System.nanoTime() < untilNs) {
                Thread.onSpinWait();
            }
            truncate(path, bytes);
        });
    }

    /**
     * Runs a class in a child JVM that prints {@code ok} at its end.
     *
     * @param mode {@code -Xint}, {@code -Xmixed} or another option of the compilers
     */
    public static List<String> run(String mode, Class<?> main, Object... arguments) {
        List<String> flags = Stream.concat(
                        Stream.of(mode, "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED"),
                        ChildJvm.NO_CRASH_FILES.stream())
                .toList();
        String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        try (ChildProcess child = ChildProcess.start(ChildJvm.command(flags, main, words))) {
            return child.finish();
        }
    }
}
