package org.shmrt.cli.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** FITS files as input and output of the stream verbs. */
class FitsFilesTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private MemoryImage save(String name, DataType type, Shape shape) {
        MemoryImage image = TestImages.random(type, shape, new Random(1));
        FitsFile.write(shm.file(name), image, FitsOptions.defaults());
        return image;
    }

    private void done(String... arguments) {
        shm.run(arguments).succeeded();
    }

    @Test
    void shouldMakeAStreamOfTheShapeNumpyUsersSee() throws IOException {
        save("flat.fits", DataType.UINT16, Shape.of(3, 4));
        String header = Files.readString(shm.file("flat.fits"), StandardCharsets.ISO_8859_1);

        done("create", "STREAM", "--in", "DIR/flat.fits");

        JsonObject info = shm.run("info", "STREAM", "--json").json();
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

        TestImages.assertSame(image, FitsFile.read(shm.file(out)).image());
    }

    @Test
    void shouldWriteTheFramesOfACubeAndReadThemAsOne() {
        MemoryImage cube = save("cube.fits", DataType.INT16, Shape.of(4, 3, 5));
        done("create", "STREAM", "--shape", "3x5", "--dtype", "i16", "--depth", "6");

        done("write", "STREAM", "--in", "DIR/cube.fits");
        done("read", "STREAM", "--out", "DIR/last.fits");

        TestImages.assertSame(
                FitsFile.read(Path.of(shm.directory() + "/cube.fits[0][3]")).image(),
                FitsFile.read(shm.file("last.fits")).image());
        done("write", "STREAM", "--in", "DIR/cube.fits[0][1,:,:]");
        done("read", "STREAM", "--out", "DIR/one.fits");
        assertEquals(
                -1,
                cube.data()
                        .asSlice(30, 30)
                        .mismatch(FitsFile.read(shm.file("one.fits")).image().data()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1; contains 3x4 uint16;        write STREAM --in DIR/flat.fits",
                "1; there is no HDU 1;         write STREAM --in DIR/flat.fits[1]",
                "1; there is no extension SCI; write STREAM --in DIR/flat.fits[SCI]",
                "2; is not an extension;           write STREAM --in DIR/flat.fits[0,1]",
                "1; there is no file;          write STREAM --in DIR/none.fits",
                "1; does not start with a SIMPLE card;  write STREAM --in DIR/text.fits",
                "1; gzip data is damaged;      write STREAM --in DIR/short.fits.gz",
                "2; end it in .npy, .png, .raw, .fits; read STREAM --out DIR/x.fits[1]",
                "1; there is no directory;     read STREAM --out DIR/none/x.fits"
            })
    void shouldRefuseInOneLine(int status, String reason, String line) throws IOException {
        save("flat.fits", DataType.UINT16, Shape.of(3, 4));
        Files.writeString(shm.file("text.fits"), "not at all");
        Files.write(shm.file("short.fits.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
        done("create", "STREAM", "--shape", "5x7", "--dtype", "f32");

        shm.runLine(line).refused(status, reason);
    }

    @Test
    void shouldReportThatFitsHasNoComplexNumbers() {
        done("create", "STREAM", "--shape", "5x7", "--dtype", "c64");

        CommandRun run = shm.run("read", "STREAM", "--out", "DIR/x.fits");

        assertEquals(2, run.status());
        assertTrue(run.err().contains("no type complex64"), run.err());
    }
}
