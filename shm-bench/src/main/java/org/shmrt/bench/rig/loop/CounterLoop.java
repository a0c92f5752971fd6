package org.shmrt.bench.rig.loop;

import java.nio.file.Path;
import org.shmrt.stream.FrameCounter;
import org.shmrt.stream.ImageStream;

/**
 * The counters of two streams, without frames: how fast ShmRT's spinning wait for a count ends. A counter is stored past
 * the stream's writer, which would also take the time and look after semaphores.
 */
public final class CounterLoop extends BareLoop {
    private final ImageStream in;
    private final FrameCounter counter;
    private long firstReceived;
    private long received;

    public CounterLoop(Path outPath, Path inPath) {
        this(outPath, ImageStream.open(inPath));
    }

    private CounterLoop(Path outPath, ImageStream in) {
        // both streams have one layout
        super(outPath, in.layout().cnt0Offset());
        this.in = in;
        this.counter = FrameCounter.of(in);
    }

    @Override
    void forget() {
        firstReceived = received = counter.get();
    }

    @Override
    boolean await() {
        long now = counter.awaitAtLeast(received + 1, TIMEOUT_NS);
        if (now <= received) {
            throw new IllegalStateException("no message came");
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
