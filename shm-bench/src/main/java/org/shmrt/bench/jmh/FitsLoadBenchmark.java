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
 * A FITS image from a warm page cache into memory, beside a copy of the same bytes. Bytes of a uint8 image keep their
 * order, so the difference to the other types is the price of reversing it.
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

    /** Size of the pixels. */
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

    /** The baseline: bytes that are mapped already, copied. */
    @Benchmark
    public void copy() {
        sample.copy();
    }

    /** The bytes by read calls, in the file's order. */
    @Benchmark
    public void readCalls() {
        sample.readCalls();
    }

    /** The image: file opened, header judged, pixels in this machine's order. */
    @Benchmark
    public void load() {
        sample.load();
    }
}
