package org.shmrt.cli.fits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.ShmCommand;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;

/**
 * FITS files larger than {@code shm2fits} keeps in memory. The test with an image of more than 2 GiB needs 9 GiB of
 * shared memory and of memory for some seconds; it runs only with {@code -Dshmrt.large=true}.
 */
@Tag("slow")
@Timeout(600)
class LargeFitsTest {
    private static final long MIB = 1L << 20;
    private static final int BLOCK = 2880;

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inSharedMemory();

    private void assumeRoom(long bytes) throws IOException {
        long free = Files.getFileStore(shm.directory()).getUsableSpace();
        Assumptions.assumeTrue(free > bytes, "only " + free + " bytes are free in " + shm.directory());
    }

    private static int byteAt(FileChannel file, long offset) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        assertEquals(1, file.read(one, offset));
        return one.get(0);
    }

    /** The offset of the first image: its header ends with the first block that contains an END card. */
    private static long dataOffset(FileChannel file) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (long at = 0; ; at += BLOCK) {
            block.clear();
            assertEquals(BLOCK, file.read(block, at));
            for (int card = 0; card < BLOCK; card += 80) {
                if (new String(block.array(), card, 8, StandardCharsets.US_ASCII).equals("END     ")) {
                    return at + BLOCK;
                }
            }
        }
    }

    /** More than 1 GiB is written frame by frame, as the frames arrive. */
    @Test
    void shouldSaveMoreFramesThanItHoldsInMemory() throws Exception {
        assumeRoom(3L << 30);
        Path path = shm.stream();
        Path fits = shm.file("cube.fits");
        long frameBytes = 128 * MIB;
        int frames = 9;
        AtomicBoolean stop = new AtomicBoolean();
        try (ImageStream stream = ImageStream.create(
                        path, StreamSpec.dao(DataType.UINT8, Shape.of(128, MIB)).withDepth(2));
                FrameWriter writer = stream.writer()) {
            Thread camera = Thread.ofPlatform().daemon().start(() -> {
                for (int count = 1; !stop.get(); count++) {
                    writer.claim().fill((byte) count);
                    writer.publish();
                    // More and more slowly, until the verb keeps up on any machine.
                    LockSupport.parkNanos(100_000_000L + count * 10_000_000L);
                }
            });
            JsonObject report;
            try {
                report = JsonParser.parseString(shm.run(
                                        "shm2fits",
                                        path.toString(),
                                        fits.toString(),
                                        "--wait",
                                        "spin",
                                        "--count",
                                        Integer.toString(frames),
                                        "--timeout",
                                        "120s",
                                        "--json")
                                .out())
                        .getAsJsonObject();
            } finally {
                stop.set(true);
                camera.join();
            }

            assertEquals(frames, report.get("frames").getAsInt());
            try (FileChannel file = FileChannel.open(fits)) {
                long data = dataOffset(file);
                assertTrue(file.size() > data + frames * frameBytes);
                assertEquals(report.get("cnt0").getAsByte(), byteAt(file, data));
                assertEquals(report.get("last_cnt0").getAsByte(), byteAt(file, data + frames * frameBytes - 1));
                for (int frame = 0; frame < frames; frame++) {
                    int first = byteAt(file, data + frame * frameBytes);
                    for (long at = 0; at < frameBytes; at += frameBytes / 64 - 1) {
                        assertEquals(first, byteAt(file, data + frame * frameBytes + at), frame + " at " + at);
                    }
                }
            }
        }
        Files.delete(fits);
    }

    @Test
    void shouldSaveAndLoadAnImageBeyondTwoGigabytes() throws IOException {
        Assumptions.assumeTrue(Boolean.getBoolean("shmrt.large"), "run with -Dshmrt.large=true");
        assumeRoom(9L << 30);
        Path path = shm.stream();
        Path again = shm.scratch().stream("again");
        Path fits = shm.file("image.fits");
        long rows = 2200;
        try (ImageStream stream = ImageStream.create(path, StreamSpec.dao(DataType.UINT16, Shape.of(rows, MIB / 2)));
                FrameWriter writer = stream.writer()) {
            MemorySegment frame = writer.claim();
            for (long row = 0; row < rows; row++) {
                frame.asSlice(row * MIB, MIB).fill((byte) row);
            }
            writer.publish();

            shm.run("shm2fits", path.toString(), fits.toString());
            shm.run("fits2shm", fits.toString(), again.toString());

            try (ImageStream loaded = ImageStream.open(again);
                    FrameReader its = loaded.reader(WaitStrategy.spin())) {
                assertEquals(Verdict.FRESH, its.newest());
                assertEquals(-1, frame.mismatch(its.frame()));
            }
        }
        Files.delete(fits);
    }
}
