package org.shmrt.cli.array;

import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.shmrt.array.ArrayInfo;
import org.shmrt.array.SharedArray;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import org.shmrt.image.PixelSummary;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm array show}. */
@Command(name = "show", description = "What is stored about an array, and what its values are like. Changes nothing.")
final class ArrayShowCommand extends Verb {
    /** Of a larger array the values are not looked at. */
    private static final long SUMMARY_MAX_BYTES = 64 << 20;

    @Parameters(paramLabel = "NAME", description = "shm://NAME, a bare NAME, or file://PATH.")
    private String name;

    @Option(names = "--json", description = "One line of JSON, without the values.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = out();
        ArrayInfo info = ArrayInfo.of(SharedArray.path(name));
        if (json) {
            Json.print(out, ArrayReport.json(info));
        } else {
            ArrayReport.text(info, values()).forEach(out::println);
        }
        out.flush();
        return ExitStatus.DONE;
    }

    private String values() {
        try (SharedArray array = SharedArray.attachReadOnly(name);
                Arena arena = Arena.ofConfined()) {
            Optional<DataType> type = array.type().dataType();
            if (type.isEmpty() || array.byteSize() == 0 || array.byteSize() > SUMMARY_MAX_BYTES) {
                return null;
            }
            MemorySegment still = arena.allocate(array.byteSize(), Long.BYTES);
            array.copyTo(still);
            return PixelSummary.of(new MemoryImage(type.get(), array.shape(), still));
        }
    }
}
