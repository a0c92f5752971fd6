package org.shmrt.doctor;

import static org.shmrt.doctor.FindingKind.COMPACTION;
import static org.shmrt.doctor.FindingKind.KSM;
import static org.shmrt.doctor.FindingKind.NUMA_BALANCING;
import static org.shmrt.doctor.FindingKind.SWAP;
import static org.shmrt.doctor.FindingKind.THP;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel does with memory in the background: huge pages, swap, merging and moving of pages. */
final class MemoryChecks {
    private static final String KERNEL = "kernel";
    private static final Pattern CHOSEN = Pattern.compile("\\[([a-z+_]+)]");

    private MemoryChecks() {}

    static void run(Machine machine, Findings findings) {
        hugePages(machine.files(), findings);
        swap(machine.files(), findings);
        flag(
                machine.files(),
                findings,
                KSM,
                "/sys/kernel/mm/ksm/run",
                "the kernel merges pages with equal contents (KSM)",
                "the first write to a merged page takes a page fault of some us",
                "echo 2 > /sys/kernel/mm/ksm/run");
        flag(
                machine.files(),
                findings,
                NUMA_BALANCING,
                "/proc/sys/kernel/numa_balancing",
                "the kernel moves pages between memory nodes (NUMA balancing)",
                "pages of a loop become inaccessible for a moment, again and again, and cause page faults",
                "sysctl -w kernel.numa_balancing=0");
        flag(
                machine.files(),
                findings,
                COMPACTION,
                "/proc/sys/vm/compact_unevictable_allowed",
                "the kernel moves locked pages when it makes room for large ones (compaction)",
                "a loop takes a page fault for each of its pages that was moved, although its memory is locked",
                "sysctl -w vm.compact_unevictable_allowed=0");
    }

    private static void hugePages(SystemFiles files, Findings findings) {
        String file = "/sys/kernel/mm/transparent_hugepage/enabled";
        Optional<String> chosen =
                files.text(file).map(CHOSEN::matcher).filter(Matcher::find).map(matcher -> matcher.group(1));
        if (chosen.isEmpty()) {
            findings.unknown(THP, KERNEL, file + " cannot be read");
        } else if (!chosen.get().equals("always")) {
            findings.ok(THP, KERNEL, file + ": " + chosen.get());
        } else {
            findings.add(
                    THP,
                    Severity.INFO,
                    KERNEL,
                    "every process gets transparent huge pages",
                    file + ": always",
                    "the kernel combines pages in the background, and a page fault may have to wait for free huge "
                            + "pages",
                    "echo madvise > " + file);
        }
    }

    private static void swap(SystemFiles files, Findings findings) {
        List<String> lines = files.lines("/proc/swaps");
        if (lines.size() <= 1) {
            findings.ok(SWAP, KERNEL, "/proc/swaps: none");
            return;
        }
        long usedKib = 0;
        for (String line : lines.subList(1, lines.size())) {
            // "Filename Type Size Used Priority"
            String[] words = line.split("\\s+");
            usedKib += words.length > 3 ? SystemFiles.parse(words[3]).orElse(0) : 0;
        }
        findings.add(
                SWAP,
                usedKib > 0 ? Severity.WARNING : Severity.INFO,
                KERNEL,
                usedKib > 0 ? (usedKib >> 10) + " MiB of memory are swapped out" : "the machine has swap space",
                "/proc/swaps: "
                        + String.join("; ", lines.subList(1, lines.size())).replaceAll("\\s+", " "),
                "pages of programs and of tmpfs, where streams are, can be on a disk when a loop needs them",
                "swapoff -a    # or lock the memory of loops");
    }

    private static void flag(
            SystemFiles files,
            Findings findings,
            FindingKind kind,
            String file,
            String summary,
            String consequence,
            String remedy) {
        OptionalLong value = files.number(file);
        if (value.orElse(0) == 0 || (kind == KSM && value.getAsLong() != 1)) {
            findings.ok(kind, KERNEL, file + ": " + (value.isPresent() ? value.getAsLong() : "absent"));
        } else {
            findings.add(kind, Severity.INFO, KERNEL, summary, file + ": " + value.getAsLong(), consequence, remedy);
        }
    }
}
