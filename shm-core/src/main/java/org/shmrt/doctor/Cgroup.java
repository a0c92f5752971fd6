package org.shmrt.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The control groups of this process, in version 1 (one tree for each controller) or 2 (one tree). In a container the
 * path that the kernel reports may not exist; then the root of the tree is the container's own group.
 *
 * @param files the files of the kernel
 * @param lines lines of {@code /proc/self/cgroup}: {@code ID:CONTROLLERS:PATH}
 */
record Cgroup(SystemFiles files, List<String> lines) {
    private static final String ROOT = "/sys/fs/cgroup";

    static Cgroup of(SystemFiles files) {
        return new Cgroup(files, files.lines("/proc/self/cgroup"));
    }

    /** A file of the group in the tree of a controller of version 1. */
    Optional<String> file(String controller, String name) {
        return files(controller, name).stream().findFirst();
    }

    /** A file of the group and of all groups above it, in version 1. */
    List<String> files(String controller, String name) {
        for (String line : lines) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && List.of(parts[1].split(",")).contains(controller)) {
                for (String tree : List.of(ROOT + "/" + controller, ROOT + "/" + parts[1])) {
                    List<String> found = upwards(tree, parts[2], name);
                    if (!found.isEmpty()) {
                        return found;
                    }
                }
            }
        }
        return List.of();
    }

    /** A file of the group and of all groups above it, in version 2. */
    List<String> unified(String name) {
        for (String line : lines) {
            if (line.startsWith("0::")) {
                for (String tree : List.of(ROOT, ROOT + "/unified")) {
                    List<String> found = upwards(tree, line.substring(3), name);
                    if (!found.isEmpty()) {
                        return found;
                    }
                }
            }
        }
        return List.of();
    }

    private List<String> upwards(String tree, String path, String name) {
        List<String> found = new ArrayList<>();
        for (String at = path; ; at = at.substring(0, Math.max(0, at.lastIndexOf('/')))) {
            String group = at.equals("/") ? "" : at;
            String file = tree + group + "/" + name;
            if (!group.contains("..") && files.exists(file)) {
                found.add(file);
            }
            if (group.isEmpty()) {
                return found;
            }
        }
    }
}
