package org.shmrt.cli.array;

import org.shmrt.array.ArraySpec;
import org.shmrt.array.ArrayType;
import org.shmrt.array.HeaderVersion;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.memory.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm array create}. */
@Command(
        name = "create",
        description = "Makes an array of zeros: complete, its memory reserved, visible only when it is ready.")
final class ArrayCreateCommand extends Verb {
    @Parameters(paramLabel = "NAME", description = "shm://NAME, a bare NAME, or file://PATH.")
    private String name;

    @Option(
            names = "--shape",
            paramLabel = "ROWSxCOLS",
            required = true,
            converter = Converters.OfShape.class,
            description = "Axis lengths, slowest first, for example 480x640.")
    private Shape shape;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "f64",
            converter = Converters.OfArrayType.class,
            description = "bool u8 i8 u16 i16 u32 i32 u64 i64 f16 f32 f64 c64 c128, or numpy's name, also S12, U12, "
                    + "V12, datetime64, timedelta64, longdouble; f64 by default.")
    private ArrayType dtype;

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            defaultValue = "trailer-292",
            converter = Converters.OfArrayForm.class,
            description = "For another SharedArray than 3.1 and later with numpy 1: trailer-548 (with numpy 2), "
                    + "trailer-288 (2.0 to 3.0.0), trailer-160 (0.4 to 1.x), header-160 (before).")
    private HeaderVersion layout;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = Converters.OfPermissions.class,
            description = "Permissions in octal, whatever the umask; by default 0666 less the umask.")
    private Integer mode;

    @Option(names = "--json", description = "Report the new array as shm array show --json does.")
    private boolean json;

    @Override
    public Integer call() {
        ArraySpec spec = ArraySpec.of(dtype, shape).withHeaderVersion(layout);
        if (mode != null) {
            spec = spec.withPermissions(mode);
        }
        try (SharedArray created = SharedArray.create(name, spec)) {
            ArrayReport.created(out(), created.info(), json);
        }
        return ExitStatus.DONE;
    }
}
