package org.shmrt.posix;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of files under construction, in the directory of their final names. They cannot be guessed, and they contain
 * the id of the process: a file left by a killed process is removed by the next process of the same user that creates
 * such a file in the directory. Stateless; safe for any thread.
 */
public final class TempName {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Path SELF = Path.of("/proc/self");

    /** {@code .shmrt-NAMESPACE-PID-RANDOM}; the process id is that in its pid namespace. */
    private static final Pattern FORM = Pattern.compile("\\.shmrt-([0-9]+)-([0-9]+)-[0-9a-f]{16}");

    /** Number of this process's pid namespace, 0 if the kernel does not report it. */
    private static final String NAMESPACE = namespace();

    private TempName() {}

    private static String namespace() {
        try {
            // "pid:[4026531836]"
            return Files.readSymbolicLink(SELF.resolve("ns/pid")).toString().replaceAll("[^0-9]", "");
        } catch (IOException e) {
            return "0";
        }
    }

    /**
     * A new name. First removes the files that dead processes have left in the directory.
     *
     * @param target the final name of the file
     * @return a path in the same directory
     */
    public static Path beside(Path target) {
        removeOrphans(target);
        byte[] random = new byte[8];
        RANDOM.nextBytes(random);
        return target.resolveSibling(".shmrt-" + NAMESPACE + "-" + OwnProcess.PID + "-"
                + HexFormat.of().formatHex(random));
    }

    private static void removeOrphans(Path target) {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(target.toAbsolutePath().getParent(), file -> isOrphan(file))) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The directory may not be listed: the files of dead processes remain in it.
        }
    }

    /**
     * Whether a file was left by a process of this user and this pid namespace that has ended.
     *
     * @throws IOException if the file was removed meanwhile
     */
    public static boolean isOrphan(Path file) throws IOException {
        Matcher name = FORM.matcher(file.getFileName().toString());
        return name.matches()
                && name.group(1).equals(NAMESPACE)
                && Files.notExists(Path.of("/proc", name.group(2)))
                // The kernel may hide whether a process of another user is alive.
                && ownerOf(file, LinkOption.NOFOLLOW_LINKS).equals(ownerOf(SELF))
                && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static Object ownerOf(Path file, LinkOption... options) throws IOException {
        return Files.getAttribute(file, "unix:uid", options);
    }
}
