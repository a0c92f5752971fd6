package org.shmrt.bench.rig.loop;

import java.nio.file.Path;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;

/** As {@link CounterLoop}, but a spinning reader waits, which also checks that there is a complete frame. */
final class CounterReaderLoop extends BareCounterLoop {
    private final ImageStream in;
    private final FrameReader reader;
    private long firstReceived;

    CounterReaderLoop(Path outPath, Path inPath) {
        this(outPath, ImageStream.open(inPath));
    }

    private CounterReaderLoop(Path outPath, ImageStream in) {
        // both streams have the same layout
        super(outPath, in.layout().cnt0Offset());
        this.in = in;
        this.reader = in.reader(WaitStrategy.spin());
    }

    @Override
    void discardPending() {
        reader.newest();
        firstReceived = reader.count();
    }

    @Override
    boolean await() {
        return FrameCheck.isNext(reader.awaitNext(TIMEOUT_NS));
    }

    @Override
    public long received() {
        return reader.count() - firstReceived;
    }

    @Override
    public void close() {
        in.close();
        super.close();
    }
}
