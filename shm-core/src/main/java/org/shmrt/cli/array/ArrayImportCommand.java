package org.shmrt.cli.array;

import java.nio.file.Path;
import org.shmrt.array.ArraySpec;
import org.shmrt.array.HeaderVersion;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.IncompatibleException;
import org.shmrt.image.ImageFiles;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm array import}. */
@Command(
        name = "import",
        description = "Makes an array with the contents of a file, or writes them into one that exists.")
final class ArrayImportCommand extends Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "shm://NAME, a bare NAME, or file://PATH.")
    private String name;

    @Parameters(index = "1", paramLabel = "FILE", description = "FILE.npy, or FILE.raw with --shape and --dtype.")
    private Path file;

    @Option(
            names = "--shape",
            paramLabel = "ROWSxCOLS",
            converter = Converters.OfShape.class,
            description = "Axis lengths of a .raw file, slowest first, for example 480x640.")
    private Shape shape;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = Converters.OfDataType.class,
            description = "Type of a .raw file: bool u8 i8 u16 i16 u32 i32 u64 i64 f16 f32 f64 c64 c128.")
    private DataType dtype;

    @Option(
            names = "--update",
            description = "Write into the array of that name, of the same shape and type; who "
                    + "has it attached sees it change.")
    private boolean update;

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            converter = Converters.OfArrayForm.class,
            description = "As for shm array create.")
    private HeaderVersion layout;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = Converters.OfPermissions.class,
            description = "Permissions in octal, whatever the umask; by default 0666 less the umask.")
    private Integer mode;

    @Option(names = "--json", description = "Report the array as shm array show --json does.")
    private boolean json;

    @Override
    public Integer call() {
        if (update && (layout != null || mode != null)) {
            throw wrongUsage("--layout and --mode are for a new array, and --update is for one that exists");
        }
        MemoryImage image = ImageFiles.read(file, dtype, shape);
        if ((dtype != null && dtype != image.type()) || (shape != null && !shape.equals(image.shape()))) {
            throw new IllegalArgumentException(
                    file + " holds " + image.shape() + " " + image.type() + ", not what --shape and --dtype say");
        }
        try (SharedArray array = update ? updated(image) : created(image)) {
            ArrayReport.created(out(), array.info(), json);
        }
        return ExitStatus.DONE;
    }

    private SharedArray created(MemoryImage image) {
        ArraySpec spec = ArraySpec.of(image.type(), image.shape());
        if (layout != null) {
            spec = spec.withHeaderVersion(layout);
        }
        if (mode != null) {
            spec = spec.withPermissions(mode);
        }
        return SharedArray.create(name, spec, image.data());
    }

    private SharedArray updated(MemoryImage image) {
        SharedArray array = SharedArray.attach(name);
        try {
            if (array.type().dataType().filter(image.type()::equals).isEmpty()
                    || !array.shape().equals(image.shape())) {
                throw new IncompatibleException(file + " holds " + image.shape() + " " + image.type() + ", but "
                        + array.name() + " takes " + array.shape() + " " + array.type());
            }
            array.copyFrom(image.data());
            return array;
        } catch (RuntimeException e) {
            array.close();
            throw e;
        }
    }
}
