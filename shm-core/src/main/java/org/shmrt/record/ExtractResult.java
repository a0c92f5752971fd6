package org.shmrt.record;

import java.util.List;

/**
 * The result of an extract. Immutable.
 *
 * @param frames number of frames written
 * @param remarks for the user, for example that a replaced file belonged to another user
 */
public record ExtractResult(long frames, List<String> remarks) {
    /** Copies the list. */
    public ExtractResult {
        remarks = List.copyOf(remarks);
    }
}
