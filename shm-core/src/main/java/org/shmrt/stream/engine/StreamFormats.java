package org.shmrt.stream.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.posix.MappedFile;
import org.shmrt.stream.format.DetectionResult;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.text.FileNames;

/** The formats on the class path or module path, and the detection of a file's format. */
public final class StreamFormats {
    private static final List<StreamFormat> ALL =
            ServiceLoader.load(StreamFormat.class, StreamFormat.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();

    private StreamFormats() {}

    public static List<StreamFormat> all() {
        return ALL;
    }

    public static StreamFormat named(String name) {
        for (StreamFormat format : ALL) {
            if (format.name().equals(name)) {
                return format;
            }
        }
        throw new IllegalArgumentException("unknown stream format '" + name + "': this program knows "
                + ALL.stream().map(StreamFormat::name).collect(Collectors.joining(", ")));
    }

    /** How many bytes at the start of a file the formats examine. */
    public static int headBytes() {
        int bytes = 0;
        for (StreamFormat format : ALL) {
            bytes = Math.max(bytes, format.headBytes());
        }
        return bytes;
    }

    /**
     * Detects the layout of a stream's file.
     *
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws IncompatibleException if it is not a valid stream; the message gives the reason
     */
    public static StreamLayout detect(Path path) {
        Path target = FileId.resolveLinks(path);
        try (Arena arena = Arena.ofConfined()) {
            return detect(target, MappedFile.readOnly(target, arena).segment());
        } catch (InternalError e) {
            throw new IncompatibleException(
                    FileNames.text(path) + " was truncated by another process while it was read", e);
        }
    }

    /**
     * Detects a file's layout from one private copy of its first bytes, so that checked and used values are the same
     * even if another process changes the file at that moment.
     *
     * @throws IncompatibleException if it is not a valid stream; the message gives the reason
     * @throws InternalError if the file is truncated during the call
     */
    public static StreamLayout detect(Path path, MemorySegment file) {
        long headBytes = Math.min(headBytes(), file.byteSize());
        MemorySegment head =
                MemorySegment.ofArray(new long[(int) ((headBytes + 7) / 8)]).asSlice(0, headBytes);
        GuardedCopy.copy(file, 0, head, 0, headBytes);
        Faults.poll();
        return detect(path, head.asReadOnly(), file.byteSize());
    }

    /**
     * Detects a file's layout from a private copy of its first bytes.
     *
     * @throws IncompatibleException if it is not a valid stream; the message gives the reason of its format, or of each
     *     format
     */
    public static StreamLayout detect(Path path, MemorySegment head, long fileBytes) {
        StringBuilder reasons = new StringBuilder();
        for (StreamFormat format : ALL) {
            DetectionResult result = format.detect(path, head, fileBytes);
            switch (result.kind()) {
                case ACCEPTED -> {
                    return result.layout();
                }
                case DAMAGED ->
                    throw new IncompatibleException(
                            FileNames.text(path) + " is a damaged " + format.name() + " stream: " + result.reason());
                case OTHER_VERSION ->
                    throw new IncompatibleException(FileNames.text(path) + " is a " + format.name()
                            + " stream of a version that ShmRT cannot read: " + result.reason());
                case FOREIGN -> appendReason(reasons, format, result);
            }
        }
        throw new IncompatibleException(FileNames.text(path) + " is not an image stream: " + reasons);
    }

    private static void appendReason(StringBuilder reasons, StreamFormat format, DetectionResult result) {
        reasons.append(reasons.isEmpty() ? "" : "; ")
                .append("not ")
                .append(format.name())
                .append(", because ")
                .append(result.reason());
    }
}
