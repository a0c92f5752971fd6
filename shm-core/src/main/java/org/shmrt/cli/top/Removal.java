package org.shmrt.cli.top;

import java.nio.file.Path;
import org.shmrt.array.SharedArray;
import org.shmrt.block.SharedMemory;
import org.shmrt.monitor.Reading;
import org.shmrt.stream.ImageStream;
import org.shmrt.telemetry.LoopTelemetry;
import org.shmrt.text.FileNames;

/** Removes an object, as {@code rm} of its kind does. */
final class Removal {
    private Removal() {}

    /** What is asked before, in a short form where the long one does not fit. */
    static String question(Reading.Facts facts, int width) {
        String question = question(facts);
        return question.length() <= width ? question : "Type y to remove " + facts.name();
    }

    private static String question(Reading.Facts facts) {
        String what = switch (facts.kind()) {
            case STREAM -> "the stream " + facts.name() + " with its semaphores";
            case ARRAY, BLOCK -> "the " + facts.format() + " " + facts.name();
            case LOOP -> "the page that the killed loop " + facts.name() + " has left";
        };
        return "Remove " + what + "? Type y to remove it, any other key to keep it.";
    }

    /**
     * Removes it.
     *
     * @return what was done, and a warning if there is one
     * @throws org.shmrt.error.ShmException if it cannot be removed
     */
    static String remove(Reading.Facts facts) {
        Path path = facts.path();
        String warning = "";
        switch (facts.kind()) {
            case STREAM ->
                warning = ImageStream.remove(path)
                        .map(text -> "; warning: " + text)
                        .orElse("");
            case ARRAY -> SharedArray.delete("file://" + FileNames.text(path.toAbsolutePath()));
            case BLOCK -> SharedMemory.remove(FileNames.text(path.getFileName()));
            case LOOP -> LoopTelemetry.remove(facts.name());
        }
        return "removed " + facts.name() + warning;
    }
}
