package org.shmrt.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;
import org.shmrt.array.ArrayInfo;
import org.shmrt.array.ArraySpec;
import org.shmrt.array.SharedArray;
import org.shmrt.error.ShmException;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.NpyFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.Access;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.testing.Scratch;

/** Calls in a thread that has been interrupted: they work, or say that in words of ShmRT. */
class InterruptedThreadTest {
    private static final MemoryImage IMAGE =
            new MemoryImage(DataType.UINT8, Shape.of(2, 3), Arena.ofAuto().allocate(6));

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private Path stream;
    private Path fits;
    private Path npy;
    private Path array;

    @BeforeEach
    void create() {
        stream = scratch.stream("s");
        fits = scratch.directory().resolve("x.fits");
        npy = scratch.directory().resolve("x.npy");
        array = scratch.directory().resolve("array");
        ImageStream.create(stream, StreamSpec.dao(DataType.UINT8, Shape.of(2, 3)))
                .close();
        ImageFiles.write(fits, IMAGE);
        ImageFiles.write(npy, IMAGE);
        SharedArray.create("file://" + array, ArraySpec.of(DataType.UINT8, Shape.of(3)))
                .close();
    }

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    @Test
    void shouldSayThatTheThreadWasInterrupted() {
        for (Executable call : List.<Executable>of(() -> ArrayInfo.of(array), () -> FitsFile.read(fits))) {
            Thread.currentThread().interrupt();

            ShmException failure = assertThrows(ShmException.class, call);

            assertTrue(failure.getMessage().contains("the thread was interrupted"), failure.getMessage());
            assertFalse(failure.getMessage().contains("Exception"), failure.getMessage());
            assertTrue(Thread.interrupted(), "the interrupt remains");
        }
    }

    @Test
    void shouldOpenObjectsAndWriteAndReadFilesNevertheless() {
        Thread.currentThread().interrupt();

        NpyFile.write(npy, IMAGE);
        FitsFile.write(fits, IMAGE, FitsOptions.defaults());

        assertEquals(IMAGE.shape(), NpyFile.read(npy).shape());
        ImageStream.open(stream).close();
        ImageStream.open(stream, Access.READ_ONLY).close();
        SharedArray.attachReadOnly("file://" + array).close();
        assertEquals(0, StreamInspector.now().info(stream).status().cnt0());
        assertTrue(Thread.interrupted());
    }
}
