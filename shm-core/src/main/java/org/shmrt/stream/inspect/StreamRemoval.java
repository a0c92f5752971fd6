package org.shmrt.stream.inspect;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.posix.FileId;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.engine.NamedSemaphores;
import org.shmrt.stream.engine.NamesakeStreams;
import org.shmrt.stream.engine.NamesakeStreams.Namesake;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.format.StreamLayout;

/**
 * What {@link org.shmrt.stream.ImageStream#remove} removes. Determining it changes nothing. Immutable; safe for any thread.
 *
 * @param path the file of the stream, or a link
 * @param semaphores names of the semaphores that are removed with it, as far as they exist; none for a link
 * @param warning why some of its semaphores remain, if they do
 */
public record StreamRemoval(Path path, List<String> semaphores, Optional<String> warning) {
    /** Takes a copy of the list. */
    public StreamRemoval {
        semaphores = List.copyOf(semaphores);
    }

    /**
     * Determines what the removal of a stream would remove now.
     *
     * @param path its file
     * @return the file and the semaphores
     * @throws org.shmrt.error.NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws org.shmrt.error.IncompatibleException if it is not a stream
     */
    public static StreamRemoval plan(Path path) {
        if (Files.isSymbolicLink(path)) {
            return new StreamRemoval(path, List.of(), Optional.empty());
        }
        StreamLayout layout = StreamFormats.detect(path);
        List<String> names = new ArrayList<>(NamedSemaphores.names(layout.semaphores()));
        names.addAll(StreamFormats.named(layout.format()).extraneousSemaphores(path, layout));
        List<Namesake> namesakes = NamesakeStreams.all(path, layout);
        for (Namesake namesake : namesakes) {
            names.removeAll(NamedSemaphores.names(namesake.layout().semaphores()));
        }
        Optional<String> warning = namesakes.isEmpty()
                ? Optional.empty()
                : Optional.of("the semaphores of " + path + " remain, because the stream "
                        + namesakes.getFirst().path() + " has the same ones; they are removed with it");
        return new StreamRemoval(path, names, warning);
    }

    /**
     * The semaphores that exist at present.
     *
     * @return their files
     */
    public List<Path> semaphoreFiles() {
        return semaphores.stream().map(Semaphore::file).filter(FileId::exists).toList();
    }
}
