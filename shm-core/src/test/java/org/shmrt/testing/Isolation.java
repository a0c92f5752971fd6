package org.shmrt.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.shmrt.process.ChildProcess;

/**
 * Commands that run a program with other rights or in namespaces of its own. They need root; without it, or where a
 * container forbids them, the calling test is skipped with the reason.
 */
public final class Isolation {
    /** A user without any rights: nobody. */
    public static final int NOBODY = 65534;

    /** Runs a program in a pid namespace of its own, in which it is process 1. */
    public static final List<String> PID_NAMESPACE =
            List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");

    /** Runs a program as nobody. */
    public static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid", "" + NOBODY, "--regid", "" + NOBODY, "--clear-groups");

    /**
     * Runs a program that cannot see processes of other users in {@code /proc}: as root, but without its rights, and not
     * in its group, from which nothing is hidden. The kernel has the option for each mounted {@code /proc}: a remount
     * would change it for the whole machine.
     */
    public static final List<String> HIDEPID = List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t proc -o hidepid=2 proc /proc && exec setpriv --regid " + NOBODY
                    + " --clear-groups --bounding-set=-all --inh-caps=-all \"$@\"",
            "sh");

    /** Runs a program with a shared memory of its own, of 1 MiB. */
    public static final List<String> SMALL_SHARED_MEMORY =
            List.of("unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /dev/shm && exec \"$@\"", "sh");

    private Isolation() {}

    /** Skips the calling test unless this user may do what a prefix does. */
    public static void assumePermitted(List<String> prefix) {
        Assumptions.assumeTrue(
                ExternalCommand.succeeds(command(prefix, List.of("true")).toArray(new String[0])),
                () -> "not permitted here: " + String.join(" ", prefix));
    }

    /** Starts {@link StreamChild} behind a prefix. */
    public static ChildProcess startStreamChild(List<String> prefix, Object... words) {
        String[] arguments = Arrays.stream(words).map(Object::toString).toArray(String[]::new);
        return ChildProcess.start(command(prefix, ChildJvm.command(ChildJvm.QUICK, StreamChild.class, arguments)));
    }

    /**
     * Starts a script of the test resources behind a prefix, with the system's Python, which every user may run. The
     * script is read by this process, because another user may not be able to.
     */
    public static ChildProcess startPython(List<String> prefix, String script, Object... words) {
        List<String> python = new ArrayList<>(List.of("/usr/bin/python3", "-c", PythonPeer.text(script)));
        Arrays.stream(words).map(Object::toString).forEach(python::add);
        return ChildProcess.builder(command(prefix, python)).name(script).start();
    }

    /** A command behind a prefix. */
    public static List<String> command(List<String> prefix, List<String> command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(command);
        return all;
    }
}
