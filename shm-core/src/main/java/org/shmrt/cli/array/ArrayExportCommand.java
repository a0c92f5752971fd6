package org.shmrt.cli.array;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.image.ImageFiles;
import org.shmrt.image.NpyFile;
import org.shmrt.image.RawFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code shm array export}. */
@Command(
        name = "export",
        description = "Writes an array to a file. It is copied first, so that no value changes while it is written.")
final class ArrayExportCommand extends Verb {
    private static final String STDOUT = "-";

    @Parameters(index = "0", paramLabel = "NAME", description = "shm://NAME, a bare NAME, or file://PATH.")
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "FILE.npy, FILE.png or FILE.raw; - is raw bytes on standard output.")
    private String file;

    @Override
    public Integer call() {
        if (!file.equals(STDOUT)) {
            ImageFiles.checkEnding(Path.of(file));
        }
        try (SharedArray array = SharedArray.attachReadOnly(name);
                Arena arena = Arena.ofConfined()) {
            MemorySegment still = copy(array, arena);
            if (file.equals(STDOUT)) {
                toStandardOutput(still);
            } else {
                toFile(Path.of(file), array, still);
            }
        }
        return ExitStatus.DONE;
    }

    private static MemorySegment copy(SharedArray array, Arena arena) {
        MemorySegment still;
        try {
            still = arena.allocate(array.byteSize(), Long.BYTES);
        } catch (OutOfMemoryError | IllegalArgumentException e) {
            throw new ShmException("no memory for a copy of the " + array.byteSize() + " bytes of " + array.name(), e);
        }
        array.copyTo(still);
        return still;
    }

    private static void toStandardOutput(MemorySegment data) {
        // System.out would turn bytes into characters and swallow a closed pipe.
        try (OutputStream bytes = new FileOutputStream(FileDescriptor.out)) {
            RawFile.write(bytes, data);
        } catch (IOException e) {
            throw new ShmException("cannot write to standard output: " + e.getMessage(), e);
        }
    }

    private void toFile(Path path, SharedArray array, MemorySegment data) {
        String remark;
        Optional<DataType> type = array.type().dataType();
        if (type.isPresent()) {
            remark = ImageFiles.write(path, new MemoryImage(type.get(), array.shape(), data));
        } else {
            remark = ArrayReport.lost(array.type());
            carry(path, array, data);
        }
        note(path + ": " + array.shape() + " " + array.type() + (remark == null ? "" : ", " + remark));
    }

    /** Elements that are no numbers of ours, as the bytes they are. */
    private static void carry(Path path, SharedArray array, MemorySegment data) {
        String ending = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (ending.endsWith(".npy")) {
            NpyFile.writeAs(path, array.type().npyDescription(), array.shape(), data);
        } else if (ending.endsWith(".raw")) {
            RawFile.write(path, new MemoryImage(DataType.UINT8, Shape.of(data.byteSize()), data));
        } else {
            throw new IncompatibleException("the array " + array.name() + " holds " + array.type()
                    + ", which is carried as bytes: export it to .npy or .raw");
        }
    }
}
