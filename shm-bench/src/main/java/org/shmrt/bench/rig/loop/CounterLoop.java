package org.shmrt.bench.rig.loop;

import java.nio.file.Path;
import org.shmrt.stream.FrameCounter;
import org.shmrt.stream.ImageStream;

/**
 * The counters of two streams, without frames: how fast ShmRT's spinning wait ends. The counter is stored without a
 * writer, which would also read the clock and check the semaphores.
 */
final class CounterLoop extends BareCounterLoop {
    private final ImageStream in;
    private final FrameCounter counter;
    private long firstReceived;
    private long received;

    CounterLoop(Path outPath, Path inPath) {
        this(outPath, ImageStream.open(inPath));
    }

    private CounterLoop(Path outPath, ImageStream in) {
        // both streams have the same layout
        super(outPath, in.layout().cnt0Offset());
        this.in = in;
        this.counter = FrameCounter.of(in);
    }

    @Override
    void discardPending() {
        firstReceived = received = counter.get();
    }

    @Override
    boolean await() {
        long now = counter.awaitAtLeast(received + 1, TIMEOUT_NS);
        if (now <= received) {
            throw new IllegalStateException("no message arrived");
        }
        return now == ++received;
    }

    @Override
    public long received() {
        return received - firstReceived;
    }

    @Override
    public void close() {
        in.close();
        super.close();
    }
}
