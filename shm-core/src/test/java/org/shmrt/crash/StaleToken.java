package org.shmrt.crash;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.inspect.StreamInfo;

/**
 * The token that the last frame left in the semaphore of the next reader. The reader that observes a kill takes it at
 * some moment, and an operation that drains the semaphores has a step less afterwards. So it is taken before: the steps
 * of the operation are then the same with and without a reader.
 */
final class StaleToken {
    private static final long WAIT_NS = 1_000_000;

    private StaleToken() {}

    static void take(Path path) {
        try (ImageStream stream = ImageStream.open(path);
                FrameReader reader = stream.reader(WaitStrategy.semaphore())) {
            MemorySegment buffer =
                    MemorySegment.ofArray(new byte[(int) stream.layout().frameBytes()]);
            while (StreamInfo.of(path).semaphores().get(reader.semaphoreIndex()).value() != 0) {
                reader.read(buffer, WAIT_NS);
            }
        }
    }
}
