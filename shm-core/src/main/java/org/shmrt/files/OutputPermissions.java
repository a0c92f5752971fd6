package org.shmrt.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Owner and permissions of a new file that may replace an old one. A new file is private until it is complete, because
 * the old one may be.
 */
final class OutputPermissions {
    private static final int ALL = 0777;
    private static final int NEW_FILE = 0666;
    private static final int GROUP_SHIFT = 3;
    private static final int GROUP = 0070;
    private static final int OTHERS = 0007;
    /** A directory like /tmp, in which every user may create files. */
    private static final int SHARED_DIRECTORY = 01002;

    private static final int DEFAULT_UMASK = 022;

    private OutputPermissions() {}

    /**
     * Gives a complete file the owner, the group and the permissions of the file that it replaces, or those of a new
     * file.
     *
     * @param target the file that is replaced, if it exists
     * @param complete the new file, which only its owner may read
     * @return a remark if the owner changes
     * @throws IOException if the permissions cannot be set
     */
    static Optional<String> settle(Path target, Path complete) throws IOException {
        if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            setMode(complete, NEW_FILE & ~umask());
            return Optional.empty();
        }
        Map<String, Object> old = attributes(target);
        Map<String, Object> created = attributes(complete);
        boolean keepsOwner = old.get("uid").equals(created.get("uid"))
                || (!isInSharedDirectory(target) && set(complete, "unix:uid", old.get("uid")));
        boolean keepsGroup =
                old.get("gid").equals(created.get("gid")) || (keepsOwner && set(complete, "unix:gid", old.get("gid")));
        int mode = (int) old.get("mode") & ALL;
        if (!keepsOwner) {
            // Another user chose the old permissions: they must not open the new file to more users than a new file.
            mode &= NEW_FILE & ~umask();
        }
        if (!keepsGroup) {
            // The members of another group have no more permissions than everybody.
            mode &= ~GROUP | (mode & OTHERS) << GROUP_SHIFT;
        }
        setMode(complete, mode);
        return keepsOwner ? Optional.empty() : ownerRemark("file", old, created);
    }

    /**
     * Whether a link that is replaced belongs to another user. A new link always belongs to who creates it.
     *
     * @param link the link that is replaced, if it exists
     * @param complete the new link
     * @return a remark if the owner changes
     */
    static Optional<String> linkOwner(Path link, Path complete) throws IOException {
        if (!Files.isSymbolicLink(link)) {
            return Optional.empty();
        }
        Map<String, Object> old = attributes(link);
        Map<String, Object> created = attributes(complete);
        return old.get("uid").equals(created.get("uid")) ? Optional.empty() : ownerRemark("link", old, created);
    }

    private static Optional<String> ownerRemark(String noun, Map<String, Object> old, Map<String, Object> created) {
        return Optional.of("the replaced " + noun + " belonged to " + old.get("owner") + ", this one belongs to "
                + created.get("owner"));
    }

    private static Map<String, Object> attributes(Path file) throws IOException {
        return Files.readAttributes(file, "unix:mode,uid,gid,owner", LinkOption.NOFOLLOW_LINKS);
    }

    /** In such a directory, anybody can create a file to become the owner of what replaces it. */
    private static boolean isInSharedDirectory(Path file) throws IOException {
        int mode = (int) Files.getAttribute(file.toAbsolutePath().getParent(), "unix:mode");
        return (mode & SHARED_DIRECTORY) == SHARED_DIRECTORY;
    }

    private static void setMode(Path file, int mode) throws IOException {
        set(file, "unix:mode", mode);
    }

    /** False if this user may not, or the file system has no such attribute. */
    private static boolean set(Path file, String attribute, Object value) throws IOException {
        try {
            Files.setAttribute(file, attribute, value, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (FileSystemException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static int umask() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("Umask:")) {
                    return Integer.parseInt(line.substring("Umask:".length()).strip(), 8);
                }
            }
        } catch (IOException | NumberFormatException e) {
            // the usual one
        }
        return DEFAULT_UMASK;
    }
}
