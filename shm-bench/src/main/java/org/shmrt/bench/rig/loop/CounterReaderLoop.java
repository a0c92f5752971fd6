package org.shmrt.bench.rig.loop;

import java.nio.file.Path;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.Verdict;
import org.shmrt.stream.WaitStrategy;

/** As {@link CounterLoop}, awaited by a spinning reader, which also looks whether there is a whole frame. */
public final class CounterReaderLoop extends BareLoop {
    private final ImageStream in;
    private final FrameReader reader;
    private long firstReceived;

    public CounterReaderLoop(Path outPath, Path inPath) {
        this(outPath, ImageStream.open(inPath));
    }

    private CounterReaderLoop(Path outPath, ImageStream in) {
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
