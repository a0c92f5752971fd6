package org.shmrt.cli.array;

import org.shmrt.array.ArraySpec;
import org.shmrt.array.HeaderVersion;
import org.shmrt.cli.verb.Converters;
import picocli.CommandLine.Option;

/** The options of a new array that are independent of its contents. */
final class NewArrayOptions {
    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            converter = Converters.ToArrayLayout.class,
            description = "Layout of the SharedArray version: trailer-292 (default; 3.1 and later with numpy 1), "
                    + "trailer-548 (with numpy 2), trailer-288 (2.0 to 3.0.0), trailer-160 (0.4 to 1.x), header-160 "
                    + "(before 0.4).")
    private HeaderVersion layout;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = Converters.ToPermissions.class,
            description = "Permissions in octal; the umask does not apply. Default: 0666 less the umask.")
    private Integer mode;

    /** Whether any of the options was given. */
    boolean areGiven() {
        return layout != null || mode != null;
    }

    /** The specification with these options. */
    ArraySpec applyTo(ArraySpec spec) {
        ArraySpec changed = layout == null ? spec : spec.withHeaderVersion(layout);
        return mode == null ? changed : changed.withPermissions(mode);
    }
}
