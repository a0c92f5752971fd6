package org.shmrt.doctor.object;

import java.nio.file.Path;
import org.shmrt.text.FileNames;

/** Words of shell commands in remedies. */
final class Shell {
    private Shell() {}

    /** A path as one word, quoted if necessary. */
    static String word(Path path) {
        String text = FileNames.text(path);
        return text.matches("[A-Za-z0-9_./+=:@%,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
