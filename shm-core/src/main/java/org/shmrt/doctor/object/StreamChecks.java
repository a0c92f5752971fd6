package org.shmrt.doctor.object;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.shmrt.doctor.Finding;
import org.shmrt.doctor.FindingKind;
import org.shmrt.doctor.Findings;
import org.shmrt.doctor.Severity;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.posix.FileId;
import org.shmrt.posix.Processes;
import org.shmrt.posix.Semaphore;
import org.shmrt.stream.engine.NamedSemaphores;
import org.shmrt.stream.engine.NamesakeStreams;
import org.shmrt.stream.engine.StreamFormats;
import org.shmrt.stream.inspect.SemaphoreState;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.stream.inspect.StreamInspector;
import org.shmrt.stream.inspect.StreamProblem;
import org.shmrt.stream.inspect.StreamRepair;
import org.shmrt.text.FileNames;
import org.shmrt.text.ShellWord;

/** Streams: damaged headers, flags and semaphores, dead writers and readers. */
final class StreamChecks {
    /** A writer that pauses for longer is reported if readers wait for it. */
    private static final double PAUSE_SECONDS = 10;

    private final OpenFiles open;
    private final StreamInspector inspector = StreamInspector.now();

    StreamChecks(OpenFiles open) {
        this.open = open;
    }

    /** Whether the user named the stream, and so wants to know everything about it. */
    enum Detail {
        NAMED,
        FOUND
    }

    void run(Path path, Detail detail, Findings findings) {
        try {
            StreamInfo info = inspector.info(path);
            if (!info.layout().semaphores().names().isEmpty() && !users(info).isEmpty()) {
                // Also says which processes use removed semaphores, which takes some ms.
                info = StreamInfo.of(path);
            }
            for (StreamProblem problem : info.problems()) {
                Finding finding = finding(info, problem);
                if (detail == Detail.NAMED || !isRemark(finding)) {
                    findings.add(finding);
                }
            }
            semaphoreOwners(info, findings);
            writer(info, detail, findings);
            reservations(info, findings);
            deadWaiters(info, findings);
        } catch (NotFoundException e) {
            missing(path, detail, e, findings);
        } catch (AccessDeniedException e) {
            findings.add(
                    FindingKind.UNREADABLE,
                    detail == Detail.NAMED ? Severity.WARNING : Severity.INFO,
                    FileNames.text(path),
                    "this user may not read the stream",
                    e.getMessage(),
                    "it was not checked",
                    "# run shm doctor as its owner or as root");
        } catch (IncompatibleException e) {
            damaged(path, e, findings);
        } catch (ShmException e) {
            findings.add(
                    FindingKind.UNREADABLE,
                    Severity.WARNING,
                    FileNames.text(path),
                    "the stream cannot be read",
                    e.getMessage(),
                    "it was not checked");
        }
    }

    private static boolean isRemark(Finding finding) {
        return finding.kind() == FindingKind.LAYOUT || finding.kind() == FindingKind.READ_ONLY_STREAM;
    }

    private static void missing(Path path, Detail detail, NotFoundException e, Findings findings) {
        if (Files.isSymbolicLink(path)) {
            findings.add(
                    FindingKind.DANGLING_LINK,
                    Severity.WARNING,
                    FileNames.text(path),
                    "the link leads nowhere",
                    e.getMessage(),
                    "programs that open the stream by this name fail",
                    "shm link SOURCE " + ShellWord.of(path),
                    "shm rm " + ShellWord.of(path) + "    # removes only the link");
        } else if (detail == Detail.NAMED) {
            findings.add(
                    FindingKind.NO_STREAM,
                    Severity.ERROR,
                    FileNames.text(path),
                    "there is no such stream",
                    e.getMessage(),
                    "programs that open it fail, or wait for it",
                    "shm list    # shows the streams that there are");
        }
    }

    private static void damaged(Path path, IncompatibleException e, Findings findings) {
        if (isRepairable(path)) {
            findings.add(repairable(path, e.getMessage()));
            return;
        }
        findings.add(
                FindingKind.NOT_A_STREAM,
                Severity.ERROR,
                FileNames.text(path),
                "the file is not a valid stream",
                e.getMessage(),
                "no program can open it, or some open it and use wrong values",
                "rm " + ShellWord.of(path) + "    # then create the stream again");
    }

