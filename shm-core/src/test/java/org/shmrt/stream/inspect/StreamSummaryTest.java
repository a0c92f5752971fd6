package org.shmrt.stream.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.posix.LockTable;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.engine.ClaimHolders;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/** The summary for {@code list} agrees with the full report of {@code info}. */
@Timeout(600)
class StreamSummaryTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    static Stream<Golden> files() {
        return Stream.concat(Golden.of("dao"), Golden.of("corrupt"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldAgreeWithTheFullReport(Golden golden) {
        Path path = golden.copyTo(scratch.stream(golden.name()));
        StreamInfo info = null;
        ShmException refusal = null;
        try {
            info = StreamInfo.of(path);
        } catch (ShmException e) {
            refusal = e;
        }

        if (refusal != null) {
            assertEquals(
                    refusal.getMessage(),
                    assertThrows(refusal.getClass(), () -> StreamInspector.now().summary(path))
                            .getMessage());
        } else {
            assertSame(info, StreamInspector.now().summary(path));
        }
    }

    private static void assertSame(StreamInfo info, StreamSummary summary) {
        assertEquals(info.target(), summary.target());
        assertEquals(info.status(), summary.status());
        assertEquals(info.warnings(), summary.warnings());
        assertEquals(info.writerPid(), summary.writerPid());
        assertEquals(info.layout().shape(), summary.layout().shape());
        assertEquals(info.layout().fileBytes(), summary.layout().fileBytes());
    }

    @Test
    void shouldFindTheWriterAndMissingSemaphores() throws IOException {
        Path path = scratch.stream("cam");
        try (ImageStream stream = ImageStream.create(path, StreamSpec.dao(DataType.UINT8, Shape.of(4, 4)));
                FrameWriter writer = stream.writer()) {
            writer.claim();
            writer.publish();
            Files.delete(Path.of(
                    "/dev/shm/sem." + stream.layout().semaphores().names().get(3)));

            StreamSummary summary = StreamInspector.now().summary(path);

            assertEquals(ProcessHandle.current().pid(), summary.writerPid());
            assertEquals(List.of(3), summary.missing());
            assertEquals(1, summary.status().cnt0());
            assertTrue(summary.ageSeconds() < 60);
            assertSame(StreamInfo.of(path), summary);
        }
    }

    @Test
    void shouldFollowALinkAndReportItsTarget() throws IOException {
        Path path = Golden.named("dao", "fifo4_6frames_uint16").copyTo(scratch.stream("target"));
        Path link = Files.createSymbolicLink(scratch.directory().resolve("link"), path);

        assertEquals(path, StreamSummary.of(link, LockTable.EMPTY).target());

        Files.delete(path);
        NotFoundException refusal =
                assertThrows(NotFoundException.class, () -> StreamSummary.of(link, LockTable.EMPTY));
        assertTrue(refusal.getMessage().contains("leads nowhere"), refusal.getMessage());
    }

    /** Headers beyond the first read, and too many headers to copy. */
    @Test
    void shouldFindTheNewestOfManySlots() throws IOException {
        for (int depth : new int[] {7, 3000}) {
            Path path = scratch.stream("deep" + depth);
            try (ImageStream stream = ImageStream.create(
                            path, StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)).withDepth(depth));
                    FrameWriter writer = stream.writer()) {
                for (int i = 0; i < depth; i++) {
                    writer.claim();
                    writer.publish();
                }
                assertEquals(
                        depth, StreamSummary.of(path, LockTable.EMPTY).status().cnt0());
                writer.claim();
            }

            StreamSummary stuck = StreamSummary.of(path, LockTable.EMPTY);

            assertTrue(stuck.status().writing());
            assertSame(StreamInfo.of(path, LockTable.EMPTY, ClaimHolders.NONE), stuck);
        }
    }

    @Test
    void shouldRejectAnythingButARegularFile() throws IOException, InterruptedException {
        Path pipe = scratch.directory().resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path empty = Files.createFile(scratch.directory().resolve("empty"));

        assertTrue(assertThrows(IncompatibleException.class, () -> StreamSummary.of(pipe, LockTable.EMPTY))
                .getMessage()
                .contains("pipe or device"));
        assertTrue(assertThrows(IncompatibleException.class, () -> StreamSummary.of(empty, LockTable.EMPTY))
                .getMessage()
                .contains("0 bytes"));
        assertTrue(
                assertThrows(IncompatibleException.class, () -> StreamSummary.of(scratch.directory(), LockTable.EMPTY))
                        .getMessage()
                        .contains("directory"));
    }

    @Test
    void shouldNotBlockOnAPipeInPlaceOfASemaphore() throws IOException, InterruptedException {
        Path path = scratch.stream("piped");
        try (ImageStream stream = ImageStream.create(path, StreamSpec.dao(DataType.UINT8, Shape.of(2, 2)))) {
            Path semaphore = Path.of(
                    "/dev/shm/sem." + stream.layout().semaphores().names().getFirst());
            Files.delete(semaphore);
            assertEquals(
                    0,
                    new ProcessBuilder("mkfifo", semaphore.toString()).start().waitFor());

            assertEquals(List.of(0), StreamSummary.of(path, LockTable.EMPTY).missing());
            assertEquals(null, StreamInfo.of(path).semaphores().getFirst());
            assertNotNull(StreamInfo.of(path).semaphores().getLast());
            Files.delete(semaphore);
        }
    }

    private static long blocks(Path path) throws IOException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", path.toString()).start();
        return Long.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }

    /** The depth that a sparse file claims must take neither memory nor time. */
    @Test
    void shouldNotAllocateForTheDepthThatASparseFileClaims() throws IOException {
        int depth = 3_000_000;
        Path path = Golden.sparseRing(scratch.stream("sparse"), depth);

        assertEquals(depth, StreamSummary.of(path, LockTable.EMPTY).layout().depth());
        assertEquals(
                depth,
                StreamInfo.of(path, LockTable.EMPTY, ClaimHolders.NONE).layout().depth());
        assertTrue((long) Files.getAttribute(path, "unix:size") > 1e10);
        assertTrue(blocks(path) < 100, "pages of the hole were allocated: " + blocks(path));
    }
}
