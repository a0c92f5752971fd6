package org.shmrt.posix;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.shmrt.bindings.posix.Posix;

/**
 * Checks of other processes. A process id is only a hint: another pid namespace has other ids, and ids are reused.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/kill.2.html">kill(2)</a>
 */
public final class Processes {
    private static final int FIRST_PID = 1;
    /** In a status file: the id of the process that a thread belongs to. */
    private static final String PROCESS_OF_THREAD = "Tgid:";
    /** Position of a process's flags in its stat file, counted from the word after its name. */
    private static final int FLAGS_WORD = 6;
    /** PF_KTHREAD of Linux. */
    private static final long KERNEL_THREAD = 0x00200000;

    private Processes() {}

    private static final class Kill {
        static final MethodHandle CALL = Native.withErrno(Posix.kill$address(), Posix.kill$descriptor());
    }

    /** The ids of all processes that this one can see, in no particular order. */
    public static List<Long> all() {
        List<Long> ids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path process : processes) {
                ids.add(Long.parseLong(process.getFileName().toString()));
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException e) {
            return List.copyOf(ids); // there is no /proc
        }
        return ids;
    }

    /** Whether there is a process with this id, even if it is hidden from this user. */
    public static boolean isAlive(int pid) {
        return isIdInUse(pid) && !isThread(pid);
    }

    /** Processes and threads have their ids from the same numbers. */
    private static boolean isIdInUse(int pid) {
        if (!OwnProcess.HAS_NATIVE_ACCESS) {
            return Files.isDirectory(Path.of("/proc/" + pid));
        }
        Native.requireAccess();
        Native.Scratch scratch = Native.scratch();
        try {
            // Signal 0 checks that the process exists and may be signalled, and sends nothing.
            int result = (int) Kill.CALL.invokeExact(scratch.errno, pid, 0);
            return result == 0 || scratch.lastErrno() == Posix.EPERM();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Whether an id is that of another thread than the first one of its process: a signal and /proc accept it as well. */
    private static boolean isThread(int id) {
        try (BufferedReader lines =
                Files.newBufferedReader(Path.of("/proc/" + id + "/status"), StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(PROCESS_OF_THREAD)) {
                    return !line.substring(PROCESS_OF_THREAD.length()).strip().equals(Integer.toString(id));
                }
            }
        } catch (IOException e) {
            // hidden: it may be a process
        }
        return false;
    }

    /**
     * Whether a process is alive and has a file mapped. If this user may not examine the process, only the first is
     * checked.
     */
    public static boolean isUser(int pid, FileId file) {
        if (!isAlive(pid)) {
            return false;
        }
        // On a layered file system not even this process's own mapping is listed; then only the process id is checked.
        return maps(pid, file) || !maps(OwnProcess.PID, file);
    }

    private static boolean maps(int pid, FileId file) {
        Predicate<String> mayBeLine = FileMapping.mayBeLineOf(file);
        try (BufferedReader lines =
                Files.newBufferedReader(Path.of("/proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (mayBeLine.test(line)
                        && FileMapping.parse(line)
                                .filter(mapping -> mapping.mayBeOf(file))
                                .isPresent()) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return mayUseFiles(pid); // of another user, or hidden: it is alive, and more is not known
        }
    }

    /**
     * Whether a process that must not be examined may have mapped a stream. Tables in shared files contain ids of
     * containers, and the small ids of a container are those of the first process and of kernel threads here, which have
     * no streams.
     */
    private static boolean mayUseFiles(int pid) {
        if (pid == FIRST_PID) {
            return false;
        }
        try {
            // "pid (name) state ppid pgrp session tty tpgid flags ...", and a name may contain anything.
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            String[] words = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
            return (Long.parseLong(words[FLAGS_WORD]) & KERNEL_THREAD) == 0;
        } catch (IOException | RuntimeException e) {
            return true; // hidden
        }
    }
}
