package org.shmrt.block;

import org.shmrt.fuzz.Seeds;
import org.shmrt.fuzz.TextTarget;
import org.shmrt.posix.Semaphore;
import org.shmrt.posix.SharedObject;

/** Names of blocks and semaphores as users write them: none may refer to a file outside the directory of shared memory. */
final class FuzzBlockNames extends TextTarget {
    FuzzBlockNames() {
        super("psm_0a1b2c3d", "sem.x", "../x", "a/b", "a\0b", ".", "..", "", "x".repeat(256), "wn\u00e4me");
    }

    @Override
    public void use(byte[] input) {
        String name = Seeds.text(input);
        boolean inside = BlockNames.file(name).normalize().getParent().equals(SharedObject.directory());
        if (!inside) {
            throw new AssertionError("the block '" + name + "' is at " + BlockNames.file(name));
        }
        Semaphore.file(name);
    }
}
