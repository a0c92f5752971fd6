package org.shmrt.cli.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.ShmCommand;
import org.shmrt.fits.FitsFile;
import org.shmrt.fits.FitsOptions;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;

/** {@code --transpose}: files of programs such as pyMilk, whose rows are the columns of the stream. */
class TransposeVerbsTest {
    /** An image whose elements are 10 times the row plus the column; as a cube, plus 100 times the index. */
    private static final MemoryImage IMAGE = image(Shape.of(2, 3));

    private static final MemoryImage TRANSPOSED =
            TestImages.of(DataType.UINT8, Shape.of(3, 2), bytes -> bytes.put(new byte[] {0, 10, 1, 11, 2, 12}));

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private static MemoryImage image(Shape shape) {
        return TestImages.of(DataType.UINT8, shape, bytes -> {
            for (int i = 0; i < shape.elementCount(); i++) {
                bytes.put((byte) (i / 6 * 100 + i % 6 / 3 * 10 + i % 3));
            }
        });
    }

    private void done(String line) {
        shm.runLine(line).succeeded();
    }

    private MemoryImage file(String name) {
        return FitsFile.read(shm.file(name)).image();
    }

    @Test
    void shouldTransposeInEveryVerbThatReadsOrWritesImages() {
        FitsFile.write(shm.file("t.fits"), TRANSPOSED, FitsOptions.defaults());

        done("create STREAM --in DIR/t.fits --transpose");
        done("read STREAM --out DIR/a.fits");
        TestImages.assertSame(IMAGE, file("a.fits"));
        done("read STREAM --out DIR/b.fits --transpose");
        TestImages.assertSame(TRANSPOSED, file("b.fits"));
        done("shm2fits STREAM DIR/c.fits --transpose");
        TestImages.assertSame(TRANSPOSED, file("c.fits"));
        done("write STREAM --in DIR/t.fits --transpose");
        done("read STREAM --out DIR/d.fits");
        TestImages.assertSame(IMAGE, file("d.fits"));
        shm.runLine("write STREAM --in DIR/t.fits").refused(1, "contains 3x2 uint8, but frames of");
        shm.runLine("write STREAM --in DIR/a.fits --transpose").refused(1, "which are 3x2 in the file");
    }

    @Test
    void shouldTransposeEachFrameOfACube() throws IOException {
        MemoryImage cube = image(Shape.of(2, 2, 3));
        FitsFile.write(shm.file("cube.fits"), cube, FitsOptions.defaults());
        done("create STREAM --in DIR/cube.fits");

        done("shm2fits STREAM DIR/t.fits.fz --transpose");
        done("read STREAM --out DIR/t.raw --transpose");

        MemoryImage found = file("t.fits.fz");
        assertEquals(Shape.of(2, 3, 2), found.shape());
        assertEquals(
                List.of(0, 10, 1, 11, 2, 12, 100, 110, 101, 111, 102, 112),
                LongStream.range(0, 12)
                        .mapToObj(i -> (int) found.data().get(ValueLayout.JAVA_BYTE, i))
                        .toList());
        assertEquals(-1, Arrays.mismatch(TestImages.bytes(found), Files.readAllBytes(shm.file("t.raw"))));
    }

    @Test
    void shouldExchangeTheNumbersOfTheAxesInTheHeader() {
        FitsFile.write(
                shm.file("t.fits"),
                TRANSPOSED,
                FitsOptions.defaults().withCards(List.of(FitsCard.of("CRPIX1", 1, ""), FitsCard.of("CD1_2", 2, ""))));

        List<FitsCard> cards = FitsFile.read(shm.file("t.fits")).transposed().cards();

        assertEquals(List.of(FitsCard.of("CRPIX2", 1, ""), FitsCard.of("CD2_1", 2, "")), cards);
        FitsFile.write(
                shm.file("u.fits"),
                TRANSPOSED,
                FitsOptions.defaults().withCards(cards).transposed());
        assertEquals(
                List.of(FitsCard.of("CRPIX1", 1, ""), FitsCard.of("CD1_2", 2, "")),
                FitsFile.header(shm.file("u.fits")).cards());
        TestImages.assertSame(IMAGE, file("u.fits"));
    }
}
