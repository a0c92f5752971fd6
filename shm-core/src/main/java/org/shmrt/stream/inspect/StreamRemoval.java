package org.shmrt.stream.inspect;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shmrt.posix.FileId;
import org.shmrt.posix.Semaphore;

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
        return StreamRemovals.of(List.of(path)).plan(path);
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
