package org.shmrt.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.text.FileNames;

/**
 * The identity of a file, and its size when it was looked up. Two paths, or a path and a mapping, are the same file if
 * device and inode are equal. Needs no native access.
 *
 * @param device number of the device that contains the file
 * @param inode number of the file on that device
 * @param byteSize size of the file, bytes
 * @param regular whether it is a regular file, not a directory, pipe or device
 */
public record FileId(long device, long inode, long byteSize, boolean regular) {
    /**
     * Looks up a file, following links.
     *
     * @param path the file
     * @return its identity
     * @throws NotFoundException if there is no such file
     * @throws org.shmrt.error.AccessDeniedException if a directory of the path may not be searched
     */
    public static FileId of(Path path) {
        try {
            Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino,size,isRegularFile");
            return new FileId(
                    (long) attributes.get("dev"), (long) attributes.get("ino"), (long) attributes.get("size"), (boolean)
                            attributes.get("isRegularFile"));
        } catch (IOException e) {
            throw IoErrors.failure("look up", path, e);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            throw new ShmException("ShmRT runs on Linux only, not on " + System.getProperty("os.name"), e);
        }
    }

    /**
     * Looks up a file that may not exist, following links.
     *
     * @param path the file
     * @return its identity, or null if there is no such file
     */
    public static FileId ofOrNull(Path path) {
        try {
            return of(path);
        } catch (NotFoundException e) {
            return null;
        }
    }

    /**
     * Whether a directory has an entry of that name. A link that leads nowhere counts.
     *
     * @param path the entry
     * @return true if the entry exists
     */
    public static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Resolves symbolic links.
     *
     * @param path a file or a link
     * @return the path of the target if {@code path} is a link, else {@code path} unchanged
     * @throws NotFoundException if the link leads nowhere
     */
    public static Path resolveLinks(Path path) {
        if (!Files.isSymbolicLink(path)) {
            return path;
        }
        try {
            return path.toRealPath();
        } catch (NoSuchFileException e) {
            throw new NotFoundException(
                    FileNames.text(path) + " is a link that leads nowhere" + target(path)
                            + ": create what it leads to, or remove the link",
                    e);
        } catch (IOException e) {
            throw IoErrors.failure("follow", path, e);
        }
    }

    private static String target(Path link) {
        try {
            return ", to " + FileNames.text(Files.readSymbolicLink(link));
        } catch (IOException e) {
            // The link was removed in the meantime; the message is complete without its target.
            return "";
        }
    }

    /**
     * The id of the user who owns a file, following links.
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
     * Deletes files that nobody has open or mapped, as the kernel knows it for the whole machine: all of them or none.
     * Links are refused. Files that do not exist are left out.
     *
     * @param paths the files
     * @return false if one of them is in use, and all were kept
     * @throws org.shmrt.error.AccessDeniedException if this user may not write one, or is neither its owner nor root; all
     *     were kept
     */
    public static boolean deleteIfUnused(List<Path> paths) {
        Map<Path, PosixFile> leased = new LinkedHashMap<>();
        try {
            for (Path path : paths) {
                if (!exists(path)) {
                    continue;
                }
                PosixFile file = PosixFile.openUnlinked(path);
                leased.put(path, file);
                if (!file.tryLease() || !file.id().isSameFile(of(path))) {
                    return false;
                }
            }
            // While the leases are held, nobody can open the files, so they are still unused when their names go.
            leased.keySet().forEach(FileId::delete);
            return true;
        } finally {
            leased.values().forEach(PosixFile::close);
        }
    }

    /** The number of the device as the kernel writes it in its lists: {@code 00:1a}, each part in hex. */
    public String deviceText() {
        return hex(major(device)) + ":" + hex(minor(device));
    }

    /** Two digits at least. */
    private static String hex(long number) {
        return (number < 16 ? "0" : "") + Long.toHexString(number);
    }

    static long major(long device) {
        return (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
    }

    static long minor(long device) {
        return (device & 0xff) | (device >>> 12 & ~0xffL & 0xffffffffL);
    }

    /**
     * Whether this and another identity are of the same file. The sizes are not compared.
     *
     * @param other the other identity
     * @return true if device and inode are equal
     */
    public boolean isSameFile(FileId other) {
        return device == other.device && inode == other.inode;
    }
}
