package org.shmrt.cli.top;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.shmrt.monitor.ProcessRef;
import org.shmrt.monitor.Reading;
import org.shmrt.monitor.SemaphoreReading;
import org.shmrt.screen.Style;

/**
 * The columns of the table, from the left to the right. A narrow terminal shows those of the lowest rank.
 */
@SuppressWarnings("ImmutableEnumChecker") // its functions keep no state
enum Column {
    NAME(
            "NAME",
            10,
            Side.LEFT,
            0,
            "name",
            reading -> reading.facts().name(),
            Order.text(r -> r.facts().name())),
    STATE(
            "STATE",
            6,
            Side.LEFT,
            2,
            "live, idle, paused, late, dead or error",
            reading -> reading.activity().state().word(),
            Comparator.comparing((Reading reading) -> reading.activity().state())
                    .reversed()),
    RATE(
            "Hz",
            8,
            Side.RIGHT,
            1,
            "frames or steps per second",
            reading -> Values.rate(reading.activity().rateHz()),
            Order.falling(reading -> reading.activity().rateHz())),
    JITTER(
            "JITTER",
            8,
            Side.RIGHT,
            5,
            "standard deviation of the intervals that were seen",
            reading -> Values.nanoseconds(reading.activity().jitterNs()),
            Order.falling(reading -> reading.activity().jitterNs())),
    AGE(
            "AGE",
            8,
            Side.RIGHT,
            3,
            "time since the newest frame or step",
            reading -> Values.age(reading.activity().ageSeconds()),
            Order.rising(reading -> reading.activity().ageSeconds())),
    LOST(
            "LOST",
            6,
            Side.RIGHT,
            4,
            "frames missing in the stream, or steps missed by the loop",
            reading -> Values.losses(reading.activity().lost()),
            Order.falling(reading -> number(reading.activity().lost()))),
    KIND(
            "KIND",
            5,
            Side.LEFT,
            6,
            "dao, milk, array, list, block or loop",
            reading -> reading.facts().format(),
            Order.text(r -> r.facts().format())),
    SHAPE(
            "SHAPE",
            11,
            Side.LEFT,
            7,
            "axis lengths",
            reading -> reading.facts().shape(),
            Order.text(r -> r.facts().shape())),
    TYPE(
            "TYPE",
            8,
            Side.LEFT,
            9,
            "type of the elements",
            reading -> reading.facts().type(),
            Order.text(r -> r.facts().type())),
    WAITING(
            "WAIT",
            4,
            Side.RIGHT,
            8,
            "threads asleep on the semaphores",
            Column::waiting,
            Order.falling(reading -> reading.users().waiters())),
    SIZE(
            "SIZE",
            8,
            Side.RIGHT,
            11,
            "size of the file",
            reading -> reading.facts().bytes() == 0
                    ? Values.NONE
                    : Values.bytes(reading.facts().bytes()),
            Order.falling(reading -> reading.facts().bytes())),
    COUNT(
            "FRAMES",
            11,
            Side.RIGHT,
            10,
            "frames or steps since the object was created",
            reading -> Values.count(reading.activity().count()),
            Order.falling(reading -> number(reading.activity().count()))),
    WRITER(
            "WRITER",
            18,
            Side.LEFT,
            12,
            "processes that write it, by pid and name",
            reading -> processes(reading.users().writers()),
            Order.text(reading -> processes(reading.users().writers()))),
    READERS(
            "READERS",
            18,
            Side.LEFT,
            13,
            "processes that reserved a semaphore, by pid and name",
            reading -> processes(reading.users().readers()),
            Order.falling(reading -> reading.users().readers().size())),
    NOTE(
            "NOTE",
            20,
            Side.LEFT,
            14,
            "why the object cannot be read, or a remark",
            Reading::note,
            Order.text(Reading::note));

    private enum Side {
        LEFT,
        RIGHT
    }

    /** Orders of rows; those without a value come last. */
    private static final class Order {
        private Order() {}

        static Comparator<Reading> text(Function<Reading, String> value) {
            return Comparator.comparing(
                    value, Comparator.comparing(String::isEmpty).thenComparing(String.CASE_INSENSITIVE_ORDER));
        }

        static Comparator<Reading> rising(ToDoubleFunction<Reading> value) {
            return Comparator.comparingDouble(value); // NaN is the largest
        }

        static Comparator<Reading> falling(ToDoubleFunction<Reading> value) {
            return Comparator.comparingDouble(reading -> {
                double number = value.applyAsDouble(reading);
                return Double.isNaN(number) ? Double.NaN : -number;
            });
        }
    }

    private final String title;
    private final int width;
    private final Side side;
    private final int rank;
    private final String description;
    private final Function<Reading, String> text;
    private final Comparator<Reading> order;

    Column(
            String title,
            int width,
            Side side,
            int rank,
            String description,
            Function<Reading, String> text,
            Comparator<Reading> order) {
        this.title = title;
        this.width = width;
        this.side = side;
        this.rank = rank;
        this.description = description;
        this.text = text;
        this.order = order;
    }

    /** Its name as a value of {@code --sort}, in the help and in completion. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    String title() {
        return title;
    }

    /** Its minimum width in cells. */
    int width() {
        return width;
    }

    boolean isRightAligned() {
        return side == Side.RIGHT;
    }

    /** The order in which columns are left out of a narrow terminal, the highest first. */
    int rank() {
        return rank;
    }

    String description() {
        return description;
    }

    String text(Reading reading) {
        return text.apply(reading);
    }

    /** The natural order: names rising, rates falling. Equal rows are ordered by name. */
    Comparator<Reading> order() {
        return order.thenComparing(reading -> reading.facts().name())
                .thenComparing(reading -> reading.facts().key());
    }

    /** A colour, where the value has a meaning. */
    Style style(Reading reading) {
        return switch (this) {
            case NAME, RATE, STATE, AGE ->
                switch (reading.activity().state()) {
                    case LIVE -> this == NAME ? Style.BOLD : Style.FRESH;
                    case LATE -> Style.LATE;
                    case DEAD, UNREADABLE -> Style.DEAD;
                    case PAUSED, IDLE -> this == NAME ? Style.PLAIN : Style.DIM;
                };
            case LOST -> number(reading.activity().lost()) > 0 ? Style.LOST : Style.PLAIN;
            case NOTE -> Style.DIM;
            default -> Style.PLAIN;
        };
    }

    private static double number(OptionalLong value) {
        return value.isEmpty() ? Double.NaN : value.getAsLong();
    }

    private static String waiting(Reading reading) {
        List<SemaphoreReading> semaphores = reading.users().semaphores();
        return semaphores.isEmpty()
                ? Values.NONE
                : String.valueOf(reading.users().waiters());
    }

    /** {@code 123:camera 456:loop}. */
    static String processes(List<ProcessRef> processes) {
        return processes.isEmpty()
                ? Values.NONE
                : processes.stream().map(ProcessRef::toString).collect(Collectors.joining(" "));
    }
}
