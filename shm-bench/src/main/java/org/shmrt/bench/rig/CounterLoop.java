package org.shmrt.bench.rig;

import java.nio.file.Path;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/**
 * The counters of two streams, without frames: how fast a spinning reader of ShmRT notices that there is one.
 * A counter is stored past the stream's writer, which would also take the time and look after semaphores.
 */
final class CounterLoop extends BareLoop {
    private final ImageStream in;
    private final FrameReader reader;
    private long firstReceived;

    CounterLoop(Path outPath, Path inPath) {
        this(outPath, ImageStream.open(inPath));
    }

    private CounterLoop(Path outPath, ImageStream in) {
        // both streams have one layout
        super(outPath, in.layout().cnt0Offset());
        this.in = in;
        this.reader = in.reader(WaitStrategy.spin());
    }

    @Override
    void forget() {
        reader.newest();
        firstReceived = reader.count();
    }

    @Override
    boolean await() {
        Verdict verdict = reader.awaitNext(TIMEOUT_NS);
        return verdict == Verdict.FRESH || refuse(verdict);
    }

    private static boolean refuse(Verdict verdict) {
        if (!verdict.hasFrame()) {
            throw new IllegalStateException("no message came: " + verdict);
        }
        return false;
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
