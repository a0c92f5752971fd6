package org.shmrt.doctor;

import static org.shmrt.doctor.FindingKind.REMOVE_IPC;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/** Whether systemd removes a user's semaphores and shared memory when the user logs out. */
final class LogindCheck {
    private static final String SYSTEMD = "systemd-logind";

    /** systemd does not touch objects of system users. */
    private static final long FIRST_REGULAR_USER = 1000;

    /** In ascending order of precedence. */
    private static final List<String> PLACES = List.of("/usr/lib/systemd", "/run/systemd", "/etc/systemd");

    private static final Set<String> NO = Set.of("no", "false", "off", "0", "n", "f");

    private LogindCheck() {}

    static void run(Machine machine, Findings findings) {
        SystemFiles files = machine.files();
        if (!files.exists("/run/systemd/system")) {
            findings.ok(REMOVE_IPC, SYSTEMD, "systemd does not run here");
            return;
        }
        String setting = "the default: RemoveIPC=yes";
        boolean removes = true;
        for (String file : configuration(files)) {
            for (String line : files.lines(file)) {
                String text = line.replaceAll("\\s", "");
                if (text.startsWith("RemoveIPC=")) {
                    setting = file + ": " + text;
                    removes = !NO.contains(text.substring("RemoveIPC=".length()).toLowerCase(Locale.ROOT));
                }
            }
        }
        long user = machine.userId();
        String name = machine.environment().getOrDefault("USER", "");
        boolean lingers = !name.isEmpty() && !name.contains("/") && files.exists("/var/lib/systemd/linger/" + name);
        if (!removes) {
            findings.ok(REMOVE_IPC, SYSTEMD, setting);
        } else if (lingers) {
            findings.ok(REMOVE_IPC, SYSTEMD, "/var/lib/systemd/linger/" + name + " exists");
        } else if (user > 0 && user < FIRST_REGULAR_USER) {
            findings.ok(REMOVE_IPC, SYSTEMD, setting + ", but this is a system user");
        } else {
            findings.add(
                    REMOVE_IPC,
                    user == 0 ? Severity.INFO : Severity.WARNING,
                    SYSTEMD,
                    "systemd removes a user's semaphores and shared memory at the end of the last session",
                    setting,
                    "after a logout the semaphores of DAO streams, arrays and blocks in /dev/shm are gone, although "
                            + "programs still use them"
                            + (user == 0 ? " (not those of root and of system users)" : ""),
                    "mkdir -p /etc/systemd/logind.conf.d",
                    "printf '[Login]\\nRemoveIPC=no\\n' > /etc/systemd/logind.conf.d/shmrt.conf",
                    "systemctl restart systemd-logind    # or only for one user: loginctl enable-linger "
                            + (name.isEmpty() || user == 0 ? "USER" : name));
        }
    }

    /** The files of settings in the order in which later ones override earlier ones. */
    private static List<String> configuration(SystemFiles files) {
        List<String> found = new ArrayList<>();
        PLACES.forEach(place -> found.add(place + "/logind.conf"));
        // A drop-in hides one of the same name in a place of lower precedence; all are read in the order of their
        // names.
        TreeMap<String, String> dropIns = new TreeMap<>();
        for (String place : PLACES) {
            String directory = place + "/logind.conf.d";
            files.names(directory).stream()
                    .filter(name -> name.endsWith(".conf"))
                    .forEach(name -> dropIns.put(name, directory + "/" + name));
        }
        found.addAll(dropIns.values());
        return found;
    }
}
