package org.shmrt.cli.array;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.shmrt.array.ArrayInfo;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.report.ArrayReport;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Verb;
import org.shmrt.image.pixel.PixelSummary;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm array show}. */
@Command(name = "show", description = "Shows the metadata of an array and the range of its values. Changes nothing.")
final class ArrayShowCommand extends Verb {
    /** The values of a larger array are not read. */
    private static final long SUMMARY_MAX_BYTES = 64 << 20;

    @Parameters(paramLabel = "NAME", description = "shm://NAME, a bare NAME, or file://PATH.")
    private String name;

    @Option(names = "--json", description = "Print one line of JSON, without the values.")
    private boolean json;

    @Override
    public Integer call() {
        ArrayInfo info = ArrayInfo.of(SharedArray.path(name));
        if (json) {
            printJson(ArrayReport.json(info));
        } else {
            printAll(ArrayReport.text(info, values()));
        }
        return ExitStatus.DONE;
    }

    private Optional<String> values() {
        try (SharedArray array = SharedArray.attachReadOnly(name);
                Arena arena = Arena.ofConfined()) {
            Optional<DataType> type = array.type().dataType();
            if (type.isEmpty() || array.byteSize() == 0 || array.byteSize() > SUMMARY_MAX_BYTES) {
                return Optional.empty();
            }
            MemorySegment copy = arena.allocate(array.byteSize(), Long.BYTES);
            array.copyTo(copy);
            return Optional.of(PixelSummary.of(new MemoryImage(type.get(), array.shape(), copy)));
        }
    }
}
