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
 * Reads FITS files in a process of its own: while they, or the memory they are read into, are cut off; with little
 * memory; without the library for tiles.
 */
public final class FitsChild {
    private static final Random RANDOM = new Random(20261121L);

    private FitsChild() {}

    public static void main(String[] words) throws Exception {
        Path path = Path.of(words[1]);
        switch (words[0]) {
            case "source" -> cutWhileReading(path, Integer.parseInt(words[2]), Integer.parseInt(words[3]), false);
            case "target" -> cutWhileReading(path, Integer.parseInt(words[2]), Integer.parseInt(words[3]), true);
            default -> say(path);
        }
    }

    /** One line: the shape, or the failure. */
    private static void say(Path path) {
        try {
            System.out.println(FitsFile.read(path).image().shape());
        } catch (ShmException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private static void cutWhileReading(Path path, int rounds, int columns, boolean target) throws Exception {
        Path mapped = path.resolveSibling("target");
        // the first is read by several threads, the last from front to back
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
                Thread cutting = cutSoon(target ? mapped : file);
                try {
                    input.readInto(memory);
                } catch (IncompatibleException e) {
                    refused++;
                }
                cutting.join();
            }
        }
        System.out.println(refused > 0 ? "ok" : "never cut in time");
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

    private static Thread cutSoon(Path file) {
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
