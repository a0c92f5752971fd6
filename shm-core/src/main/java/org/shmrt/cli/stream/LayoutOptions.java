package org.shmrt.cli.stream;

import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The parts of a new stream's layout; each has a default if its option is not given. */
final class LayoutOptions {
    @Option(
            names = "--layout",
            paramLabel = "NAME",
            description =
                    "Layout of the format. dao: fifo, pre-fifo (before 2026-02-17), wide, 2 (the newest); default:"
                        + " $SHMRT_DAO_LAYOUT, else fifo. milk: 2.00, 2.01, and the builds 2.00-dao-compat,"
                        + " 2.00-writehistory, 2.01-dao-compat, 2.01-writehistory; default: $SHMRT_MILK_LAYOUT, else"
                        + " as the streams beside it, else 2.00.")
    private String layout;

    @Option(names = "--depth", paramLabel = "N", description = "Frames that the ring of a dao stream keeps.")
    private Integer depth;

    @Option(
            names = "--circular",
            paramLabel = "N",
            description = "Frames that the circular buffer of a milk stream keeps besides the newest one.")
    private Integer circular;

    @Option(names = "--keywords", paramLabel = "N", description = "Number of keywords that the stream has room for.")
    private Integer keywords;

    @Option(
            names = "--force",
            description = "Replace an existing stream of this name; programs that have it open keep the old one.")
    private boolean force;

    Optional<String> layout() {
        return Optional.ofNullable(layout);
    }

    OptionalInt depth() {
        return optional(depth);
    }

    OptionalInt circular() {
        return optional(circular);
    }

    OptionalInt keywords() {
        return optional(keywords);
    }

    boolean replacesExisting() {
        return force;
    }

    private static OptionalInt optional(Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
