package org.shmrt.demo;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Settings of which the demo has to choose none. */
final class GivenSettings {
    private GivenSettings() {}

    static Demo.Settings of(
            double seconds,
            double rateHz,
            String format,
            String waiting,
            Optional<Path> folder,
            Demo.Progress progress) {
        return new Demo.Settings(
                seconds, OptionalDouble.of(rateHz), format, Optional.of(waiting), OptionalInt.of(0), folder, progress);
    }
}
