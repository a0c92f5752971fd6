package org.shmrt.cli.block;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.shmrt.block.SharedMemory;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.Json;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import org.shmrt.image.RawFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm block read}. */
@Command(
        name = "read",
        description = "Reads bytes of a block: shows the first 256, or writes all of them to a file or pipe.")
final class BlockReadCommand extends Verb {
    private static final String STDOUT = "-";
    private static final long SHOWN_BYTES = 256;
    private static final int LINE_BYTES = 16;

    @Parameters(paramLabel = "NAME", description = "Name of a block.")
    private String name;

    @Option(
            names = "--offset",
            paramLabel = "N",
            defaultValue = "0",
            converter = Converters.OfByteCount.class,
            description = "First byte to read; 0 by default.")
    private long offset;

    @Option(
            names = "--length",
            paramLabel = "N",
            converter = Converters.OfByteCount.class,
            description = "Bytes to read; by default all there are, and 256 where they are shown.")
    private Long lengthBytes;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Write the bytes to FILE, whatever its ending; - is standard output.")
    private String out;

    @Option(names = "--json", description = "One line of JSON, the bytes as hex digits.")
    private boolean json;

    @Override
    public Integer call() {
        if (out != null && json) {
            throw wrongUsage("--json shows bytes and --out writes them to a file: give one of them");
        }
        try (SharedMemory block = SharedMemory.attachReadOnly(name)) {
            MemorySegment bytes = copy(block);
            if (STDOUT.equals(out)) {
                toStandardOutput(bytes);
            } else if (out != null) {
                Shape all = Shape.of(bytes.byteSize());
                RawFile.write(Path.of(out), new MemoryImage(DataType.UINT8, all, bytes));
                note(out + ": " + bytes.byteSize() + " bytes");
            } else {
                show(block, bytes);
            }
        }
        return ExitStatus.DONE;
    }

    /** The bytes asked for, in memory that nobody cuts off. */
    private MemorySegment copy(SharedMemory block) {
        long left = block.size() - offset;
        long wanted = lengthBytes != null ? lengthBytes : out != null ? left : Math.min(left, SHOWN_BYTES);
        if (left <= 0 || wanted > left || wanted < 1) {
            throw new IllegalArgumentException("the block " + name + " has " + block.size() + " bytes: "
                    + (left <= 0 ? "none" : wanted + " cannot be read") + " from offset " + offset);
        }
        try {
            MemorySegment bytes = Arena.ofAuto().allocate(wanted);
            block.read(offset, bytes);
            return bytes;
        } catch (OutOfMemoryError e) {
            throw new ShmException(
                    "no memory for " + wanted + " bytes: read fewer at a time with --offset and --length", e);
        }
    }

    private static void toStandardOutput(MemorySegment bytes) {
        // System.out would turn bytes into characters and swallow a closed pipe.
        try (OutputStream raw = new FileOutputStream(FileDescriptor.out)) {
            RawFile.write(raw, bytes);
        } catch (IOException e) {
            throw new ShmException("cannot write to standard output: " + e.getMessage(), e);
        }
    }

    private void show(SharedMemory block, MemorySegment bytes) {
        PrintWriter text = out();
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", name);
            line.put("offset", offset);
            line.put("length", bytes.byteSize());
            line.put("hex", HexFormat.of().formatHex(bytes.toArray(ValueLayout.JAVA_BYTE)));
            Json.print(text, line);
            return;
        }
        for (long at = 0; at < bytes.byteSize(); at += LINE_BYTES) {
            byte[] line = bytes.asSlice(at, Math.min(LINE_BYTES, bytes.byteSize() - at))
                    .toArray(ValueLayout.JAVA_BYTE);
            text.println("%08x  %-47s  |%s|"
                    .formatted(offset + at, HexFormat.ofDelimiter(" ").formatHex(line), printable(line)));
        }
        text.flush();
        long more = block.size() - offset - bytes.byteSize();
        if (more > 0 && lengthBytes == null) {
            note(more + " bytes more: see --offset, --length and --out");
        }
    }

    private static String printable(byte[] line) {
        StringBuilder text = new StringBuilder();
        for (byte b : line) {
            text.append(b >= ' ' && b < 127 ? (char) b : '.');
        }
        return text.toString();
    }
}
