package org.shmrt.bench.jmh;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.shmrt.bench.fits.FitsSample;
import org.shmrt.memory.DataType;

/**
 * Loads a FITS image from a warm page cache into memory. The baseline is a copy of the same bytes. The bytes of a uint8
 * image keep their order, so the difference to the other types is the cost of reversing it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class FitsLoadBenchmark {
    /** Type of the pixels. */
    @Param({"UINT8", "UINT16", "FLOAT32", "FLOAT64"})
    public DataType type;

    /** Total size of the pixels in MiB. */
    @Param({"1", "8", "64"})
    public int megabytes;

    private FitsSample sample;

    /** For JMH. */
    public FitsLoadBenchmark() {}

    /** Writes the file. */
    @Setup(Level.Trial)
    public void write() {
        sample = new FitsSample(Path.of(System.getProperty("java.io.tmpdir")), type, megabytes);
    }

    /** Removes it. */
    @TearDown(Level.Trial)
    public void remove() {
        sample.close();
    }

    /** The baseline: a copy of mapped bytes. */
    @Benchmark
    public void copy() {
        sample.copy();
    }

    /** Read calls; the bytes keep the order of the file. */
    @Benchmark
    public void readCalls() {
        sample.readCalls();
    }

    /** ShmRT: opens the file, parses the header, and converts the pixels to this machine's byte order. */
    @Benchmark
    public void load() {
        sample.load();
    }
}
