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

/** What must hold after every death: the stream can be removed and made anew, and then nothing is left of either. */
final class Aftermath {
    private Aftermath() {}

    /** Removes the stream that is there, makes another and removes that. */
    static void assertCanBeMadeAnew(Place place, StreamSpec spec) {
        ImageStream.remove(place.stream());
        assertNothingLeft(place);
        assertCanBeMade(place, spec);
    }

    /** Makes the stream, uses it and removes it. */
    static void assertCanBeMade(Place place, StreamSpec spec) {
        try (ImageStream stream = ImageStream.create(place.stream(), spec)) {
            assertWorks(stream, spec);
        }
        assertEquals(List.of(), StreamInfo.of(place.stream()).warnings(), "findings of the new stream");
        ImageStream.remove(place.stream());
        assertNothingLeft(place);
    }

    /** A frame goes through, and no token of an earlier stream wakes its reader. */
    static void assertWorks(ImageStream stream, StreamSpec spec) {
        Ramp ramp = new Ramp(spec);
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
    static void assertNothingLeft(Place place) {
        assertEquals(List.of(), place.files(), "left behind");
    }
}
