package org.shmrt.text;

import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Words of shell commands that users copy from messages: other users choose the names of files, and a name without
 * quotes could contain a command. Stateless.
 */
public final class ShellWord {
    private ShellWord() {}

    /** A path as one word, quoted if necessary. */
    public static String of(Path path) {
        return of(FileNames.text(path));
    }

    /** A text as one word, quoted if necessary. */
    public static String of(String text) {
        return text.matches("[A-Za-z0-9_./+=:@%,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** Names as arguments; none of them is an option. */
    public static String arguments(Collection<String> names) {
        return (names.stream().anyMatch(name -> name.startsWith("-")) ? "-- " : "")
                + names.stream().map(ShellWord::of).collect(Collectors.joining(" "));
    }
}
