package org.shmrt.cli.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.fits.FitsFile;
import org.shmrt.image.NpyFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/** {@code --region}: a part of each frame that {@code shm read} and {@code shm shm2fits} read. */
class RegionVerbTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    /** Frames 1 to 5 of 3 x 4, of which a ring keeps four; element i of frame n is 20 n + i. */
    private void create() {
        try (ImageStream stream = ImageStream.create(
                        shm.stream(),
                        StreamSpec.dao(DataType.UINT8, Shape.of(3, 4)).withDepth(4));
                FrameWriter writer = stream.writer()) {
            for (int n = 1; n <= 5; n++) {
                byte[] frame = new byte[12];
                for (int i = 0; i < frame.length; i++) {
                    frame[i] = (byte) (20 * n + i);
                }
                writer.write(MemorySegment.ofArray(frame));
            }
        }
    }

    private static List<Integer> values(MemoryImage image) {
        byte[] bytes = image.data().toArray(ValueLayout.JAVA_BYTE);
        return IntStream.range(0, bytes.length)
                .mapToObj(i -> Byte.toUnsignedInt(bytes[i]))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--region 1:3,2:; 2x2; 106 107 110 111",
                "--region -1:,:; 1x4; 108 109 110 111",
                "--region 1:2; 3x1; 101 105 109",
                "--region 1:3,2: --transpose; 2x2; 106 110 107 111",
                "--region 1:3,2: --history 2; 2x2x2; 86 87 90 91 106 107 110 111",
                "--region 0:1,:1 --history 2 --transpose; 2x1x1; 80 100",
                "--region 0:1,0:2 --slice -1; 1x2; 100 101",
                "--region 0:1,0:2 --slot 1; 1x2; 40 41"
            })
    void shouldReadThePartOfEachFrame(String options, String shape, String expected) {
        create();

        shm.runLine("read STREAM --out DIR/part.npy " + options).succeeded();

        MemoryImage part = NpyFile.read(shm.file("part.npy"));
        assertEquals(Shape.parse(shape), part.shape());
        assertEquals(Arrays.stream(expected.split(" ")).map(Integer::valueOf).toList(), values(part));
    }

    @Test
    void shouldDescribeAndPipeThePart() throws IOException {
        create();

        CommandRun text = shm.runLine("read STREAM --region 1:3,2:");
        CommandRun cube = shm.runLine("shm2fits STREAM DIR/cube.fits --history 2 --region 1:3,2:");
        CommandRun image = shm.runLine("shm2fits STREAM DIR/image.fits --region 1:3,2:");

        assertTrue(text.succeeded().out().startsWith("frame 5  2x2 uint8  min 106  max 111"), text.out());
        cube.succeeded();
        image.succeeded();
        assertEquals(
                List.of(86, 87, 90, 91, 106, 107, 110, 111),
                values(FitsFile.read(shm.file("cube.fits")).image()));
        assertEquals(
                List.of(106, 107, 110, 111),
                values(FitsFile.read(shm.file("image.fits")).image()));
        Path raw = shm.file("part.raw");
        shm.runLine("read STREAM --region 1:3,2: --out DIR/part.raw").succeeded();
        assertEquals(4, Files.size(raw));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--region 0:4,:; 2; exceeds axis 0 of a frame of 3x4",
                "--region 3; 2; is not a region",
                "--region :,:,: ; 2; has only 2 axes"
            })
    void shouldRefuseARegionThatTheFramesDoNotHave(String options, int status, String reason) {
        create();

        shm.runLine("read STREAM " + options).refused(status, reason);
    }
}
