package org.shmrt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Astropy;

/** Counters have 64 bits and no sign: every verb prints those from 2^63 on as positive numbers. */
@Timeout(600)
class UnsignedCounterTest {
    private static final BigInteger NEWEST = BigInteger.TWO.pow(63).add(BigInteger.valueOf(5));
    private static final BigInteger FRAME_ID = BigInteger.TWO.pow(64).subtract(BigInteger.TWO);

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    /** A stream with frames up to 2^63 + 5, the last three of which a ring holds. */
    private void create(StreamSpec spec) throws IOException {
        StreamLayout layout;
        try (ImageStream opened = ImageStream.create(shm.stream(), spec)) {
            layout = opened.layout();
        }
        try (FileChannel file = FileChannel.open(shm.stream(), StandardOpenOption.WRITE)) {
            ByteBuffer count = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            count.putLong(NEWEST.longValue() - 3).flip();
            int newest = layout.depth() - 1;
            file.write(count, layout.headerOffset(newest) + layout.cnt0Offset());
        }
        try (ImageStream opened = ImageStream.open(shm.stream());
                FrameWriter writer = opened.writer()) {
            for (int frame = 0; frame < 3; frame++) {
                writer.frameId(FRAME_ID.longValue());
                writer.write(MemorySegment.ofArray(new byte[6]));
            }
            assertEquals(NEWEST.longValue(), opened.status().cnt0());
        }
    }

    private static StreamSpec spec(String format) {
        StreamSpec spec = StreamSpec.of(format, DataType.UINT8, Shape.of(2, 3));
        return format.equals("dao") ? spec.withDepth(3) : spec.withCircularBuffer(3);
    }

    private void assertText(BigInteger number, String line) {
        String out = shm.runLine(line).succeeded().out();
        assertTrue(out.contains(number.toString()), out);
        assertFalse(out.contains("-922"), out);
    }

    private void assertJson(String line) {
        assertEquals(NEWEST, shm.runLine(line).json().get("cnt0").getAsBigInteger());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldPrintWithoutASignInEveryVerb(String format) throws IOException {
        create(spec(format));

        assertText(NEWEST, "info STREAM");
        assertText(NEWEST, "list DIR");
        assertText(NEWEST, "read STREAM");
        assertText(NEWEST.subtract(BigInteger.ONE), "read STREAM --history 2");
        assertText(NEWEST, "watch STREAM --once --for 10ms");
        assertText(NEWEST, "convert STREAM DIR/a.im.shm --format dao");
        assertText(NEWEST, "convert STREAM DIR/b.im.shm --format milk");
        assertText(NEWEST, "shm2fits STREAM DIR/a.fits");
        assertJson("info STREAM --json");
        assertJson("read STREAM --json");
        assertJson("watch STREAM --once --for 10ms --json");
        assertJson("convert STREAM DIR/c.im.shm --format dao --json");
        assertJson("shm2fits STREAM DIR/b.fits --json");
        assertEquals(
                NEWEST,
                shm.runLine("list DIR --json")
                        .jsonArray()
                        .get(0)
                        .getAsJsonObject()
                        .get("cnt0")
                        .getAsBigInteger());
        assertEquals(
                NEWEST,
                shm.runLine("shm2fits STREAM DIR/c.fits --history 2 --json")
                        .json()
                        .get("last_cnt0")
                        .getAsBigInteger());
        assertEquals(
                FRAME_ID, shm.runLine("info STREAM --json").json().get("cnt2").getAsBigInteger());
        assertEquals(
                FRAME_ID, shm.runLine("read STREAM --json").json().get("cnt2").getAsBigInteger());

        Files.write(shm.file("f.raw"), new byte[6]);
        assertEquals(
                NEWEST.add(BigInteger.ONE),
                shm.runLine("write STREAM --in DIR/f.raw --json")
                        .json()
                        .get("cnt0")
                        .getAsBigInteger());
        assertText(NEWEST.add(BigInteger.TWO), "write STREAM --in DIR/f.raw");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldConvertTheWholeRing(String format) throws IOException {
        create(spec(format));
        String other = format.equals("dao") ? "milk --circular 3" : "dao --depth 3";

        CommandRun run = shm.runLine("convert STREAM DIR/x.im.shm --json --format " + other);

        assertEquals(3, run.json().get("frames").getAsInt(), run.out());
        assertEquals(NEWEST, run.json().get("cnt0").getAsBigInteger());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.fits", "x.fits.fz"})
    void shouldWriteIntoFitsWhatAstropyReadsAsTheSameNumber(String file) throws Exception {
        Astropy.assumePresent();
        create(spec("dao"));
        shm.runLine("shm2fits STREAM DIR/" + file + " --history 2").succeeded();
        BigInteger first = NEWEST.subtract(BigInteger.ONE);

        List<String> read = Astropy.run("counters", shm.file(file));

        assertEquals(List.of(first + " " + first + " " + NEWEST), read);
    }

    @Test
    void shouldWriteTheNumberIntoTheHeader() throws IOException {
        create(spec("dao"));
        shm.runLine("shm2fits STREAM DIR/x.fits").succeeded();

        String header = new String(Files.readAllBytes(shm.file("x.fits")), 0, 2880, StandardCharsets.ISO_8859_1);

        assertTrue(header.contains("CNT0    =  " + NEWEST), header);
        assertTrue(header.contains("CNT2    = " + FRAME_ID), header);
    }
}