    private static boolean isRepairable(Path path) {
        try {
            StreamRepair.plan(path);
            return true;
        } catch (ShmException e) {
            return false;
        }
    }

    private static Finding repairable(Path path, String evidence) {
        return new Finding(
                        FindingKind.REPAIRABLE_STREAM,
                        Severity.ERROR,
                        FileNames.text(path),
                        "header words are damaged, and their values are known",
                        evidence,
                        "programs refuse the stream or read the wrong frame",
                        "shm doctor --fix " + FindingKind.REPAIRABLE_STREAM.id() + " " + ShellWord.of(path)
                                + "    # the same as shm repair")
                .on(List.of(path));
    }

    private Finding finding(StreamInfo info, StreamProblem problem) {
        Path path = info.path();
        String name = FileNames.text(path);
        String word = ShellWord.of(path);
        return switch (problem.kind()) {
            case LAYOUT ->
                new Finding(
                        FindingKind.LAYOUT,
                        Severity.INFO,
                        name,
                        problem.text(),
                        "header of " + name,
                        "other programs may treat the stream differently");
            case UNREADABLE ->
                new Finding(
                        FindingKind.READ_ONLY_STREAM,
                        Severity.INFO,
                        name,
                        problem.text(),
                        "header of " + name,
                        "ShmRT shows only its header");
            case READ_ONLY ->
                isRepairable(path)
                        ? repairable(path, problem.text())
                        : new Finding(
                                FindingKind.READ_ONLY_STREAM,
                                Severity.INFO,
                                name,
                                problem.text(),
                                "header of " + name,
                                "ShmRT's writers refuse it",
                                "shm convert " + word + " NEW --format dao    # makes a writable copy");
            case STALE_FLAG -> staleFlag(info);
            case IMPLAUSIBLE_TIME ->
                new Finding(
                        FindingKind.IMPLAUSIBLE_TIME,
                        Severity.WARNING,
                        name,
                        problem.text(),
                        "header of " + name,
                        "ages and latencies that are computed from the frame's time are wrong",
                        "timedatectl    # check the clocks of this machine and of the writer");
            case DAMAGED_SEMAPHORE ->
                new Finding(
                        FindingKind.DAMAGED_SEMAPHORE,
                        Severity.ERROR,
                        name,
                        problem.text(),
                        "words of the semaphore",
                        "readers of that semaphore are not woken",
                        "# stop the programs that use the stream, remove it, and create it again",
                        "shm rm " + word);
            case SEMAPHORE_ABOVE_CAP ->
                new Finding(
                        FindingKind.SEMAPHORE_ABOVE_CAP,
                        Severity.WARNING,
                        name,
                        problem.text(),
                        "value of the semaphore",
                        "a reader that takes one token per frame gets that many wake-ups without a new frame",
                        "# restart its reader, which takes all tokens at its start");
            case EXTRANEOUS_SEMAPHORE -> extraneous(info, problem);
            case SHARED_SEMAPHORES -> shared(info, problem);
            case COPIED ->
                new Finding(
                        FindingKind.COPIED_STREAM,
                        Severity.WARNING,
                        name,
                        problem.text(),
                        "header of " + name,
                        "pyMilk readers are slow, and milk's programs may not find the stream's file",
                        "shm rm " + word + "    # then let the stream's program create it again");
            case REMOVED_SEMAPHORES ->
                new Finding(
                        FindingKind.REMOVED_SEMAPHORES,
                        Severity.WARNING,
                        name,
                        problem.text(),
                        "/proc/*/maps: mapped semaphores of the stream's names, marked as deleted",
                        "readers and writers that were started at different times do not wake each other",
                        "# restart the program; if it was RemoveIPC, see the finding remove-ipc of shm doctor");
            case MISSING_SEMAPHORES ->
                new Finding(
                                FindingKind.MISSING_SEMAPHORES,
                                Severity.WARNING,
                                name,
                                problem.text(),
                                "no /dev/shm/sem."
                                        + info.layout().semaphores().names().getFirst() + " or others",
                                "readers that sleep on a semaphore are not woken; DAO's programs may refuse the stream",
                                "shm doctor --fix " + FindingKind.MISSING_SEMAPHORES.id() + " " + word
                                        + "    # as the stream's owner; then restart programs that have it open")
                        .on(List.of(path));
        };
    }

