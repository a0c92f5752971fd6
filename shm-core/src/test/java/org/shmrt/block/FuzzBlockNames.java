package org.shmrt.block;

import java.util.List;
import org.shmrt.fuzz.FuzzCheck;
import org.shmrt.fuzz.FuzzTarget;
import org.shmrt.fuzz.Seeds;
import org.shmrt.posix.Semaphore;
import org.shmrt.posix.SharedObject;

/** Names of blocks and semaphores, as users write them: none may lead out of the directory of shared memory. */
final class FuzzBlockNames implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        return Seeds.texts("psm_0a1b2c3d", "sem.x", "../x", "a/b", "a\0b", ".", "..", "", "x".repeat(256),
                "wn\u00e4me");
    }

    @Override
    public int mostInputBytes() {
        return 300;
    }

    @Override
    public long mostBytes(int inputBytes) {
        return FuzzCheck.mostBytesOfText(inputBytes);
    }

    @Override
    public boolean isTyped() {
        return true;
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
