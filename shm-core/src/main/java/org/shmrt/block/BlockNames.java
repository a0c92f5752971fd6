package org.shmrt.block;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.SharedObject;

/** What blocks may be called. */
final class BlockNames {
    /** How the files of semaphores, which lie in the same directory, begin. */
    static final String SEMAPHORE_PREFIX = "sem.";

    private static final String ANONYMOUS_PREFIX = "psm_";
    private static final int ANONYMOUS_BYTES = 4;
    private static final SecureRandom RANDOM = new SecureRandom();

    private BlockNames() {}

    /** A name like those Python makes up; somebody may have it. */
    static String anonymous() {
        byte[] random = new byte[ANONYMOUS_BYTES];
        RANDOM.nextBytes(random);
        return ANONYMOUS_PREFIX + HexFormat.of().formatHex(random);
    }

    /** The file of a block, if a block can have that name. */
    static Path file(String name) {
        if (name == null) {
            throw new IllegalArgumentException("a block to attach or remove needs a name");
        }
        if (name.startsWith(SEMAPHORE_PREFIX)) {
            throw new IllegalArgumentException("'" + name
                    + "' cannot name a block: the names of semaphores begin with '" + SEMAPHORE_PREFIX + "'");
        }
        return SharedObject.file(name);
    }

    /** Shared memory is opened without following links, which anybody may put into its directory. */
    static void refuseLink(Path path) {
        if (Files.isSymbolicLink(path)) {
            throw new IncompatibleException(path + " is a link, not a block");
        }
    }
}
