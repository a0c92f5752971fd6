package org.shmrt.fits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.posix.MappedFile;

/**
 * Reads FITS files in a separate process: while the file or the target memory is truncated, with little memory, or
 * without the library for tiles.
 */
public final class FitsChild {
    /** Every such round truncates before the read begins; the others do so at a random time while it runs. */
    private static final int ROUNDS_PER_CERTAIN_HIT = 5;

    private static final Random RANDOM = new Random(20261121L);

    private FitsChild() {}

    public static void main(String[] words) throws Exception {
        Path path = Path.of(words[1]);
        switch (words[0]) {
            case "source" ->
                truncateWhileReading(Truncated.FILE, path, Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            case "target" ->
                truncateWhileReading(Truncated.MEMORY, path, Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            default -> report(path);
        }
    }

    /** Prints the shape or the failure in one line. */
    private static void report(Path path) {
        try {
            System.out.println(FitsFile.read(path).image().shape());
        } catch (ShmException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** What is truncated. */
    private enum Truncated {
        FILE,
        MEMORY
    }

    private static void truncateWhileReading(Truncated which, Path path, int rounds, int columns) throws Exception {
        Path mapped = path.resolveSibling("target");
        // the first is read by several threads, the last sequentially
        List<Path> originals = List.of(
                original(path, "large.fits", DataType.INT32, 2200, columns),
                original(path, "small.fits", DataType.UINT16, 500, columns),
                original(path, "double.fits", DataType.FLOAT64, 300, columns),
                original(path, "zipped.fits.gz", DataType.UINT8, 400, columns));
        int refused = 0;
        for (int round = 0; round < rounds; round++) {
            Path file = path.resolveSibling("x.fits");
            Files.copy(originals.get(round % originals.size()), file, StandardCopyOption.REPLACE_EXISTING);
            try (Arena arena = Arena.ofShared();
                    FitsInput input = FitsInput.open(file)) {
                Files.write(
                        mapped,
                        new byte
                                [(int) input.header()
                                        .shape()
                                        .byteSize(input.header().type())]);
                MemorySegment memory = MappedFile.readWrite(mapped, arena).segment();
                Thread truncating = truncateSoon(which == Truncated.MEMORY ? mapped : file);
                // A random time can miss every read of a fast or a loaded machine.
                if (round % ROUNDS_PER_CERTAIN_HIT == 0) {
                    truncating.join();
                }
                try {
                    input.readInto(memory);
                } catch (IncompatibleException e) {
                    refused++;
                }
                truncating.join();
            }
        }
        System.out.println(refused > 0 ? "ok" : "no truncation was noticed");
    }

    private static Path original(Path path, String name, DataType type, int rows, int columns) {
        Path file = path.resolveSibling(name);
        Shape shape = Shape.of(rows, columns);
        FitsFile.write(
                file,
                new MemoryImage(type, shape, Arena.ofAuto().allocate(shape.byteSize(type))),
                FitsOptions.defaults());
        return file;
    }

    private static Thread truncateSoon(Path file) {
        long delayNs = RANDOM.nextInt(2_000_000);
        return Thread.ofPlatform().daemon().start(() -> {
            long untilNs = System.nanoTime() + delayNs;
            while (System.nanoTime() < untilNs) {
                Thread.onSpinWait();
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() / 3);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
