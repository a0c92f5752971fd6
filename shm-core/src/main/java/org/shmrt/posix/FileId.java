package org.shmrt.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;

/**
 * Which file it is, and its size at one moment. Two paths, or a path and a mapping, are the same file if device
 * and inode agree. Needs no native access.
 *
 * @param device number of the device the file is on
 * @param inode number of the file on its device
 * @param byteSize its size
 * @param regular whether it is an ordinary file: no directory, pipe or device
 */
public record FileId(long device, long inode, long byteSize, boolean regular) {
    /**
     * Looks a file up, following links.
     *
     * @param path the file
     * @return its identity
     * @throws NotFoundException if there is none
     * @throws org.shmrt.error.AccessDeniedException if a directory on the way may not be searched
     */
    public static FileId of(Path path) {
        try {
            Map<String, Object> found = Files.readAttributes(path, "unix:dev,ino,size,isRegularFile");
            return new FileId((long) found.get("dev"), (long) found.get("ino"), (long) found.get("size"), (boolean)
                    found.get("isRegularFile"));
        } catch (IOException e) {
            throw IoErrors.failure("look up", path, e);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            throw new ShmException("ShmRT runs on Linux only, not on " + System.getProperty("os.name"), e);
        }
    }

    /**
     * Looks a file up, following links.
     *
     * @param path the file
     * @return its identity, or null if there is none
     */
    public static FileId ofOrNull(Path path) {
        try {
            return of(path);
        } catch (NotFoundException e) {
            return null;
        }
    }

    /**
     * Whether a directory has an entry of that name, be it a link that leads nowhere.
     *
     * @param path the entry
     * @return true if there is one
     */
    public static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Follows symbolic links to the file they lead to.
     *
     * @param path a file or a link
     * @return the file's own path if {@code path} is a link, else {@code path} as it is
     * @throws NotFoundException if there is none, or the link leads nowhere
     */
    public static Path resolveLinks(Path path) {
        if (!Files.isSymbolicLink(path)) {
            return path;
        }
        try {
            return path.toRealPath();
        } catch (NoSuchFileException e) {
            throw new NotFoundException(
                    path + " is a link that leads nowhere" + target(path)
                            + ": create what it leads to, or remove the link",
                    e);
        } catch (IOException e) {
            throw IoErrors.failure("follow", path, e);
        }
    }

    private static String target(Path link) {
        try {
            return ", to " + Files.readSymbolicLink(link);
        } catch (IOException e) {
            // it is gone by now; the words above say enough
            return "";
        }
    }

    /**
     * The id of the user a file belongs to, links followed.
     *
     * @throws NotFoundException if there is no such file
     */
    public static long owner(Path path) {
        try {
            return Integer.toUnsignedLong((Integer) Files.getAttribute(path, "unix:uid"));
        } catch (IOException e) {
            throw IoErrors.failure("look up", path, e);
        }
    }

    /**
     * Deletes a file or a link.
     *
     * @param path the file
     * @throws NotFoundException if there is none
     * @throws org.shmrt.error.AccessDeniedException if the directory may not be written
     */
    public static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw IoErrors.failure("remove", path, e);
        }
    }

    /**
     * Whether this and another are one file, whatever their sizes.
     *
     * @param other the other
     * @return true if device and inode agree
     */
    public boolean isSameFile(FileId other) {
        return device == other.device && inode == other.inode;
    }
}
