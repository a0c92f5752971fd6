package org.shmrt.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** Requirements on reading beside a fast writer: every accepted frame is whole. */
@Timeout(600)
public abstract class TornFrameContract extends StreamContract {
    private static final int READS = 200_000;
    /** Minimum number of whole frames for a meaningful result, however long it takes on a busy machine. */
    private static final int MIN_WHOLE = 500;

    private static final long MAX_READ_NS = SECOND;

    protected TornFrameContract(StreamSpec spec, Scratch scratch) {
        super(spec, scratch);
    }

    @Test
    void shouldDetectAFrameThatIsBeingOverwritten() {
        try (ImageStream stream = create();
                FrameWriter writer = stream.writer();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            writeRamps(writer, depth);
            assertEquals(Verdict.FRESH, reader.awaitNext(0));
            assertTrue(reader.validate());

            writer.claim();

            assertFalse(reader.validate());
            assertFalse(reader.copyTo(ramp.empty()));
            writer.publish();
            assertFalse(reader.validate());
            assertFalse(reader.copyTo(ramp.empty()));
        }
    }

    @Tag("slow")
    @Test
    void shouldNeverAcceptATornCopyFromAFastWriter() throws Exception {
        MemorySegment buffer = ramp.empty();
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            AtomicBoolean stop = new AtomicBoolean();
            FutureTask<Long> writing = writeUntil(stop, stream);
            long whole = 0;
            long torn = 0;
            long startNs = System.nanoTime();
            for (int i = 0; whole < MIN_WHOLE || (i < READS && System.nanoTime() - startNs < MAX_READ_NS); i++) {
                if (reader.read(buffer, SECOND).hasFrame()) {
                    whole += ramp.isWhole(buffer, reader.count()) ? 1 : 0;
                    torn += ramp.isWhole(buffer, reader.count()) ? 0 : 1;
                }
            }
            stop.set(true);

            long written = writing.get();
            assertEquals(0, torn, "torn of " + whole);
            assertTrue(whole >= MIN_WHOLE, "only " + whole + " reads of " + written + " frames");
        }
    }

    @Tag("slow")
    @Test
    void shouldValidateOnlyWholeFramesInPlace() throws Exception {
        try (ImageStream stream = create();
                FrameReader reader = stream.reader(WaitStrategy.spin())) {
            AtomicBoolean stop = new AtomicBoolean();
            FutureTask<Long> writing = writeUntil(stop, stream);
            long confirmed = 0;
            long refused = 0;
            long torn = 0;
            long startNs = System.nanoTime();
            for (int i = 0; confirmed < MIN_WHOLE || (i < READS && System.nanoTime() - startNs < MAX_READ_NS); i++) {
                if (reader.awaitNext(SECOND).hasFrame()) {
                    boolean whole = ramp.isWhole(reader.frame(), reader.count());
                    boolean valid = reader.validate();
                    confirmed += valid ? 1 : 0;
                    refused += valid ? 0 : 1;
                    torn += valid && !whole ? 1 : 0;
                }
            }
            stop.set(true);

            long written = writing.get();
            assertEquals(0, torn, "torn of " + confirmed + " confirmed and " + refused + " refused");
            assertTrue(confirmed >= MIN_WHOLE, "only " + confirmed + " confirmed of " + written + " frames");
        }
    }

    private FutureTask<Long> writeUntil(AtomicBoolean stop, ImageStream stream) {
        return inBackground(() -> {
            try (FrameWriter writer = stream.writer()) {
                Random random = new Random(20261121L);
                long count = 0;
                while (!stop.get()) {
                    count = writer.write(ramp.of(count + 1));
                    // Without gaps a reader of a stream of depth 1 would hardly ever read a whole frame.
                    if (count % (2L * depth) == 0) {
                        spin(random.nextInt(12_000));
                    }
                }
                return count;
            }
        });
    }

    private static void spin(long forNs) {
        long untilNs = System.nanoTime() + forNs;
        while (System.nanoTime() < untilNs) {
            Thread.onSpinWait();
        }
    }
}
