package org.shmrt.cli.top;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.array.ArrayInfo;
import org.shmrt.block.BlockInfo;
import org.shmrt.cli.loop.LoopReports;
import org.shmrt.cli.monitor.IntervalRecorder;
import org.shmrt.cli.report.ArrayReport;
import org.shmrt.cli.report.BlockReport;
import org.shmrt.cli.report.StreamText;
import org.shmrt.error.ShmException;
import org.shmrt.monitor.Kind;
import org.shmrt.monitor.ProcessRef;
import org.shmrt.monitor.Reading;
import org.shmrt.monitor.SemaphoreReading;
import org.shmrt.screen.Glyphs;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.telemetry.LoopMeasure;
import org.shmrt.telemetry.LoopSnapshot;
import org.shmrt.telemetry.LoopTelemetry;
import org.shmrt.text.Printable;

/**
 * Everything about one object. While it is shown, every frame of a stream is read, so that the intervals are exact. For
 * one thread.
 */
final class DetailPage implements AutoCloseable {
    private Reading reading;
    private Optional<IntervalRecorder> recorder = Optional.empty();
    private boolean removed;

    DetailPage(Reading reading) {
        this.reading = reading;
        if (reading.facts().kind() == Kind.STREAM) {
            try {
                recorder = Optional.of(new IntervalRecorder(reading.facts().path()));
            } catch (ShmException e) {
                // The page shows why.
            }
        }
    }

    /** Takes the newest reading of the object, if it still exists. */
    void update(List<Reading> readings) {
        Optional<Reading> same = readings.stream()
                .filter(other -> other.facts().key().equals(reading.facts().key()))
                .findFirst();
        removed = same.isEmpty();
        same.ifPresent(now -> reading = now);
        recorder.ifPresent(IntervalRecorder::update);
    }

    Reading reading() {
        return reading;
    }

    /** The lines of the page. */
    List<String> lines(int width, Glyphs glyphs) {
        List<String> lines = new ArrayList<>();
        Reading.Activity activity = reading.activity();
        lines.add(reading.facts().name() + ": " + reading.facts().format() + " "
                + (reading.facts().format().equals(reading.facts().kind().word())
                        ? ""
                        : reading.facts().kind().word())
                + (removed ? "  REMOVED" : "  " + activity.state().word())
                + (activity.count().isEmpty()
                        ? ""
                        : "  " + Values.rate(activity.rateHz()) + " Hz  jitter "
                                + Values.nanoseconds(activity.jitterNs()) + "  age "
                                + Values.age(activity.ageSeconds()) + "  lost " + Values.losses(activity.lost())));
        lines.add(glyphs.line(width));
        try {
            switch (reading.facts().kind()) {
                case STREAM -> addStream(lines, width, glyphs);
                case LOOP -> addLoop(lines, width, glyphs);
                case ARRAY ->
                    lines.addAll(ArrayReport.text(ArrayInfo.of(reading.facts().path()), Optional.empty()));
                case BLOCK ->
                    lines.addAll(BlockReport.text(BlockInfo.of(reading.facts().path()), List.of()));
            }
        } catch (ShmException e) {
            lines.add(Printable.of(String.valueOf(e.getMessage())));
        }
        addOpeners(lines);
        return lines;
    }

    private void addStream(List<String> lines, int width, Glyphs glyphs) {
        lines.addAll(StreamText.of(StreamInspector.now().info(reading.facts().path())));
        List<SemaphoreReading> semaphores = reading.users().semaphores();
        if (!semaphores.isEmpty()) {
            lines.add("");
            lines.add("semaphore  value  waiting  reader               posted last by");
            for (int i = 0; i < semaphores.size(); i++) {
                lines.add(semaphore(i, semaphores.get(i)));
            }
        }
        if (!reading.users().trace().isEmpty()) {
            lines.add("");
            lines.add("trace      " + Column.processes(reading.users().trace()));
        }
        recorder.ifPresent(intervals -> {
            lines.add("");
            lines.add("intervals of " + intervals.distribution().count() + " frames since this page was opened, "
                    + intervals.skipped() + " skipped");
            lines.addAll(IntervalBars.lines(intervals.distribution(), width, glyphs));
        });
    }

    private static String semaphore(int index, SemaphoreReading semaphore) {
        if (!semaphore.exists()) {
            return pad(String.valueOf(index), 9) + "  missing";
        }
        return pad(String.valueOf(index), 9) + "  " + pad(Integer.toUnsignedString(semaphore.value()), 5) + "  "
                + pad(String.valueOf(semaphore.waiters()), 7) + "  " + pad(process(semaphore.reader()), 19) + "  "
                + process(semaphore.writer());
    }

    private static String process(Optional<ProcessRef> process) {
        return process.map(ProcessRef::toString).orElse(Values.NONE);
    }

    private static String pad(String text, int cells) {
        return text + " ".repeat(Math.max(0, cells - text.length()));
    }

    private void addLoop(List<String> lines, int width, Glyphs glyphs) {
        try (LoopTelemetry page = LoopTelemetry.open(reading.facts().name())) {
            LoopSnapshot loop = page.snapshot();
            lines.addAll(LoopReports.text(loop));
            lines.add("");
            lines.add(
                    "intervals of " + loop.histogram(LoopMeasure.INTERVAL).count() + " steps since the loop was armed");
            lines.addAll(IntervalBars.lines(new LoopIntervals(loop.histogram(LoopMeasure.INTERVAL)), width, glyphs));
        }
    }

    private void addOpeners(List<String> lines) {
        if (!reading.users().openers().isEmpty()) {
            lines.add("");
            lines.add("opened by  (as far as this user may see)");
            reading.users()
                    .openers()
                    .forEach(opener -> lines.add(
                            "           " + opener.process() + "  " + (opener.writable() ? "may write" : "read-only")));
        }
    }

    @Override
    public void close() {
        recorder.ifPresent(IntervalRecorder::close);
    }
}
