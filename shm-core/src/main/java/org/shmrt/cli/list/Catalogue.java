package org.shmrt.cli.list;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A kind of shared object that {@code shm list} shows. Finding names is cheap and done first; each name is then looked
 * at by itself, by any thread. Looking throws nothing for what other programs may have done to the object.
 */
interface Catalogue {
    /**
     * What may be of this kind.
     *
     * @param directory where to look, or null for the place where things of this kind usually are
     * @return candidates sorted by name
     * @throws org.shmrt.error.NotFoundException if there is no such directory
     */
    List<Candidate> candidates(Path directory);

    /**
     * Looks at a candidate for a line of text.
     *
     * @param candidate one of {@link #candidates}
     * @return the line, or null if the candidate is gone by now or no concern of this kind
     */
    Row row(Candidate candidate);

    /**
     * Looks at a candidate for all there is to say.
     *
     * @param candidate one of {@link #candidates}
     * @return values by the documented keys, or null if the candidate is gone by now or no concern of this kind
     */
    Map<String, Object> json(Candidate candidate);

    /**
     * Something that may be of a kind.
     *
     * @param name as a user types it
     * @param path its file
     */
    record Candidate(String name, Path path) {}
}
