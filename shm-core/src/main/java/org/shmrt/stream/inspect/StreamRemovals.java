package org.shmrt.stream.inspect;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shmrt.posix.FileId;
import org.shmrt.stream.engine.NamedSemaphores;
import org.shmrt.stream.engine.NamesakeStreams;
import org.shmrt.stream.engine.NamesakeStreams.Namesake;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.StreamLayout;
import org.shmrt.text.FileNames;

/**
 * Removes several streams with one search for other streams that use the same semaphores:
 * <pre>{@code
 * StreamRemovals removals = StreamRemovals.of(paths);
 * paths.forEach(path -> removals.remove(path).ifPresent(System.err::println));
 * }</pre>
 * The search lists the directories of streams and the mappings of all processes. It takes some milliseconds, and
 * {@link org.shmrt.stream.ImageStream#remove} makes one for each stream. The search is made when it is first needed, and
 * does not find streams that are created later, so do not keep an instance. For one thread.
 */
public final class StreamRemovals {
    private final Set<Path> paths;
    /** Null until it is needed. */
    private NamesakeStreams namesakes;

    private StreamRemovals(Collection<Path> paths) {
        this.paths = Set.copyOf(paths);
    }

    /**
     * Prepares to remove streams. Searches and removes nothing yet.
     *
     * @param paths their files, or links to them
     * @return the removals
     */
    public static StreamRemovals of(Collection<Path> paths) {
        return new StreamRemovals(paths);
    }

    /**
     * Determines what the removal of a stream would remove now.
     *
     * @param path its file, one of those given
     * @return the file and the semaphores
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws org.shmrt.error.IncompatibleException if it is not a stream
     * @throws IllegalArgumentException if the path is not one of those given
     */
    public StreamRemoval plan(Path path) {
        if (!paths.contains(path)) {
            throw new IllegalArgumentException(FileNames.text(path) + " is not one of the streams to remove");
        }
        if (Files.isSymbolicLink(path)) {
            return new StreamRemoval(path, List.of(), Optional.empty());
        }
        StreamLayout layout = StreamFormats.detect(path);
        List<String> names = new ArrayList<>(NamedSemaphores.names(layout.semaphores()));
        names.addAll(StreamFormats.named(layout.format()).extraneousSemaphores(path, layout));
        List<Namesake> others = names.isEmpty() ? List.of() : search().of(path, layout);
        for (Namesake other : others) {
            names.removeAll(NamedSemaphores.names(other.layout().semaphores()));
        }
        Optional<String> warning = others.isEmpty()
                ? Optional.empty()
                : Optional.of("the semaphores of " + FileNames.text(path) + " remain, because the stream "
                        + FileNames.text(others.getFirst().path()) + " has the same ones; they are removed with it");
        return new StreamRemoval(path, names, warning);
    }

    private NamesakeStreams search() {
        if (namesakes == null) {
            namesakes = NamesakeStreams.search(paths);
        }
        return namesakes;
    }

    /**
     * Removes a stream: its file and its semaphores, as {@link org.shmrt.stream.ImageStream#remove} does.
     *
     * @param path its file, one of those given
     * @return a warning that the semaphores remain, and why; else empty
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be removed
     * @throws org.shmrt.error.IncompatibleException if it is not a stream
     * @throws IllegalArgumentException if the path is not one of those given
     */
    public Optional<String> remove(Path path) {
        StreamRemoval removal = plan(path);
        FileId.delete(path);
        NamedSemaphores.unlink(removal.semaphores());
        return removal.warning();
    }
}
