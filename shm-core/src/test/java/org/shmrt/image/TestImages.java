package org.shmrt.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** Images and assertions for tests of image files. */
public final class TestImages {
    private TestImages() {}

    /** An image whose bytes are written by a consumer, little-endian. */
    public static MemoryImage of(DataType type, Shape shape, Consumer<ByteBuffer> content) {
        MemorySegment data = Arena.ofAuto().allocate(shape.byteSize(type));
        content.accept(data.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
        return new MemoryImage(type, shape, data);
    }

    public static MemoryImage random(DataType type, Shape shape, Random random) {
        byte[] bytes = new byte[(int) shape.byteSize(type)];
        random.nextBytes(bytes);
        if (type == DataType.BOOL) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] &= 1;
            }
        }
        return of(type, shape, buffer -> buffer.put(bytes));
    }

    /** A shape of up to five axes with up to seven elements, sometimes with an axis of length 0 or 1. */
    public static Shape randomShape(Random random) {
        long[] lengths = new long[random.nextInt(6)];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(7);
        }
        return Shape.of(lengths);
    }

    public static byte[] bytes(MemoryImage image) {
        return image.data().toArray(ValueLayout.JAVA_BYTE);
    }

    public static void assertSame(MemoryImage expected, MemoryImage found) {
        assertEquals(expected.type(), found.type());
        assertEquals(expected.shape(), found.shape());
        assertEquals(-1, expected.data().mismatch(found.data()), "first different byte");
    }

    /** A file of the test resources, written by numpy. */
    static byte[] resource(String name) {
        try (InputStream in = TestImages.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void assertOneLine(Throwable failure, String... words) {
        String message = failure.getMessage();
        assertEquals(1, message.lines().count(), message);
        for (String word : words) {
            assertTrue(message.contains(word), () -> "'" + word + "' is not in: " + message);
        }
    }

    public static void assertNothingLeftIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(0, files.count());
        }
    }

    /** Whether a pixel has a colour, or the colour mixed with a little white by anti-aliasing. */
    public static boolean isNear(int rgb, int colour) {
        for (int shift = 0; shift <= 16; shift += 8) {
            if (Math.abs((rgb >> shift & 0xff) - (colour >> shift & 0xff)) > 60) {
                return false;
            }
        }
        return true;
    }
}
