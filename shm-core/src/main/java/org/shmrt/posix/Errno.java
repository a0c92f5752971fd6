package org.shmrt.posix;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NoSpaceException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.PosixException;
import org.shmrt.error.ShmException;
import org.shmrt.text.FileNames;
import org.shmrt.text.ShellWord;

/** Translates error numbers into typed exceptions whose messages say what to do. Not for hot paths. */
public final class Errno {
    private static final int TEXT_BYTES = 256;
    /** The C library's texts are in the encoding of the locale, as are those of java.nio. */
    private static final Charset CHARSET =
            Charset.forName(System.getProperty("native.encoding", ""), StandardCharsets.UTF_8);

    private static final String SUFFIX = ".im.shm";

    private Errno() {}

    /**
     * The exception for a failed call.
     *
     * @param call name of the function
     * @param object the object of the call
     * @param errno the error number
     * @param neededBytes the requested space, 0 for calls that request none
     */
    static ShmException failure(String call, Path object, int errno, long neededBytes) {
        if (errno == Posix.ENOENT() || errno == Posix.ENOTDIR()) {
            return notFound(object);
        }
        if (errno == Posix.EEXIST()) {
            return new AlreadyExistsException(FileNames.text(object) + " exists already");
        }
        // mlock has EPERM where the limit of locked memory is 0.
        if (errno == Posix.EACCES() || (errno == Posix.EPERM() && !call.equals("mlock"))) {
            return accessDenied(call, object);
        }
        if (errno == Posix.EAGAIN() && (call.equals("open") || call.equals("shm_open"))) {
            return new BusyException(
                    FileNames.text(object) + " cannot be opened now: a program has a lease on it (see LEASE in "
                            + "/proc/locks), and has to release it first");
        }
        if (errno == Posix.ENOSPC() || errno == Posix.EDQUOT()) {
            return noSpace(object, neededBytes);
        }
        if (errno == Posix.ELOOP() && !call.equals("open") && Files.isSymbolicLink(object)) {
            return new IncompatibleException(
                    "cannot " + call + " " + FileNames.text(object) + ": it is a symbolic link, and links "
                            + "are not followed there; check who created it (ls -l) and remove it");
        }
        if (errno == Posix.ELOOP()) {
            return new ShmException("cannot " + call + " " + FileNames.text(object) + ": its links lead in a circle");
        }
        return new PosixException(call, FileNames.text(object), errno, explain(call, errno));
    }

    /** The text and number of the error, and what a user can do. For some calls a number has a meaning of its own. */
    private static String explain(String call, int errno) {
        String numbered = text(errno) + " (errno " + errno + ")";
        // After mlockall, mmap locks the memory too. Without it, mmap has no EAGAIN, and ENOMEM has another reason.
        boolean isLocking = call.equals("mlock") || (call.equals("mmap") && errno == Posix.EAGAIN());
        if (isLocking && (errno == Posix.ENOMEM() || errno == Posix.EAGAIN() || errno == Posix.EPERM())) {
            return numbered + ": raise the limit of locked memory (ulimit -l)";
        }
        if (call.equals("mmap") && errno == Posix.ENOMEM()) {
            return numbered + ": " + MapLimit.advice();
        }
        return SystemError.of(errno).map(error -> error.advise(numbered)).orElse(numbered);
    }

    static NotFoundException notFound(Path object) {
        Path directory = object.toAbsolutePath().getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            return new NotFoundException("there is no directory " + FileNames.text(directory) + " for "
                    + FileNames.text(object.getFileName()));
        }
        Path suffixed = FileNames.parse(FileNames.text(object) + SUFFIX);
        if (Files.exists(suffixed)) {
            return new NotFoundException(
                    "there is no " + FileNames.text(object) + ": did you mean " + FileNames.text(suffixed) + "?");
        }
        // A bare name means a stream; the user may have meant the file of this name in the current directory.
        String text = FileNames.text(object);
        Path here = FileNames.parse(text.endsWith(SUFFIX) ? text.substring(0, text.length() - SUFFIX.length()) : text)
                .getFileName();
        return new NotFoundException("there is no " + FileNames.text(object)
                + (here != null && Files.isRegularFile(here)
                        ? ": for the file in the current directory, write ./" + FileNames.text(here)
                        : ""));
    }

    static AccessDeniedException accessDenied(String action, Path object) {
        Path at = Files.exists(object, LinkOption.NOFOLLOW_LINKS)
                ? object
                : object.toAbsolutePath().getParent();
        String owner;
        try {
            Map<String, Object> attributes = Files.readAttributes(at, "posix:owner,permissions");
            owner = FileNames.text(at) + " belongs to " + attributes.get("owner") + " with permissions "
                    + java.nio.file.attribute.PosixFilePermissions.toString(permissions(attributes.get("permissions")));
        } catch (IOException | RuntimeException e) {
            owner = "you may not search its directory";
        }
        return new AccessDeniedException("permission denied to " + action + " " + FileNames.text(object) + ": " + owner
                + ", and you are " + System.getProperty("user.name"));
    }

    @SuppressWarnings("unchecked")
    private static java.util.Set<java.nio.file.attribute.PosixFilePermission> permissions(Object attribute) {
        return (java.util.Set<java.nio.file.attribute.PosixFilePermission>) attribute;
    }

    static NoSpaceException noSpace(Path object, long neededBytes) {
        Path directory = object.toAbsolutePath().getParent();
        String where = FileNames.text(directory);
        String free = "";
        String remedy = "remove files that are not needed there";
        try {
            FileStore store = Files.getFileStore(directory);
            // toString() is "MOUNT (DEVICE)"; java.nio has no other way to get the mount point.
            String mount = store.toString().replaceFirst(" \\(.*\\)$", "");
            where = mount;
            free = ", free: " + bytes(store.getUsableSpace()) + " of " + bytes(store.getTotalSpace());
            if (store.type().equals("tmpfs")) {
                remedy += ", or enlarge it: mount -o remount,size="
                        + Math.max(1, ((store.getTotalSpace() + neededBytes) >> 20) + 1) + "M " + ShellWord.of(mount);
            }
        } catch (IOException e) {
            // The message is useful without the figures.
        }
        return new NoSpaceException("no space for " + FileNames.text(object) + " on " + where + ": needed: "
                + bytes(neededBytes) + free + "; " + remedy);
    }

    private static String bytes(long count) {
        return count < 10 << 20 ? count + " bytes" : (count >> 20) + " MiB";
    }

    /** The text of the C library for an error number, in the language of the process. */
    public static String text(int errno) {
        try {
            MemorySegment text = Posix.strerror(errno);
            // MemorySegment.getString decodes the standard character sets only.
            return new String(bytesOf(text), CHARSET);
        } catch (RuntimeException e) {
            return "error";
        }
    }

    @SuppressWarnings("restricted")
    private static byte[] bytesOf(MemorySegment text) {
        MemorySegment readable = text.reinterpret(TEXT_BYTES);
        int length = 0;
        while (readable.get(ValueLayout.JAVA_BYTE, length) != 0) {
            length++;
        }
        return readable.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }
}
