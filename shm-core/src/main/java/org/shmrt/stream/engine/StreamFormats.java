package org.shmrt.stream.engine;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.stream.format.DetectionResult;
import org.shmrt.stream.format.StreamFormat;
import org.shmrt.stream.format.StreamLayout;

/** The formats on the class or module path, and the choice among them. */
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

    /** How much of a file the formats look at. */
    public static int headBytes() {
        int wanted = 0;
        for (StreamFormat format : ALL) {
            wanted = Math.max(wanted, format.headBytes());
        }
        return wanted;
    }

    /**
     * Finds a file's layout, from one private copy of its head, so that a peer that changes the file meanwhile
     * cannot make checked and used values differ.
     *
     * @throws IncompatibleException saying why there is none
     * @throws InternalError if the file is cut off meanwhile
     */
    public static StreamLayout recognise(Path path, MemorySegment file) {
        long headBytes = Math.min(headBytes(), file.byteSize());
        MemorySegment head =
                MemorySegment.ofArray(new long[(int) ((headBytes + 7) / 8)]).asSlice(0, headBytes);
        MemorySegment.copy(file, 0, head, 0, headBytes);
        Faults.settle();
        return recognise(path, head.asReadOnly(), file.byteSize());
    }

    /**
     * Finds a file's layout from a private copy of its head.
     *
     * @throws IncompatibleException naming the reason of the format it belongs to, or of each where it may be any
     */
    public static StreamLayout recognise(Path path, MemorySegment head, long fileBytes) {
        StringBuilder reasons = new StringBuilder();
        for (StreamFormat format : ALL) {
            DetectionResult recognition = format.recognise(path, head, fileBytes);
            if (recognition.layout() != null) {
                return recognition.layout();
            }
            if (recognition.certain()) {
                throw new IncompatibleException(
                        path + " is a damaged " + format.name() + " stream: " + recognition.reason());
            }
            reasons.append(reasons.isEmpty() ? "" : "; ")
                    .append("not ")
                    .append(format.name())
                    .append(", because ")
                    .append(recognition.reason());
        }
        throw new IncompatibleException(path + " is no image stream: " + reasons);
    }
}
