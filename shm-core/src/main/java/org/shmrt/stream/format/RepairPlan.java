package org.shmrt.stream.format;

import java.nio.file.Path;
import java.util.List;

/**
 * The repair of a damaged stream: header words that the file's size and its other fields prove wrong. Immutable.
 *
 * @param path the stream
 * @param words the words to change, at least one
 * @param remarks what a user should also know, in sentences
 */
public record RepairPlan(Path path, List<Word> words, List<String> remarks) {
    /**
     * A 32-bit word of the header.
     *
     * @param name what the format calls it
     * @param offset bytes from the start of the file
     * @param found what it is
     * @param wanted what it should be
     */
    public record Word(String name, long offset, long found, long wanted) {}

    /** Copies the lists. */
    public RepairPlan {
        words = List.copyOf(words);
        remarks = List.copyOf(remarks);
    }
}
