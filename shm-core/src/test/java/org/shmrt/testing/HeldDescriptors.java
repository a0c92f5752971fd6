package org.shmrt.testing;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shmrt.error.PosixException;
import org.shmrt.posix.IoErrors;
import org.shmrt.process.ChildProcess;

/** All descriptors that a small child could still open, until they are released. */
public final class HeldDescriptors implements AutoCloseable {
    private final List<FileInputStream> held = new ArrayList<>();

    private HeldDescriptors() {}

    /** Starts a class of the tests in a process that can open few files. */
    public static ChildProcess start(Class<?> main, Path argument) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 200; exec \"$@\"", "sh"));
        command.addAll(ChildJvm.command(ChildJvm.QUICK, main, argument.toString()));
        return ChildProcess.start(command);
    }

    /** Takes all that are free in this process. */
    public static HeldDescriptors all() throws IOException {
        // The classes of errors are files, too.
        Exception _ = IoErrors.failure("read", Path.of("missing"), new NoSuchFileException("missing"));
        String _ = IoErrors.reason(new IOException(new PosixException("open", "", 24, "Too many open files")));
        HeldDescriptors all = new HeldDescriptors();
        try {
            while (true) {
                all.held.add(new FileInputStream("/dev/null"));
            }
        } catch (FileNotFoundException e) {
            return all;
        }
    }

    @Override
    public void close() throws IOException {
        for (FileInputStream one : held) {
            one.close();
        }
    }
}
