package org.shmrt.cli.array;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.picture.Caption;
import org.shmrt.cli.picture.PictureOptions;
import org.shmrt.cli.report.ArrayReport;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.StandardStreams;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.NpyFile;
import org.shmrt.image.RawFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code shm array export}. */
@Command(
        name = "export",
        description = "Writes a copy of an array to a file, so that no value changes while the file is written.")
final class ArrayExportCommand extends Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "shm://NAME, a bare NAME, or file://PATH.")
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "FILE.npy, FILE.png or FILE.raw; - writes raw bytes to standard output.")
    private String file;

    @Mixin
    private PictureOptions pictures;

    @Override
    public Integer call() {
        pictures.check(this, PictureOptions.isPicture(file));
        if (!file.equals(StandardStreams.NAME)) {
            ImageFiles.checkEnding(FileNames.parse(file));
        }
        try (SharedArray array = SharedArray.attachReadOnly(name);
                Arena arena = Arena.ofConfined()) {
            MemorySegment data = copy(array, arena);
            if (file.equals(StandardStreams.NAME)) {
                if (pictures.slice().isGiven()) {
                    throw wrongUsage("--slice selects a part for a file: name one in place of -");
                }
                RawFile.write(StandardStreams.output(), data);
            } else {
                writeFile(FileNames.parse(file), array, data);
            }
        }
        return ExitStatus.DONE;
    }

    private static MemorySegment copy(SharedArray array, Arena arena) {
        MemorySegment copy;
        try {
            copy = arena.allocate(array.byteSize(), Long.BYTES);
        } catch (OutOfMemoryError | IllegalArgumentException e) {
            throw new ShmException(
                    "not enough memory to copy the " + array.byteSize() + " bytes of " + array.name(), e);
        }
        array.copyTo(copy);
        return copy;
    }

    private void writeFile(Path path, SharedArray array, MemorySegment data) {
        Optional<DataType> type = array.type().dataType();
        Shape shape = array.shape();
        Optional<String> remark;
        if (type.isPresent()) {
            MemoryImage slice = pictures.slice().of(new MemoryImage(type.get(), array.shape(), data));
            shape = slice.shape();
            remark = pictures.write(path, slice, () -> Caption.of(array.name(), type.get()));
        } else {
            remark = Stream.concat(
                            ArrayReport.typeLoss(array.type()).stream(), writeElements(path, array, data).stream())
                    .reduce((one, other) -> one + ", " + other);
        }
        note(FileNames.text(path) + ": " + shape + " " + array.type()
                + remark.map(text -> ", " + text).orElse(""));
    }

    /** Writes elements that no image format has, as bytes. */
    private static Optional<String> writeElements(Path path, SharedArray array, MemorySegment data) {
        String ending = path.toString().toLowerCase(Locale.ROOT);
        if (ending.endsWith(".npy")) {
            return NpyFile.writeAs(path, array.type().npyDescription(), array.shape(), data);
        } else if (ending.endsWith(".raw")) {
            return RawFile.write(path, new MemoryImage(DataType.UINT8, Shape.of(data.byteSize()), data));
        } else {
            throw new IncompatibleException("the elements of array " + array.name() + " are " + array.type()
                    + ", which only .npy and .raw can store: export it to .npy or .raw");
        }
    }
}
