package org.shmrt.cli.block;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.shmrt.block.SharedMemory;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.StandardStreams;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.FileOpening;
import org.shmrt.posix.IoErrors;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm block write}. */
@Command(
        name = "write",
        description = "Writes the bytes of a file or pipe into an existing block. The other bytes of the block do not "
                + "change.")
final class BlockWriteCommand extends Verb {
    private static final int CHUNK_BYTES = 1 << 18;

    @Parameters(paramLabel = "NAME", description = "Name of a block.")
    private String name;

    @Option(
            names = {"-i", "--in"},
            paramLabel = "FILE",
            required = true,
            description = "File, whatever its ending; - is standard input.")
    private String in;

    @Option(
            names = "--offset",
            paramLabel = "N",
            defaultValue = "0",
            converter = Converters.ToByteCount.class,
            description = "First byte to write. Default: 0.")
    private long offset;

    @Option(names = "--json", description = "Print the report as one line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try (SharedMemory block = SharedMemory.attach(name)) {
            if (offset >= block.size()) {
                throw new IllegalArgumentException(
                        "block " + name + " has " + block.size() + " bytes: cannot write any from offset " + offset);
            }
            report(copyInto(block));
        }
        return ExitStatus.DONE;
    }

    private long copyInto(SharedMemory block) {
        long room = block.size() - offset;
        try (InputStream input = open(room)) {
            byte[] chunk = new byte[CHUNK_BYTES];
            long written = 0;
            for (int count = input.read(chunk); count >= 0; count = input.read(chunk)) {
                long fits = Math.min(count, room - written);
                block.write(offset + written, MemorySegment.ofArray(chunk).asSlice(0, fits));
                written += fits;
                if (fits < count) {
                    throw tooLong("the input has more than the " + written + " bytes that were written", room);
                }
            }
            return written;
        } catch (IOException e) {
            throw IoErrors.reading(in, e);
        }
    }

    private InputStream open(long room) throws IOException {
        if (in.equals(StandardStreams.NAME)) {
            return StandardStreams.input();
        }
        Path file = FileNames.parse(in);
        if (!Files.exists(file)) {
            throw new NotFoundException("there is no file " + FileNames.text(file));
        }
        if (Files.isDirectory(file)) {
            throw new IncompatibleException(FileNames.text(file) + " is a directory: give a file");
        }
        // The size of a file is known before anything is written.
        if (Files.isRegularFile(file) && Files.size(file) > room) {
            throw tooLong(FileNames.text(file) + " has " + Files.size(file) + " bytes", room);
        }
        return FileOpening.stream(file);
    }

    private IncompatibleException tooLong(String what, long room) {
        return new IncompatibleException(what + ": block " + name + " has room for " + room + " from offset " + offset);
    }

    private void report(long written) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", name);
            line.put("offset", offset);
            line.put("bytes", written);
            printJson(line);
            return;
        }
        print(name + ": " + written + " bytes written at offset " + offset);
    }
}
