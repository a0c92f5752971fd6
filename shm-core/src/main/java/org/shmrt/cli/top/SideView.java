package org.shmrt.cli.top;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.shmrt.monitor.ProcessRef;
import org.shmrt.monitor.Reading;
import org.shmrt.monitor.SemaphoreReading;
import org.shmrt.screen.Key;

/** What the right part of the table shows: milk-streamCTRL's views on its keys F2 to F6. */
@SuppressWarnings("ImmutableEnumChecker") // its functions keep no state
enum SideView {
    NONE("", Key.Name.UNKNOWN, "", reading -> ""),
    SEMAPHORES(
            "SEMAPHORES value/waiters",
            Key.Name.F2,
            "semaphores",
            reading -> each(
                    reading,
                    semaphore -> semaphore.value() < 0 || semaphore.waiters() == 0
                            ? Integer.toUnsignedString(semaphore.value())
                            : semaphore.value() + "/" + semaphore.waiters())),
    WRITERS(
            "SEMAPHORE WRITERS",
            Key.Name.F3,
            "writers",
            reading -> each(reading, semaphore -> process(semaphore.writer()))),
    READERS(
            "SEMAPHORE READERS",
            Key.Name.F4,
            "readers",
            reading -> each(reading, semaphore -> process(semaphore.reader()))),
    TRACE(
            "TRACE newest last",
            Key.Name.F5,
            "trace",
            reading -> Column.processes(reading.users().trace())),
    OPENERS("OPENED BY", Key.Name.F6, "opened by", SideView::openers);

    private final String title;
    private final Key.Name key;
    private final String label;
    private final Function<Reading, String> text;

    SideView(String title, Key.Name key, String label, Function<Reading, String> text) {
        this.title = title;
        this.key = key;
        this.label = label;
        this.text = text;
    }

    String title() {
        return title;
    }

    /** What the line of keys calls it. */
    String label() {
        return label;
    }

    String text(Reading reading) {
        return text.apply(reading);
    }

    /** The view of a key. */
    static Optional<SideView> of(Key.Name name) {
        for (SideView view : values()) {
            if (view != NONE && view.key == name) {
                return Optional.of(view);
            }
        }
        return Optional.empty();
    }

    private static String each(Reading reading, Function<SemaphoreReading, String> value) {
        List<SemaphoreReading> semaphores = reading.users().semaphores();
        return semaphores.isEmpty()
                ? Values.NONE
                : semaphores.stream()
                        .map(semaphore -> semaphore.exists() ? value.apply(semaphore) : "x")
                        .collect(Collectors.joining(" "));
    }

    private static String process(Optional<ProcessRef> process) {
        return process.map(ProcessRef::toString).orElse(Values.NONE);
    }

    private static String openers(Reading reading) {
        return reading.users().openers().isEmpty()
                ? Values.NONE
                : reading.users().openers().stream()
                        .map(Reading.Opener::toString)
                        .collect(Collectors.joining(", "));
    }
}
