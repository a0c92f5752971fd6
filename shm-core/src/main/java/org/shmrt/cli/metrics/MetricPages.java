package org.shmrt.cli.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopTelemetry;
import org.shmrt.telemetry.MeterSnapshot;
import org.shmrt.telemetry.MeterTelemetry;

/**
 * What all loops and meters of the machine show at one moment.
 *
 * @param loops the loops
 * @param meters the meters
 * @param failures why pages could not be read
 */
record MetricPages(List<LoopSnapshot> loops, List<MeterSnapshot> meters, List<String> failures) {
    static MetricPages read() {
        List<String> failures = new ArrayList<>();
        List<LoopSnapshot> loops = read(LoopTelemetry.names(), MetricPages::loop, failures);
        List<MeterSnapshot> meters = read(MeterTelemetry.names(), MetricPages::meter, failures);
        return new MetricPages(loops, meters, failures);
    }

    private static LoopSnapshot loop(String name) {
        try (LoopTelemetry page = LoopTelemetry.open(name)) {
            return page.snapshot();
        }
    }

    private static MeterSnapshot meter(String name) {
        try (MeterTelemetry page = MeterTelemetry.open(name)) {
            return page.snapshot();
        }
    }

    private static <T> List<T> read(List<String> names, Function<String, T> read, List<String> failures) {
        List<T> pages = new ArrayList<>();
        for (String name : names) {
            try {
                pages.add(read.apply(name));
            } catch (NotFoundException e) {
                // it ended in the meantime
            } catch (ShmException e) {
                failures.add(e.getMessage());
            }
        }
        return pages;
    }
}
