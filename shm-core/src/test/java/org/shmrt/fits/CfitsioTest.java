package org.shmrt.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ExternalCommand;

/** Passes every kind of file to cfitsio's programs fitsverify and funpack, if they are installed. */
@Timeout(600)
@Tag("slow")
class CfitsioTest {
    private static final Shape SHAPE = Shape.of(37, 41);

    @TempDir
    Path directory;

    private static void assumePresent(String program, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = program;
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Assumptions.assumeTrue(
                ExternalCommand.succeeds(command), "no " + program + " found: install cfitsio's programs");
    }

    private static List<String> run(String... command) {
        try (ChildProcess child = ChildProcess.start(List.of(command))) {
            return child.finish();
        }
    }

    private Path write(MemoryImage image, String name) {
        FrameTimes times = new FrameTimes();
        FitsOptions options = FitsOptions.defaults()
                .withCards(List.of(
                        FitsCard.of("EXTNAME", "SCI", "its name"),
                        FitsCard.of("loop gain", 0.1, "by the HIERARCH convention"),
                        FitsCard.of("GAIN", 2.5, "e/ADU"),
                        FitsCard.of("GAIN", 3.5, "again"),
                        FitsCard.commentary("HISTORY", "written by a test")))
                .withTimes(times);
        Path file = directory.resolve(name);
        FitsFile.writeCube(
                file,
                image.type(),
                image.shape(),
                2,
                i -> {
                    times.add(i, i);
                    return image.data();
                },
                name.endsWith(".fz") ? options.withCompression() : options);
        return file;
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"COMPLEX64", "COMPLEX128"})
    void shouldWriteFilesThatFitsverifyAccepts(DataType type) {
        assumePresent("fitsverify", "-h");
        MemoryImage image = TestImages.random(type, SHAPE, new Random(1));
        for (String name : List.of("x.fits", "x.fits.fz")) {
            Path file = write(image, name);

            assertEquals(List.of("verification OK: " + file), run("fitsverify", "-q", file.toString()));
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"COMPLEX64", "COMPLEX128"})
    void shouldWriteFilesThatFunpackReads(DataType type) throws Exception {
        assumePresent("funpack", "-V");
        MemoryImage image = TestImages.random(type, SHAPE, new Random(1));
        Path file = write(image, "x.fits.fz");
        Path unpacked = directory.resolve("unpacked.fits");

        run("funpack", "-O", unpacked.toString(), file.toString());

        TestImages.assertSame(
                FitsFile.read(file).image(), FitsFile.read(unpacked).image());
        Files.delete(unpacked);
    }
}
