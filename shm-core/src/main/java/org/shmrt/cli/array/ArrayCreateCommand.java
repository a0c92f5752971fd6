package org.shmrt.cli.array;

import org.shmrt.array.ArraySpec;
import org.shmrt.array.ArrayType;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.report.ArrayReport;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.memory.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm array create}. */
@Command(
        name = "create",
        description = {
            "Creates an array of zeros.",
            "The array becomes visible when it is complete and its memory is reserved."
        })
final class ArrayCreateCommand extends Verb {
    @Parameters(paramLabel = "NAME", description = "shm://NAME, a bare NAME, or file://PATH.")
    private String name;

    @Option(
            names = "--shape",
            paramLabel = "ROWSxCOLS",
            required = true,
            converter = Converters.ToShape.class,
            description = "Axis lengths, slowest first, for example 480x640.")
    private Shape shape;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "f64",
            converter = Converters.ToArrayType.class,
            description = "bool u8 i8 u16 i16 u32 i32 u64 i64 f16 f32 f64 c64 c128, or numpy's name, also S12, U12, "
                    + "V12, datetime64, timedelta64, longdouble. Default: f64.")
    private ArrayType type;

    @Mixin
    private NewArrayOptions options;

    @Option(names = "--json", description = "Describe the new array as shm array show --json does.")
    private boolean json;

    @Override
    public Integer call() {
        try (SharedArray created = SharedArray.create(name, options.applyTo(ArraySpec.of(type, shape)))) {
            if (json) {
                printJson(ArrayReport.json(created.info()));
            } else {
                print(ArrayReport.summary(created.info()));
            }
        }
        return ExitStatus.DONE;
    }
}
