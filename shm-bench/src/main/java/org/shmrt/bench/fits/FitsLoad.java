package org.shmrt.bench.fits;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.shmrt.memory.DataType;
import org.shmrt.process.ChildProcess;

/**
 * Prints how fast FITS images are loaded from a warm page cache: by a plain copy, by read calls, by ShmRT, and by astropy
 * if {@code SHMRT_ASTROPY_PYTHON} names a Python that has it. The figures are medians, each also as a ratio to the copy.
 * astropy does the same work: its pixels are in this machine's byte order, in separate memory. The methods are measured
 * one after the other for each file, so that all meet the same state of the machine.
 *
 * <p>{@code java -cp shm-bench/target/benchmarks.jar org.shmrt.bench.fits.FitsLoad [DIRECTORY]}
 */
public final class FitsLoad {
    private static final long WARM_UP_NS = 700_000_000L;
    private static final int ROUNDS = 31;
    private static final long ASTROPY_TIMEOUT_NS = 600_000_000_000L;
    private static final String ASTROPY = """
        import sys, time
        from astropy.io import fits
        for _ in range(int(sys.argv[2])):
            start = time.perf_counter()
            with fits.open(sys.argv[1], memmap=False) as hdus:
                data = hdus[0].data
                data = data.astype(data.dtype.newbyteorder("<"), copy=False)
            print(time.perf_counter() - start)
        """;

    private FitsLoad() {}

    /**
     * Measures and prints.
     *
     * @param args the directory of the files; by default the directory for temporary files
     */
    public static void main(String[] args) {
        Path directory = Path.of(args.length > 0 ? args[0] : System.getProperty("java.io.tmpdir"));
        String python = System.getenv("SHMRT_ASTROPY_PYTHON");
        PrintStream out = System.out;
        out.printf(
                Locale.ROOT,
                "%-8s %5s  %22s  %22s  %22s  %22s%n",
                "type",
                "MiB",
                "copy ms (GB/s)",
                "read calls (of copy)",
                "ShmRT (of copy)",
                "astropy (of copy)");
        for (DataType type : List.of(DataType.UINT8, DataType.UINT16, DataType.FLOAT32, DataType.FLOAT64)) {
            for (int megabytes : new int[] {1, 8, 64, 256}) {
                try (FitsSample sample = new FitsSample(directory, type, megabytes)) {
                    double copy = median(() -> seconds(sample::copy));
                    double calls = median(() -> seconds(sample::readCalls));
                    double load = median(() -> seconds(sample::load));
                    double astropy = python == null ? Double.NaN : astropy(python, sample.path());
                    out.printf(
                            Locale.ROOT,
                            "%-8s %5d" + "  %12.3f (%7.2f)".repeat(4) + "%n",
                            type,
                            megabytes,
                            copy * 1e3,
                            sample.bytes() / copy / 1e9,
                            calls * 1e3,
                            copy / calls,
                            load * 1e3,
                            copy / load,
                            astropy * 1e3,
                            copy / astropy);
                }
            }
        }
    }

    private static double seconds(Runnable work) {
        long startNs = System.nanoTime();
        work.run();
        return (System.nanoTime() - startNs) / 1e9;
    }

    private static double median(Supplier<Double> measured) {
        long startNs = System.nanoTime();
        do {
            var _ = measured.get();
        } while (System.nanoTime() - startNs < WARM_UP_NS);
        double[] rounds = new double[ROUNDS];
        Arrays.setAll(rounds, i -> measured.get());
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private static double astropy(String python, Path file) {
        try (ChildProcess process = ChildProcess.builder(
                        List.of(python, "-c", ASTROPY, file.toString(), Integer.toString(ROUNDS)))
                .inheritErrors()
                .silenceTimeoutNs(ASTROPY_TIMEOUT_NS)
                .start()) {
            double[] rounds = process.rest().stream()
                    .mapToDouble(Double::parseDouble)
                    .sorted()
                    .toArray();
            return rounds.length == 0 ? Double.NaN : rounds[rounds.length / 2];
        }
    }
}
