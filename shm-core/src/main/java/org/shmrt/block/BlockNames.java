package org.shmrt.block;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.SharedObject;
import org.shmrt.text.FileNames;

/** Rules for the names of blocks. */
final class BlockNames {
    /** Prefix of the files of named semaphores, which are in the same directory. */
    static final String SEMAPHORE_PREFIX = "sem.";

    private static final String ANONYMOUS_PREFIX = "psm_";
    private static final int ANONYMOUS_BYTES = 4;
    private static final SecureRandom RANDOM = new SecureRandom();

    private BlockNames() {}

    /** A random name in the form that Python generates; it may exist. */
    static String random() {
        byte[] random = new byte[ANONYMOUS_BYTES];
        RANDOM.nextBytes(random);
        return ANONYMOUS_PREFIX + HexFormat.of().formatHex(random);
    }

    /** The file of a block; {@link IllegalArgumentException} if the name is invalid. */
    static Path file(String name) {
        if (name == null) {
            throw new IllegalArgumentException("the name of a block must not be null");
        }
        if (name.startsWith(SEMAPHORE_PREFIX)) {
            throw new IllegalArgumentException("'" + name
                    + "' cannot name a block: the names of semaphores begin with '" + SEMAPHORE_PREFIX + "'");
        }
        return SharedObject.file(name);
    }

    /** Rejects symbolic links, which any user may create in the directory of shared memory. */
    static void rejectLink(Path path) {
        if (Files.isSymbolicLink(path)) {
            throw new IncompatibleException(FileNames.text(path) + " is a symbolic link, not a block");
        }
    }
}