    private Finding staleFlag(StreamInfo info) {
        List<Integer> users = users(info);
        String word = ShellWord.of(info.path());
        return new Finding(
                FindingKind.STALE_FLAG,
                Severity.WARNING,
                FileNames.text(info.path()),
                "a write flag is set, and no ShmRT program is writing",
                "the flag stayed set for 20 ms; /proc/locks: no writer; "
                        + (users.isEmpty()
                                ? "not open in " + open.scope()
                                : "open in "
                                        + String.join(
                                                ", ",
                                                users.stream().map(open::text).toList())),
                info.layout().depth() > 1
                        ? "a writer died in the middle of a frame, or is slow; the newest whole frame can be read"
                        : "a writer died in the middle of a frame, or is slow; readers get no frame, because the"
                                + " pixels may be parts of two frames",
                "# restart the stream's writer: its first frame clears the flag",
                "shm read " + word + " --wait none --out last.npy && shm write " + word
                        + " --in last.npy    # publishes what is there as a frame");
    }

    /** Semaphores of the stream's name that belong to another stream, which is why nothing can be removed. */
    private static Finding shared(StreamInfo info, StreamProblem problem) {
        return new Finding(
                FindingKind.EXTRANEOUS_SEMAPHORE,
                Severity.ERROR,
                FileNames.text(info.path()),
                problem.text(),
                "semaphores in /dev/shm beyond the stream's "
                        + info.layout().semaphores().count() + ", and another stream that has them",
                "programs of the format crash or overwrite their memory when they open the stream",
                "# create one of the two streams under another file name, and remove the old one");
    }

    private static Finding extraneous(StreamInfo info, StreamProblem problem) {
        Set<String> used = NamesakeStreams.all(info.target(), info.layout()).stream()
                .flatMap(other -> NamedSemaphores.names(other.layout().semaphores()).stream())
                .collect(Collectors.toSet());
        List<Path> files = new ArrayList<>();
        for (String name :
                StreamFormats.named(info.layout().format()).extraneousSemaphores(info.target(), info.layout())) {
            if (Files.exists(Semaphore.file(name)) && !used.contains(name)) {
                files.add(Semaphore.file(name));
            }
        }
        if (files.isEmpty()) {
            return shared(info, problem);
        }
        return new Finding(
                        FindingKind.EXTRANEOUS_SEMAPHORE,
                        Severity.ERROR,
                        FileNames.text(info.path()),
                        problem.text(),
                        String.join(", ", files.stream().map(Path::toString).toList()),
                        "programs of the format crash or overwrite their memory when they open the stream",
                        "shm doctor --fix " + FindingKind.EXTRANEOUS_SEMAPHORE.id() + " " + ShellWord.of(info.path()))
                .on(files);
    }

    private static void semaphoreOwners(StreamInfo info, Findings findings) {
        long owner = FileId.owner(info.target());
        List<String> foreign = new ArrayList<>();
        for (String name : NamedSemaphores.names(info.layout().semaphores())) {
            try {
                long user = FileId.owner(Semaphore.file(name));
                if (user != 0 && user != owner) {
                    foreign.add(FileNames.text(Semaphore.file(name)) + " of user " + user);
                }
            } catch (ShmException e) {
                // missing ones are another finding
            }
        }
        if (!foreign.isEmpty()) {
            findings.add(
                    FindingKind.SEMAPHORE_OWNER,
                    Severity.ERROR,
                    FileNames.text(info.path()),
                    "semaphores belong to another user than the stream",
                    String.join(", ", foreign) + "; the stream is of user " + owner,
                    "ShmRT refuses to open the stream for writing, because that user could disturb it",
                    "rm "
                            + String.join(
                                    " ",
                                    foreign.stream()
                                            .map(text -> text.split(" of user ")[0])
                                            .toList()) + "    # as root, if no program uses them");
        }
    }

