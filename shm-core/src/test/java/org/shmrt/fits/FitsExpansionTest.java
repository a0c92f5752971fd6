package org.shmrt.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cacao.FitsLoader;
import org.shmrt.cacao.LoadRequest;
import org.shmrt.camera.SourceOptions;
import org.shmrt.cli.ShmCommand;
import org.shmrt.error.IncompatibleException;
import org.shmrt.image.ImageFiles;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.record.Recording;

/** Small compressed files of large images: what they may expand to is limited. */
class FitsExpansionTest {
    private static final Shape SHAPE = Shape.of(4, 1024, 1024);
    private static final long BYTES = 4 << 20;

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    @BeforeEach
    void write() throws IOException {
        MemoryImage zeros =
                new MemoryImage(DataType.UINT8, SHAPE, Arena.ofAuto().allocate(BYTES));
        FitsFile.write(shm.file("x.fits"), zeros, FitsOptions.defaults());
        FitsFile.write(shm.file("x.fits.gz"), zeros, FitsOptions.defaults());
        FitsFile.write(shm.file("x.fits.fz"), zeros, FitsOptions.defaults().withCompression());
        assertTrue(Files.size(shm.file("x.fits.gz")) < 100_000 && Files.size(shm.file("x.fits.fz")) < 1_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.fits.gz", "x.fits.fz"})
    void shouldRefuseAnImageThatExpandsToMoreThanTheLimit(String name) {
        Path file = shm.file(name);

        IncompatibleException refused = assertThrows(IncompatibleException.class, () -> FitsFile.read(file, BYTES - 1));

        assertTrue(refused.getMessage().contains("expands to 4194304 bytes"), refused.getMessage());
        assertTrue(refused.getMessage().contains("4194303"), refused.getMessage());
        assertEquals(SHAPE, FitsFile.read(file, BYTES).image().shape());
        assertEquals(SHAPE, FitsFile.header(file).shape(), "the header needs no memory");
        try (FitsInput input = FitsInput.open(file).maxExpandedBytes(1)) {
            MemorySegment target = Arena.ofAuto().allocate(BYTES);
            assertThrows(IncompatibleException.class, () -> input.readInto(target));
        }
    }

    @Test
    void shouldLimitOnlyWhatIsInMemory() {
        assertEquals(SHAPE, FitsFile.read(shm.file("x.fits"), 1).image().shape(), "not compressed");
        Path section = Path.of(shm.file("x.fits.gz") + "[0][3,:,:]");
        assertEquals(
                Shape.of(1024, 1024), FitsFile.read(section, BYTES / 4).image().shape());
    }

    @Test
    void shouldTakeTheLimitFromTheCommandLine() {
        shm.runLine("create STREAM --shape 1024x1024 --dtype u8").succeeded();
        for (String verb : new String[] {
            "write STREAM --in DIR/x.fits.gz",
            "create DIR/new.im.shm --in DIR/x.fits.fz",
            "grab DIR/x.fits.fz STREAM",
            "grab DIR/x.fits.gz STREAM",
            "replay DIR/x.fits.fz x=STREAM --rate 1000",
            "replay DIR/x.fits.gz x=STREAM --rate 1000",
            "extract DIR/x.fits.fz --frames 0:1 --out DIR/part.fits",
            "extract DIR/x.fits.gz --frames 0:1 --out DIR/part.fits",
        }) {
            shm.runLine(verb + " --max-bytes 1000k").refused(1, "limit for compressed images is 1024000 bytes");
        }
        shm.runLine("write STREAM --in DIR/x.fits.gz --max-bytes 4M").succeeded();
        shm.runLine("grab DIR/x.fits.fz STREAM --max-bytes 4M").succeeded();
        shm.runLine("replay DIR/x.fits.fz x=STREAM --rate 1000 --max-bytes 4M").succeeded();
        shm.runLine("extract DIR/x.fits.fz --frames 0:1 --out DIR/part.fits --max-bytes 4M")
                .succeeded();
    }

    @Test
    void shouldTakeTheLimitFromARequestToLoad() {
        LoadRequest request = LoadRequest.builder(shm.stream().toString())
                .directory(shm.directory())
                .fits("x.fits.gz")
                .maxExpandedBytes(BYTES - 1)
                .build();

        IncompatibleException refused = assertThrows(IncompatibleException.class, () -> FitsLoader.load(request));

        assertTrue(refused.getMessage().contains("4194303"), refused.getMessage());
    }

    @Test
    void shouldAllowAGibibyteByDefault() {
        assertEquals(1L << 30, FitsInput.DEFAULT_MAX_EXPANDED_BYTES);
        assertEquals(1L << 30, ImageFiles.DEFAULT_MAX_EXPANDED_BYTES);
        assertEquals(1L << 30, Recording.DEFAULT_MAX_EXPANDED_BYTES);
        assertEquals(1L << 30, SourceOptions.NONE.maxExpandedBytes());
    }

    /** An image of a few pixels in tiles, whose heap has megabytes of which no tile uses any. */
    private byte[] smallImageWithALargeHeap() throws IOException {
        Path file = shm.file("small.fits.fz");
        MemoryImage small =
                new MemoryImage(DataType.UINT8, Shape.of(8, 8), Arena.ofAuto().allocate(64));
        FitsFile.write(file, small, FitsOptions.defaults().withCompression());
        byte[] written = Files.readAllBytes(file);
        String text = new String(written, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("PCOUNT  =", 2880);
        byte[] heap = String.format("%20d", BYTES).getBytes(StandardCharsets.US_ASCII);
        byte[] large = Arrays.copyOf(written, written.length + (int) BYTES);
        System.arraycopy(heap, 0, large, at + 10, heap.length);
        return large;
    }

    @Test
    void shouldLimitTheTableOfCompressedTilesThatIsReadInOrder() throws Exception {
        byte[] fits = smallImageWithALargeHeap();
        Files.write(shm.file("large.fits.fz"), fits);
        Path gzip = shm.file("large.fits.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(fits);
        }
        Path pipe = shm.file("pipe.fits");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Process writer = new ProcessBuilder(
                        "sh",
                        "-c",
                        "exec cat \"$0\" >\"$1\"",
                        shm.file("large.fits.fz").toString(),
                        pipe.toString())
                .start();

        for (Path file : List.of(gzip, pipe)) {
            IncompatibleException refused =
                    assertThrows(IncompatibleException.class, () -> FitsFile.read(file, 64 << 10));
            assertTrue(refused.getMessage().contains("the limit for compressed images is 65536"), refused.getMessage());
        }
        writer.waitFor();
        assertEquals(
                Shape.of(8, 8),
                FitsFile.read(shm.file("large.fits.fz"), 64 << 10).image().shape(),
                "one tile at a time is in memory");
        assertEquals(Shape.of(8, 8), FitsFile.read(gzip, 2 * BYTES).image().shape());
    }
}
