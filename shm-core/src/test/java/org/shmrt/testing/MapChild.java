package org.shmrt.testing;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.shmrt.error.ShmException;
import org.shmrt.posix.MappedFile;

/**
 * A process, possibly of another user, that maps a file for reading and prints the result. Loads classes only from
 * directories of the build, which every user may read.
 */
public final class MapChild {
    private MapChild() {}

    public static void main(String[] words) {
        try (Arena arena = Arena.ofConfined()) {
            System.out.println(
                    MappedFile.readOnly(Path.of(words[0]), arena).segment().byteSize());
        } catch (ShmException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
