package org.shmrt.bench.jmh;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A stream for benchmarks whose cost depends on the size of a frame. */
@State(Scope.Benchmark)
public class SizedStreamState extends StreamState {
    /** Size of a frame. */
    @Param({"64", "4096", "65536", "1048576", "16777216"})
    public long frameBytes;

    /** For JMH. */
    public SizedStreamState() {}

    @Override
    protected long frameBytes() {
        return frameBytes;
    }
}
