package org.shmrt.cli.array;

import java.nio.file.Path;
import org.shmrt.array.ArraySpec;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.report.ArrayReport;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.ImageOptions;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.MemoryImage;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm array import}. */
@Command(
        name = "import",
        description = "Creates an array with the contents of a file, or writes them into an existing array.")
final class ArrayImportCommand extends Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "shm://NAME, a bare NAME, or file://PATH.")
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "FILE.npy, FILE.fits, or FILE.raw with --shape and --dtype.")
    private Path file;

    @Mixin
    private ImageOptions imageOptions;

    @Option(
            names = "--update",
            description = "Write into the existing array of this name, which must have the same shape and type. "
                    + "Programs that have it attached see the change.")
    private boolean update;

    @Mixin
    private NewArrayOptions options;

    @Option(names = "--json", description = "Describe the array as shm array show --json does.")
    private boolean json;

    @Override
    public Integer call() {
        if (update && options.areGiven()) {
            throw wrongUsage("--layout and --mode are for a new array, but --update writes into an existing one");
        }
        MemoryImage image = imageOptions.read(file, this::note);
        try (SharedArray array = ImageOptions.using(file, () -> update ? updated(image) : created(image))) {
            if (json) {
                printJson(ArrayReport.json(array.info()));
            } else {
                print(ArrayReport.summary(array.info()));
            }
        }
        return ExitStatus.DONE;
    }

    private SharedArray created(MemoryImage image) {
        return SharedArray.create(name, options.applyTo(ArraySpec.of(image.type(), image.shape())), image.data());
    }

    private SharedArray updated(MemoryImage image) {
        SharedArray array = SharedArray.attach(name);
        try {
            if (array.type().dataType().filter(image.type()::equals).isEmpty()
                    || !array.shape().equals(image.shape())) {
                throw new IncompatibleException(FileNames.text(file) + " contains " + image.shape() + " " + image.type()
                        + ", but " + array.name() + " is " + array.shape() + " " + array.type());
            }
            array.copyFrom(image.data());
            return array;
        } catch (RuntimeException e) {
            array.close();
            throw e;
        }
    }
}
