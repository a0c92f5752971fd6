package org.shmrt.cli.block;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.shmrt.block.SharedMemory;
import org.shmrt.cli.verb.Converters;
import org.shmrt.cli.verb.ExitStatus;
import org.shmrt.cli.verb.StandardStreams;
import org.shmrt.cli.verb.Verb;
import org.shmrt.error.ShmException;
import org.shmrt.image.RawFile;
import org.shmrt.memory.DataType;
import org.shmrt.memory.MemoryImage;
import org.shmrt.memory.Shape;
import org.shmrt.text.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code shm block read}. */
@Command(
        name = "read",
        description = "Reads bytes of a block: shows the first 256, or writes all bytes to a file or pipe.")
final class BlockReadCommand extends Verb {
    private static final long PREVIEW_BYTES = 256;
    private static final int LINE_BYTES = 16;
    private static final int CHECKED_BYTES = 4096 * LINE_BYTES;
    /** A text of Java has at most 2^31 characters: two hex digits for each byte, and the rest of the line. */
    private static final long MAX_JSON_BYTES = (Integer.MAX_VALUE - 4096) / 2;

    @Parameters(paramLabel = "NAME", description = "Name of a block.")
    private String name;

    @Option(
            names = "--offset",
            paramLabel = "N",
            defaultValue = "0",
            converter = Converters.ToByteCount.class,
            description = "First byte to read. Default: 0.")
    private long offset;

    @Option(
            names = "--length",
            paramLabel = "N",
            converter = Converters.ToByteCount.class,
            description = "Bytes to read. Default: all; at most 256 without --out.")
    private Long lengthBytes;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Write the bytes unchanged to FILE, whatever its ending; - is standard output.")
    private String out;

    @Option(names = "--json", description = "Print one line of JSON, with the bytes as hex digits.")
    private boolean json;

    @Override
    public Integer call() {
        if (out != null && json) {
            throw wrongUsage("--json prints the bytes and --out writes them to a file: give only one of them");
        }
        try (SharedMemory block = SharedMemory.attachReadOnly(name)) {
            MemorySegment bytes = copy(block);
            if (StandardStreams.NAME.equals(out)) {
                RawFile.write(StandardStreams.output(), bytes);
            } else if (out != null) {
                Shape all = Shape.of(bytes.byteSize());
                Optional<String> remark =
                        RawFile.write(FileNames.parse(out), new MemoryImage(DataType.UINT8, all, bytes));
                note(out + ": " + bytes.byteSize() + " bytes"
                        + remark.map(text -> ", " + text).orElse(""));
            } else {
                show(block, bytes);
            }
        }
        return ExitStatus.DONE;
    }

    /** The requested bytes, in memory that other processes cannot truncate. */
    private MemorySegment copy(SharedMemory block) {
        long available = block.size() - offset;
        long wanted = lengthBytes != null ? lengthBytes : out != null ? available : Math.min(available, PREVIEW_BYTES);
        if (available <= 0 || wanted > available || wanted < 1) {
            throw new IllegalArgumentException("block " + name + " has " + block.size() + " bytes: cannot read "
                    + (available <= 0 ? "any" : wanted + " bytes") + " from offset " + offset);
        }
        if (json && wanted > MAX_JSON_BYTES) {
            throw new IllegalArgumentException("--json can print at most " + MAX_JSON_BYTES + " bytes, not " + wanted
                    + ": write them to a file with --out, or read fewer at a time with --offset and --length");
        }
        try {
            MemorySegment bytes = Arena.ofAuto().allocate(wanted);
            block.read(offset, bytes);
            return bytes;
        } catch (OutOfMemoryError e) {
            throw new ShmException(
                    "not enough memory for " + wanted + " bytes: read fewer at a time with --offset and --length", e);
        }
    }

    private void show(SharedMemory block, MemorySegment bytes) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", name);
            line.put("offset", offset);
            line.put("length", bytes.byteSize());
            line.put("hex", HexFormat.of().formatHex(bytes.toArray(ValueLayout.JAVA_BYTE)));
            printJson(line);
            return;
        }
        // one by one: the lines of a large block would not fit into the memory
        for (long at = 0; at < bytes.byteSize(); at += LINE_BYTES) {
            out().println(line(
                    offset + at,
                    bytes.asSlice(at, Math.min(LINE_BYTES, bytes.byteSize() - at))
                            .toArray(ValueLayout.JAVA_BYTE)));
            if (at % CHECKED_BYTES == 0) {
                out().check(); // ends when the reader of a pipe has closed it
            }
        }
        out().check();
        long more = block.size() - offset - bytes.byteSize();
        if (more > 0 && lengthBytes == null) {
            note(more + " more bytes: use --offset, --length or --out to read them");
        }
    }

    private static String line(long position, byte[] line) {
        return "%08x  %-47s  |%s|"
                .formatted(position, HexFormat.ofDelimiter(" ").formatHex(line), printable(line));
    }

    private static String printable(byte[] line) {
        StringBuilder text = new StringBuilder();
        for (byte b : line) {
            text.append(b >= ' ' && b < 127 ? (char) b : '.');
        }
        return text.toString();
    }
}
