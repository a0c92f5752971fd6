package org.shmrt.cli.verb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileOpening;
import org.shmrt.text.FileNames;

/** Files with a secret of one line, which only their owner may access. */
public final class SecretFile {
    private static final int MAX_BYTES = 4096;

    private SecretFile() {}

    /**
     * Reads a secret.
     *
     * @param option the option with the file, for messages
     * @return the text without white space at its ends
     * @throws ShmException if other users may access the file, or it cannot be read
     */
    public static String read(Path file, String option) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            permissions.removeAll(Set.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE));
            if (!permissions.isEmpty()) {
                throw new ShmException(option + ": other users may access " + FileNames.text(file)
                        + ", so it is no secret; run chmod 600 on it, and put a new secret into it");
            }
            return new String(FileOpening.bytesOfRegular(file, MAX_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IncompatibleException e) {
            throw new ShmException(option + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ShmException(option + ": cannot read " + FileNames.text(file) + ": " + e.getMessage(), e);
        }
    }
}
