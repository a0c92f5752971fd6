package org.shmrt.telemetry;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.shmrt.error.BusyException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.FileId;
import org.shmrt.posix.FileLock;
import org.shmrt.posix.GuardedCopy;
import org.shmrt.posix.MappedFile;
import org.shmrt.text.FileNames;

/** A page that another process may write, mapped for reading. Safe for any thread. */
final class PageView implements AutoCloseable {
    private final PageKind kind;
    private final String name;
    private final Path path;
    private final Arena arena = Arena.ofShared();
    private final MappedFile file;

    /**
     * Maps a page. Needs read permission on it.
     *
     * @throws NotFoundException if there is no such page
     * @throws IncompatibleException if it is of another version
     */
    PageView(PageKind kind, String name) {
        this.kind = kind;
        this.name = name;
        path = kind.path(name);
        try {
            file = map();
            requirePage();
        } catch (InternalError e) {
            arena.close();
            throw truncated(e);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private MappedFile map() {
        FileId found = FileId.ofOrNull(path);
        if (found != null && !found.regular()) {
            throw notReadable("it is not a file");
        }
        if (found != null && found.byteSize() == 0) {
            throw notReadable("it is empty");
        }
        try {
            return MappedFile.readOnly(path, arena);
        } catch (NotFoundException e) {
            List<String> names = names(kind);
            throw new NotFoundException(
                    "there is no " + kind.noun() + " " + name + ": " + FileNames.text(path) + " does not exist; "
                            + (names.isEmpty()
                                    ? "no " + kind.noun() + " has a page there"
                                    : "the " + kind.noun() + "s are " + String.join(", ", names)));
        }
    }

    private void requirePage() {
        MemorySegment page = file.segment();
        // The writer stores the magic number last.
        long magic = file.byteSize() < PageKind.NAME_AT ? -1 : page.get(ValueLayout.JAVA_LONG, PageKind.MAGIC_AT);
        if (magic == 0 && file.byteSize() == kind.bytes()) {
            throw new NotFoundException(
                    "the " + kind.noun() + " " + name + " is under construction: repeat the command");
        }
        if (magic != kind.magic()) {
            throw notReadable("it does not begin like one");
        }
        int version = page.get(ValueLayout.JAVA_INT, PageKind.VERSION_AT);
        if (version != kind.version()) {
            throw notReadable("it has version " + version + ", and this program reads " + kind.version());
        }
        if (file.byteSize() != kind.bytes()) {
            throw notReadable("it has " + file.byteSize() + " bytes instead of " + kind.bytes());
        }
        Faults.poll();
    }

    private IncompatibleException notReadable(String reason) {
        return new IncompatibleException(
                FileNames.text(path) + " is not the page of a " + kind.noun() + " of this version of ShmRT: "
                        + reason + "; restart the " + kind.noun() + " with this version, or remove "
                        + FileNames.text(path) + " if no "
                        + kind.noun() + " uses it");
    }

    /** The names of all pages of a kind, also those of killed processes, in alphabetical order. */
    static List<String> names(PageKind kind) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> pages =
                Files.newDirectoryStream(PageKind.directory(), kind.prefix() + "[A-Za-z0-9_]*")) {
            for (Path page : pages) {
                String name =
                        page.getFileName().toString().substring(kind.prefix().length());
                if (PageKind.isName(name) && Files.exists(page)) {
                    names.add(name);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of(); // no directory, no pages
        }
        Collections.sort(names);
        return names;
    }

    /**
     * Removes the page that a killed process has left, if it exists.
     *
     * @param advice how to end the process, for the message
     * @throws BusyException if the process is alive
     */
    static void remove(PageKind kind, String name, String advice) {
        Path page = kind.path(name);
        try (FileLock lock = FileLock.tryExclusive(page)) {
            if (lock == null) {
                throw new BusyException("the page " + FileNames.text(page) + " belongs to a running " + kind.noun()
                        + ": " + advice + ", and it removes its page itself");
            }
            OwnedPage.remove(page);
        } catch (NotFoundException e) {
            // there is none
        }
    }

    String name() {
        return name;
    }

    Path path() {
        return path;
    }

    FileId id() {
        return file.id();
    }

    MemorySegment segment() {
        return file.segment();
    }

    /** Whether the process that writes the page is alive. */
    boolean isAlive() {
        return FileLock.isHeld(path, file.id());
    }

    /**
     * What the page shows now.
     *
     * @throws IncompatibleException if another process truncated it
     */
    MemorySegment copy() {
        MemorySegment copy = Arena.ofAuto().allocate(kind.bytes(), Long.BYTES);
        try {
            GuardedCopy.copy(file.segment(), 0, copy, 0, copy.byteSize());
            Faults.poll();
            return copy;
        } catch (InternalError e) {
            throw truncated(e);
        }
    }

    /** The exception for a truncated page. The fault is null if the size shows it. */
    IncompatibleException truncated(InternalError fault) {
        return new IncompatibleException(
                "the page " + FileNames.text(path) + " was truncated by another process", fault);
    }

    IncompatibleException damaged() {
        return new IncompatibleException(
                "the page " + FileNames.text(path) + " has impossible values: another program overwrote it;"
                        + " restart the " + kind.noun() + ", or remove the file if no " + kind.noun() + " uses it");
    }

    /** Unmaps the page. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
