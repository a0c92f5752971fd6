package org.shmrt.cacao;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.testing.Scratch;

/** A working directory with FITS files, and a stream that they are loaded into. */
final class LoadFixture {
    private final Path directory;
    private final String prefix;
    private final Path bare;
    private final Path stream;
    private int seed;
    private MemoryImage image;

    LoadFixture(Scratch scratch) {
        directory = scratch.directory();
        // like aol8_, but unique to this test
        prefix = scratch.prefix();
        bare = directory.resolve("ref.im.shm");
        stream = scratch.stream("ref");
    }

    Path directory() {
        return directory;
    }

    /** File of the stream, including the prefix. */
    Path stream() {
        return stream;
    }

    /** Name of the stream in the files about it. */
    String name() {
        return bare.getFileName().toString().replace(".im.shm", "");
    }

    MemoryImage image() {
        return image;
    }

    /** A file in one of the two directories; {@code %} stands for the name of the stream. */
    Path file(String pattern) {
        return directory.resolve(pattern.replace("%", name()));
    }

    String text(String pattern) {
        try {
            return Files.readString(file(pattern));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(String pattern) {
        return Files.exists(file(pattern));
    }

    /** Endings of the files about the stream. */
    List<String> loaded() {
        try (Stream<Path> files = Files.list(file("loadedSM"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> !file.endsWith(".lock"))
                    .map(file -> file.replace(name() + ".", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes another image of a shape and type. Only the modification time shows that the file has changed. */
    void save(String file, DataType type, Shape shape) {
        image = TestImages.random(type, shape, new Random(++seed));
        FitsFile.write(file(file), image, FitsOptions.defaults());
        touch(file, seed);
    }

    void touch(String file, int second) {
        try {
            Files.setLastModifiedTime(file(file), FileTime.fromMillis(1_700_000_000_000L + 1000L * second));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request for the FITS file that the conf file names. */
    LoadRequest.Builder request() {
        return LoadRequest.builder(bare.toString()).directory(directory).prefix(prefix);
    }

    LoadRequest.Builder request(String fits) {
        return request().fits(fits);
    }

    LoadReport loadFromConf() {
        return FitsLoader.load(request().build());
    }

    LoadReport load(String fits) {
        return FitsLoader.load(request(fits).build());
    }

    /** Writes a frame of zeros to the stream, as another program would. */
    void writeStream() {
        try (ImageStream opened = ImageStream.open(stream);
                FrameWriter writer = opened.writer();
                Arena arena = Arena.ofConfined()) {
            writer.write(arena.allocate(opened.layout().frameBytes(), 8));
        }
    }

    /** Asserts that the newest frame of the stream is an image. */
    void assertHolds(MemoryImage expected) {
        try (ImageStream opened = ImageStream.open(stream, Access.READ_ONLY);
                FrameReader reader = opened.reader(WaitStrategy.spin());
                Arena arena = Arena.ofConfined()) {
            MemorySegment frame = arena.allocate(opened.layout().frameBytes(), 8);
            assertEquals(expected.type(), opened.type());
            assertEquals(true, reader.readNewest(frame, 1_000_000_000L).hasFrame());
            assertEquals(-1, expected.data().mismatch(frame));
        }
    }
}
