package org.shmrt.web.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** The thread that looks for new frames. */
@Timeout(600)
class StreamsTest {
    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    /** Keeps the answer. */
    private static final class OneAnswer implements Viewer {
        private final CompletableFuture<String> answer = new CompletableFuture<>();

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void frame(FrameRequest request, Frame frame, long lost) {
            answer.complete("frame " + frame.stamp().count());
        }

        @Override
        public void none(FrameRequest request, Reason reason) {
            answer.complete(reason.toString());
        }

        @Override
        public void refused(FrameRequest request, String message) {
            answer.complete(message);
        }
    }

    private String ask(Executor executor) throws Exception {
        String name = scratch.prefix() + "cam";
        try (FramePool pool = new FramePool(64L << 20);
                Streams streams = new Streams(Scope.ofDirectory(scratch.directory()), pool, executor);
                ImageStream stream =
                        ImageStream.create(scratch.stream("cam"), StreamSpec.dao(DataType.UINT8, Shape.of(4)));
                FrameWriter writer = stream.writer()) {
            writer.write(MemorySegment.ofArray(new byte[4]));
            OneAnswer viewer = new OneAnswer();
            streams.feed(name)
                    .orElseThrow()
                    .request(new FrameRequest(
                            viewer, 1, name, Optional.empty(), Frame.WHOLE, System.nanoTime() + 50_000_000_000L));
            return viewer.answer.get(); // an interrupt by the time limit ends it
        }
    }

    @Test
    void shouldGoOnAfterAnErrorAtOneStream() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Executor executor = command -> {
            if (calls.incrementAndGet() <= 3) {
                throw new OutOfMemoryError("of the test");
            }
            command.run();
        };

        assertEquals("frame 1", ask(executor));
        assertEquals(4, calls.get());
    }
}
