package org.shmrt.stream.format;

import java.nio.file.Path;
import java.util.List;

/**
 * The repair of a damaged stream: header words that contradict the file's size and its other fields. Immutable.
 *
 * @param path the stream
 * @param words the words to change, at least one
 * @param remarks further information for the user, in sentences
 */
public record RepairPlan(Path path, List<Word> words, List<String> remarks) {
    /**
     * A 32-bit word of the header.
     *
     * @param name name of the field in the format
     * @param offset bytes from the start of the file
     * @param found its present value
     * @param wanted its correct value
     */
    public record Word(String name, long offset, long found, long wanted) {}

    /** Creates a plan with copies of the lists. */
    public RepairPlan {
        words = List.copyOf(words);
        remarks = List.copyOf(remarks);
    }
}
