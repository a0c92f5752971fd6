package org.shmrt.record;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.ShmException;
import org.shmrt.fits.card.FitsCard;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.UnlinkedFile;
import org.shmrt.record.chunk.ChunkName;
import org.shmrt.record.chunk.ChunkSpec;
import org.shmrt.record.chunk.ChunkWriter;
import org.shmrt.record.chunk.FrameRow;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;
import org.shmrt.testing.SmallFileSystem;

/** A replay into a sparse stream on a full file system. */
@Timeout(600)
class ReplayNoSpaceTest {
    private static final Shape SHAPE = Shape.of(600, 1024);

    @Order(1)
    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @Order(2)
    @RegisterExtension
    final SmallFileSystem small = new SmallFileSystem(scratch);

    @Test
    void shouldSayThatThereIsNoSpace() throws IOException {
        Path directory = Files.createDirectory(scratch.directory().resolve("recording"));
        writeOneFrame(directory);
        Path path = small.directory().resolve(scratch.prefix() + "again.im.shm");
        StreamSpec spec = StreamSpec.dao(DataType.UINT8, SHAPE).withKeywords(20);
        ImageStream.create(path, spec).close();

        try (Recording recording = Recording.open(directory);
                Replayer replay = Replayer.of(recording).stream("cam", path)
                        .speed(Double.POSITIVE_INFINITY)
                        .open()) {
            SmallFileSystem.makeSparse(path, 8192, 16384); // the keywords are at the end
            try (UnlinkedFile filler = small.fill()) {
                assertNotNull(filler);
                small.assertNoSpace(assertThrows(ShmException.class, replay::run));
            }
        }
        ImageStream.remove(path);
    }

    private static void writeOneFrame(Path directory) throws IOException {
        long startNs = RecordingFixture.START_NS;
        ChunkSpec spec = new ChunkSpec(
                DataType.UINT8,
                SHAPE,
                List.of(
                        FitsCard.of("STREAM", "cam", ""),
                        FitsCard.of("SHMFMT", "dao", ""),
                        FitsCard.of("SHMDEPTH", 1, "")));
        Path file = new ChunkName("cam", startNs, ChunkName.PLAIN).in(directory);
        try (Arena arena = Arena.ofConfined();
                ChunkWriter writer = ChunkWriter.create(file, spec)) {
            MemorySegment frame = arena.allocate(SHAPE.byteSize(DataType.UINT8), 8);
            writer.convert(frame);
            ByteBuffer row = ByteBuffer.allocate(FrameRow.BYTES);
            new FrameRow(1, 0, 1, startNs, 0, startNs, 0, 0).put(row);
            writer.append(frame, row.flip());
            writer.finish(0, 0);
        }
    }
}
