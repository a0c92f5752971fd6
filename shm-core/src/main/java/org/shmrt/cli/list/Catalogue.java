package org.shmrt.cli.list;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kind of shared object that {@code shm list} shows. {@link #candidates} only reads a directory; then any thread may
 * examine a candidate. Examining throws no exception for what other programs may do to the object meanwhile.
 */
interface Catalogue {
    /**
     * Objects that may be of this kind.
     *
     * @return candidates, sorted by name
     * @throws org.shmrt.error.NotFoundException if the directory does not exist
     */
    List<Candidate> candidates();

    /** A candidate in columns; empty if it no longer exists or is not of this kind. */
    Optional<Row> row(Candidate candidate);

    /** A candidate by the documented keys; empty if it no longer exists or is not of this kind. */
    Optional<Map<String, Object>> json(Candidate candidate);

    /**
     * An object that may be of a kind.
     *
     * @param name as the user types it
     * @param path its file
     */
    record Candidate(String name, Path path) {}
}
