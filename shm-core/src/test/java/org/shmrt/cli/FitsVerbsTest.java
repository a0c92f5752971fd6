package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** FITS files as a user of the command meets them. */
class FitsVerbsTest {
    @TempDir
    private Path directory;

    private TestStream stream;

    @BeforeEach
    void nameStream() {
        stream = new TestStream(directory);
    }

    @AfterEach
    void removeStream() {
        stream.close();
    }

    private MemoryImage save(String name, DataType type, Shape shape) {
        MemoryImage image = TestImages.random(type, shape, new Random(1));
        FitsFile.write(directory.resolve(name), image, FitsOptions.defaults());
        return image;
    }

    private CommandRun shm(String... words) {
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i].replace("STREAM", stream.toString()).replace("DIR", directory.toString());
        }
        return CommandRun.of(words);
    }

    private void done(String... words) {
        CommandRun run = shm(words);
        assertEquals(0, run.status(), run.err());
    }

    @Test
    void shouldMakeAStreamOfTheShapeNumpyUsersSee() throws IOException {
        save("flat.fits", DataType.UINT16, Shape.of(3, 4));
        String header = Files.readString(directory.resolve("flat.fits"), StandardCharsets.ISO_8859_1);

        done("create", "STREAM", "--in", "DIR/flat.fits");

        JsonObject info =
                JsonParser.parseString(shm("info", "STREAM", "--json").out()).getAsJsonObject();
        assertTrue(
                header.contains("NAXIS1  =                    4") && header.contains("NAXIS2  =                    3"));
        assertEquals("[3,4]", info.get("shape").toString());
        assertEquals("[3,4]", info.get("axes").toString());
        assertEquals("uint16", info.get("dtype").getAsString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.fits", "out.fits.gz", "out.fits.fz", "OUT.FIT"})
    void shouldReadAndWriteFrames(String out) {
        MemoryImage image = save("in.fits", DataType.FLOAT32, Shape.of(5, 7));
        done("create", "STREAM", "--shape", "5x7", "--dtype", "f32");

        done("write", "STREAM", "--in", "DIR/in.fits");
        done("read", "STREAM", "--out", "DIR/" + out);

        TestImages.assertSame(image, FitsFile.read(directory.resolve(out)).image());
    }

    @Test
    void shouldWriteTheFramesOfACubeAndReadThemAsOne() {
        MemoryImage cube = save("cube.fits", DataType.INT16, Shape.of(4, 3, 5));
        done("create", "STREAM", "--shape", "3x5", "--dtype", "i16", "--depth", "6");

        done("write", "STREAM", "--in", "DIR/cube.fits");
        done("read", "STREAM", "--out", "DIR/last.fits");

        TestImages.assertSame(
                FitsFile.read(Path.of(directory + "/cube.fits[0][3]")).image(),
                FitsFile.read(directory.resolve("last.fits")).image());
        done("write", "STREAM", "--in", "DIR/cube.fits[0][1,:,:]");
        done("read", "STREAM", "--out", "DIR/one.fits");
        assertEquals(
                -1,
                cube.data()
                        .asSlice(30, 30)
                        .mismatch(FitsFile.read(directory.resolve("one.fits"))
                                .image()
                                .data()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1; holds 3x4 uint16;          write STREAM --in DIR/flat.fits",
                "1; there is no HDU 1;         write STREAM --in DIR/flat.fits[1]",
                "1; there is no extension SCI; write STREAM --in DIR/flat.fits[SCI]",
                "2; is no extension;           write STREAM --in DIR/flat.fits[0,1]",
                "1; there is no file;          write STREAM --in DIR/none.fits",
                "1; does not start as a FITS;  write STREAM --in DIR/text.fits",
                "1; gzip data is damaged;      write STREAM --in DIR/short.fits.gz",
                "2; end it in .npy, .png, .raw, .fits; read STREAM --out DIR/x.fits[1]",
                "1; there is no directory;     read STREAM --out DIR/none/x.fits"
            })
    void shouldRefuseInOneLine(int status, String reason, String words) throws IOException {
        save("flat.fits", DataType.UINT16, Shape.of(3, 4));
        Files.writeString(directory.resolve("text.fits"), "not at all");
        Files.write(directory.resolve("short.fits.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
        done("create", "STREAM", "--shape", "5x7", "--dtype", "f32");

        CommandRun run = shm(words.strip().split(" "));

        assertTrue(
                run.failedInOneLine(status) && run.err().contains(reason), run.status() + " " + run.out() + run.err());
    }

    @Test
    void shouldSayThatFitsHasNoComplexNumbers() {
        done("create", "STREAM", "--shape", "5x7", "--dtype", "c64");

        CommandRun run = shm("read", "STREAM", "--out", "DIR/x.fits");

        assertEquals(2, run.status());
        assertTrue(run.err().contains("no complex64"), run.err());
    }
}
