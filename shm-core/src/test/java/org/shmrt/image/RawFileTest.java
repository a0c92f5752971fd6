package org.shmrt.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

class RawFileTest {
    @TempDir
    Path directory;

    @Test
    void shouldWriteTheBytesOnly() throws IOException {
        Random random = new Random(3);
        Path file = directory.resolve("image.raw");
        for (int i = 0; i < 60; i++) {
            DataType type = DataType.values()[i % DataType.values().length];
            MemoryImage image = TestImages.random(type, TestImages.randomShape(random), random);
            RawFile.write(file, image);
            assertArrayEquals(TestImages.bytes(image), Files.readAllBytes(file));
            TestImages.assertSame(image, RawFile.read(file, type, image.shape()));
        }
    }

    @Test
    void shouldRefuseAFileOfAWrongSize() throws IOException {
        Path file = directory.resolve("image.raw");
        Files.write(file, new byte[100]);
        IncompatibleException failure =
                assertThrows(IncompatibleException.class, () -> RawFile.read(file, DataType.UINT16, Shape.of(7, 7)));
        TestImages.assertOneLine(failure, "100 bytes", "98", "7x7 uint16", file.toString());
        assertThrows(IncompatibleException.class, () -> RawFile.read(file, DataType.UINT16, Shape.of(51)));
        assertThrows(
                NotFoundException.class,
                () -> RawFile.read(directory.resolve("no.raw"), DataType.UINT16, Shape.of(51)));
        assertThrows(IncompatibleException.class, () -> RawFile.read(directory, DataType.UINT16, Shape.of(51)));
    }

    @Test
    void shouldReadADeviceWithoutASize() {
        Path device = Path.of("/dev/zero");
        assumeTrue(Files.isReadable(device), "Linux has this device");
        TestImages.assertOneLine(
                assertThrows(IncompatibleException.class, () -> RawFile.read(device, DataType.UINT16, Shape.of(50))),
                "more than 100 bytes");
        TestImages.assertOneLine(
                assertThrows(
                        IncompatibleException.class,
                        () -> RawFile.read(Path.of("/dev/null"), DataType.UINT16, Shape.of(50))),
                "0 bytes");
    }

    @Test
    void shouldReadFramesUntilTheEnd() {
        byte[] three = new byte[3 * 1000];
        new Random(4).nextBytes(three);
        InputStream pipe = new ByteArrayInputStream(three) {
            @Override
            public synchronized int read(byte[] b, int off, int len) {
                return super.read(b, off, Math.min(len, 333));
            }
        };
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frame = arena.allocate(1000);
            for (int i = 0; i < 3; i++) {
                assertTrue(RawFile.read(pipe, frame));
                assertEquals(-1, frame.mismatch(MemorySegment.ofArray(three).asSlice(i * 1000L, 1000)));
            }
            assertFalse(RawFile.read(pipe, frame));
            assertFalse(RawFile.read(pipe, frame));
        }
    }

    @Test
    void shouldReportHowMuchOfAFrameWasRead() {
        MemorySegment frame = MemorySegment.ofArray(new byte[1000]);
        InputStream in = new ByteArrayInputStream(new byte[1234]);
        assertTrue(RawFile.read(in, frame));
        TestImages.assertOneLine(
                assertThrows(IncompatibleException.class, () -> RawFile.read(in, frame)), "234 of 1000 bytes");
    }

    @Test
    void shouldRefuseAFrameWithoutBytes() {
        assertThrows(
                IllegalArgumentException.class,
                () -> RawFile.read(InputStream.nullInputStream(), MemorySegment.ofArray(new byte[0])));
    }

    @Test
    void shouldWriteFramesOfAnyMemoryToAnOutput() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RawFile.write(out, MemorySegment.ofArray(new short[] {0x0102, 0x0304}));
        RawFile.write(out, MemorySegment.ofArray(new byte[700_000]));
        assertEquals(700_004, out.size());
        assertArrayEquals(
                MemorySegment.ofArray(new short[] {0x0102}).toArray(ValueLayout.JAVA_BYTE),
                Arrays.copyOf(out.toByteArray(), 2));
    }

    @Test
    void shouldReportAClosedPipe() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        TestImages.assertOneLine(
                assertThrows(ShmException.class, () -> RawFile.write(broken, MemorySegment.ofArray(new byte[10]))),
                "the output",
                "Broken pipe");
    }
}
