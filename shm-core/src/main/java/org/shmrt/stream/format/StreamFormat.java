package org.shmrt.stream.format;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.shmrt.memory.DataType;

/**
 * A family of layouts, found as a service. It detects its files, plans new ones and fills their headers. Called only
 * when a stream is opened, created, repaired or removed, never for a frame. Implementations are stateless and safe for
 * any thread.
 */
public interface StreamFormat {
    /**
     * The names of all formats on the class or module path.
     *
     * @return for example {@code [dao, milk]}
     */
    static List<String> names() {
        return ServiceLoader.load(StreamFormat.class, StreamFormat.class.getClassLoader()).stream()
                .map(provider -> provider.get().name())
                .toList();
    }

    /**
     * The format of a name.
     *
     * @param name for example {@code dao}
     * @return the format
     * @throws IllegalArgumentException if there is none on the class or module path; the message names those there are
     */
    static StreamFormat named(String name) {
        return ServiceLoader.load(StreamFormat.class, StreamFormat.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(format -> format.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "unknown stream format '" + name + "': this program knows " + String.join(", ", names())));
    }

    /**
     * The format's name.
     *
     * @return for example {@code dao}
     */
    String name();

    /**
     * How the format's streams keep frames before the newest.
     *
     * @return the kind
     */
    PastFrames pastFrames();

    /**
     * A specification for a stream that keeps a number of frames, as this format keeps them.
     *
     * @param spec a specification for this format
     * @param frames how many frames, at least 1; a format that keeps none before the newest ignores it
     * @return a copy with the depth of a ring, or with a buffer next to the newest frame if there are 2 or more
     */
    default StreamSpec keeping(StreamSpec spec, int frames) {
        return switch (pastFrames()) {
            case RING -> spec.withDepth(frames);
            case CIRCULAR_BUFFER -> spec.withCircularBuffer(frames > 1 ? frames : 0);
            case NONE -> spec;
        };
    }

    /**
     * Whether the format has a code for elements of a type.
     *
     * @param type the type
     * @return false if no stream of the format can hold such elements
     */
    boolean supports(DataType type);

    /**
     * Whether the format can mark a stream as a rolling cube, see {@link CubeLayout}.
     *
     * @return false for most formats
     */
    default boolean supportsRollingCubes() {
        return false;
    }

    /**
     * Examines a file. Must be safe with any bytes. It examines a private copy, because the file may change.
     *
     * @param path the file, links resolved
     * @param head a private copy of the file's first bytes, at most {@link #headBytes()}
     * @param fileBytes size of the whole file
     * @return the layout, or the reason why there is none
     */
    DetectionResult detect(Path path, MemorySegment head, long fileBytes);

    /**
     * How many bytes at the start of a file {@link #detect} needs.
     *
     * @return bytes
     */
    int headBytes();

    /**
     * Computes the layout of a new stream.
     *
     * @param path its file
     * @param spec its specification
     * @return the layout
     * @throws IllegalArgumentException if the format cannot represent the specification
     */
    StreamLayout plan(Path path, StreamSpec spec);

    /**
     * Fills the header and keyword table of a new file, which is all zero.
     *
     * @param file the whole file, mapped
     * @param layout the layout planned
     * @param info what the header records about the creation
     */
    void initialise(MemorySegment file, StreamLayout layout, CreationInfo info);

    /**
     * The permissions the format's own library gives new files, before the umask.
     *
     * @return for example {@code 0600}
     */
    int permissions();

    /**
     * Whether the umask does not apply to those permissions, as in the format's own library.
     *
     * @return false if the umask applies
     */
    default boolean ignoresUmask() {
        return false;
    }

    /**
     * Whether a layout is the one that most programs of the format use, so that a list need not name it.
     *
     * @param layout a layout of this format
     * @return false for one that users should notice
     */
    default boolean isUsual(StreamLayout layout) {
        return true;
    }

    /**
     * Plans the repair of a file that {@link #detect} rejects or reports as read-only. Must be safe with any bytes.
     *
     * @param path the file
     * @param file the whole file, mapped
     * @return the repair; empty if the file is not of this format, or its original content cannot be determined
     */
    default Optional<RepairPlan> planRepair(Path path, MemorySegment file) {
        return Optional.empty();
    }

    /**
     * Names of semaphores that a stream does not have and that would mislead programs of the format if they existed, in
     * the order in which those programs would find them. Creating and removing a stream removes them.
     *
     * @param path the stream's file
     * @param layout its layout
     * @return names, empty for formats whose semaphores are part of the file
     */
    default List<String> extraneousSemaphores(Path path, StreamLayout layout) {
        return List.of();
    }

    /**
     * A warning for a new stream that programs of the format cannot open or use without restrictions.
     *
     * @param path its file
     * @param layout its layout
     * @return one sentence, or empty if there are no restrictions
     */
    default Optional<String> creationWarning(Path path, StreamLayout layout) {
        return Optional.empty();
    }
}