    /** Readers that wait for a writer that is not there. */
    private void writer(StreamInfo info, Detail detail, Findings findings) {
        boolean pausing = Double.isNaN(info.ageSeconds()) || info.ageSeconds() > PAUSE_SECONDS;
        if (info.writerPid() != 0 || !pausing || info.status().writing()) {
            return;
        }
        int waiters = waiters(info);
        List<Integer> users = users(info);
        if (users.isEmpty() && waiters == 0 && detail == Detail.NAMED) {
            findings.add(
                    FindingKind.NO_WRITER,
                    Severity.INFO,
                    FileNames.text(info.path()),
                    "no process has the stream open",
                    "not open in " + open.scope() + "; newest frame: "
                            + (Double.isNaN(info.ageSeconds()) ? "none" : Math.round(info.ageSeconds()) + " s ago"),
                    "readers will wait until a writer is started");
        } else if (waiters > 0 && !users.isEmpty() && poster(info) == 0) {
            // A program that is neither a waiting reader nor known to write may be a slow writer of another library.
            findings.add(
                    FindingKind.NO_WRITER,
                    users.size() > waiters ? Severity.INFO : Severity.WARNING,
                    FileNames.text(info.path()),
                    waiters + (waiters == 1 ? " thread waits" : " threads wait")
                            + " for frames, and no writer is known",
                    "waiters in the semaphores: " + waiters + "; /proc/locks: no ShmRT writer; open in "
                            + String.join(", ", users.stream().map(open::text).toList())
                            + "; newest frame: "
                            + (Double.isNaN(info.ageSeconds()) ? "none" : Math.round(info.ageSeconds()) + " s ago"),
                    "the readers wait until a writer publishes a frame",
                    "# start the stream's writer");
        }
    }

    private static int waiters(StreamInfo info) {
        int waiters = 0;
        for (SemaphoreState state : info.semaphores()) {
            waiters += state == null ? 0 : Math.max(0, state.waiters());
        }
        return waiters;
    }

    /** A live process that posted a semaphore of a milk stream last; 0 if none is known. */
    private static int poster(StreamInfo info) {
        for (SemaphoreState state : info.semaphores()) {
            if (state != null && state.writerPid() != 0 && Processes.isAlive(state.writerPid())) {
                return state.writerPid();
            }
        }
        return 0;
    }

    private static void reservations(StreamInfo info, Findings findings) {
        List<String> dead = new ArrayList<>();
        for (int i = 0; i < info.semaphores().size(); i++) {
            SemaphoreState state = info.semaphores().get(i);
            if (state != null && state.readerPid() != 0 && !Processes.isAlive(state.readerPid())) {
                dead.add("semaphore " + i + " by process " + state.readerPid());
            }
        }
        if (!dead.isEmpty()) {
            findings.add(
                    FindingKind.DEAD_RESERVATION,
                    Severity.INFO,
                    FileNames.text(info.path()),
                    (dead.size() == 1 ? "a semaphore is" : dead.size() + " semaphores are")
                            + " reserved by processes that have ended",
                    "table of readers in the header: " + String.join(", ", dead),
                    "some programs do not use these semaphores; readers of ShmRT and of milk take them over");
        }
    }

    /** The processes that have a stream open; none if it was removed meanwhile. */
    private List<Integer> users(StreamInfo info) {
        FileId file = FileId.ofOrNull(info.target());
        return file == null ? List.of() : open.users(file);
    }

    /** Threads that were killed while they slept remain counted in the semaphore. */
    private void deadWaiters(StreamInfo info, Findings findings) {
        if (!open.isComplete()) {
            return;
        }
        List<String> left = new ArrayList<>();
        List<String> names = info.layout().semaphores().names();
        for (int i = 0; i < info.semaphores().size(); i++) {
            SemaphoreState state = info.semaphores().get(i);
            if (state == null || state.waiters() <= 0) {
                continue;
            }
            FileId file = names.isEmpty() ? null : FileId.ofOrNull(Semaphore.file(names.get(i)));
            if ((file == null ? users(info) : open.users(file)).isEmpty()) {
                left.add("semaphore " + i + ": " + state.waiters());
            }
        }
        if (!left.isEmpty()) {
            findings.add(
                    FindingKind.DEAD_WAITERS,
                    Severity.INFO,
                    FileNames.text(info.path()),
                    "semaphores count threads that no longer exist",
                    String.join(", ", left) + "; not open in " + open.scope(),
                    "each post of these semaphores is a system call of about 1 us, for nobody",
                    "shm rm " + ShellWord.of(info.path()) + "    # and create it again, when it suits");
        }
    }
}
