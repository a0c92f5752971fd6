package org.shmrt.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;

/**
 * Verifies what must hold after every crash: the stream can be removed and created again, and nothing is left of
 * either.
 */
final class RecreationCheck {
    private RecreationCheck() {}

    /** Removes the existing stream, creates another one and removes it. */
    static void assertCanBeRecreated(Workspace workspace, StreamSpec spec) {
        ImageStream.remove(workspace.stream());
        assertNothingLeft(workspace);
        assertCanBeCreated(workspace, spec);
    }

    /** Creates the stream, uses it and removes it. */
    static void assertCanBeCreated(Workspace workspace, StreamSpec spec) {
        try (ImageStream stream = ImageStream.create(workspace.stream(), spec)) {
            assertWorks(stream, spec);
        }
        assertEquals(List.of(), StreamInfo.of(workspace.stream()).warnings(), "findings of the new stream");
        ImageStream.remove(workspace.stream());
        assertNothingLeft(workspace);
    }

    /** A frame reaches the reader, and no token of an earlier stream wakes it. */
    static void assertWorks(ImageStream stream, StreamSpec spec) {
        ByteRamp ramp = new ByteRamp(spec);
        try (FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            long count = stream.status().cnt0() + 1;
            assertEquals(count, ramp.write(writer, count));
            assertEquals(Verdict.FRESH, reader.awaitNext(1_000_000_000L));
            assertEquals(count, reader.count());
            assertTrue(ramp.isWhole(reader.frame(), count));
            assertTrue(reader.validate());
        }
    }

    /** No file, no link, no semaphore. */
    static void assertNothingLeft(Workspace workspace) {
        assertEquals(List.of(), workspace.files(), "left behind");
    }
}
