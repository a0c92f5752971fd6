package org.shmrt.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/**
 * A truncation to a size inside a page of the frame. The kernel fills the rest of that page with zeros and raises no
 * fault, so a check of the frame cannot detect it; only the comparison of the file's size in a wait can.
 */
@Timeout(600)
class TruncationInsideAPageTest {
    private static final int WORDS = 1000;
    private static final int PAGE_BYTES = 4096;
    private static final long FOREVER = Long.MAX_VALUE;

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @ParameterizedTest
    @CsvSource({"dao, spin", "dao, semaphore", "milk, spin", "milk, semaphore"})
    void shouldNotBeSeenByACheckAndEndTheNextWait(String format, String wait) throws IOException {
        Path path = scratch.stream("cam");
        WaitStrategy strategy = wait.equals("spin") ? WaitStrategy.spin() : WaitStrategy.semaphore();
        try (ImageStream stream = ImageStream.create(path, StreamSpec.of(format, DataType.INT64, Shape.of(WORDS)));
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(strategy)) {
            MemorySegment frame = writer.claim();
            for (int i = 0; i < WORDS; i++) {
                frame.setAtIndex(ValueLayout.JAVA_LONG, i, 7);
            }
            writer.publish();
            assertEquals(Verdict.FRESH, reader.awaitNext(FOREVER));

            long end = stream.layout().dataOffset() + stream.layout().frameBytes();
            long size = (end - 1) / PAGE_BYTES * PAGE_BYTES + Long.BYTES;
            assertTrue(size < end, "the frame ends inside a page");
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(size);
            }

            int kept = (int) ((size - stream.layout().dataOffset()) / Long.BYTES);
            assertEquals(7, reader.frame().getAtIndex(ValueLayout.JAVA_LONG, kept - 1L));
            assertEquals(0, reader.frame().getAtIndex(ValueLayout.JAVA_LONG, kept));
            assertTrue(reader.validate(), "the counter and the flag are unchanged");
            assertEquals(Verdict.RECREATED, reader.awaitNext(FOREVER));
            MemorySegment copy = MemorySegment.ofArray(new long[WORDS]);
            assertEquals(Verdict.RECREATED, reader.read(copy, FOREVER));
        }
    }
}
