package org.shmrt.cli.block;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.shmrt.block.SharedMemory;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm block write}. */
@Command(
        name = "write",
        description =
                "Writes the bytes of a file or pipe into a block that exists. What they do not reach stays as it is.")
final class BlockWriteCommand extends Verb {
    private static final String STDIN = "-";
    private static final int CHUNK_BYTES = 1 << 18;

    @Parameters(paramLabel = "NAME", description = "Name of a block.")
    private String name;

    @Option(
            names = {"-i", "--in"},
            paramLabel = "FILE",
            required = true,
            description = "File of bytes, whatever its ending; - is standard input.")
    private String in;

    @Option(
            names = "--offset",
            paramLabel = "N",
            defaultValue = "0",
            converter = Converters.OfByteCount.class,
            description = "First byte to write; 0 by default.")
    private long offset;

    @Option(names = "--json", description = "Report as one line of JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try (SharedMemory block = SharedMemory.attach(name)) {
            if (offset >= block.size()) {
                throw new IllegalArgumentException(
                        "the block " + name + " has " + block.size() + " bytes: none from offset " + offset);
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
                    throw tooLong("the input has more than " + written + " bytes, which are written", room);
                }
            }
            return written;
        } catch (IOException e) {
            throw new ShmException("cannot read " + in + ": " + e.getMessage(), e);
        }
    }

    private InputStream open(long room) throws IOException {
        if (STDIN.equals(in)) {
            return new FileInputStream(FileDescriptor.in);
        }
        Path file = Path.of(in);
        if (!Files.exists(file)) {
            throw new NotFoundException("there is no file " + file);
        }
        if (Files.isDirectory(file)) {
            throw new IncompatibleException(file + " is a directory, not a file of bytes");
        }
        // Of a file it is known before anything is written.
        if (Files.isRegularFile(file) && Files.size(file) > room) {
            throw tooLong(file + " has " + Files.size(file) + " bytes", room);
        }
        return Files.newInputStream(file);
    }

    private IncompatibleException tooLong(String what, long room) {
        return new IncompatibleException(
                what + ": the block " + name + " has room for " + room + " from offset " + offset);
    }

    private void report(long written) {
        PrintWriter out = out();
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", name);
            line.put("offset", offset);
            line.put("bytes", written);
            Json.print(out, line);
            return;
        }
        out.println(name + ": " + written + " bytes written at offset " + offset);
        out.flush();
    }
}
