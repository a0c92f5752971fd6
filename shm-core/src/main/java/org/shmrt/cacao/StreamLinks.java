package org.shmrt.cacao;

import java.nio.file.Files;
import java.nio.file.Path;
import org.shmrt.cacao.LinkReport.Outcome;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileId;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.stream.inspect.StreamInfo;

/**
 * Links from one stream's name to another stream, as cacao's {@code streamlink} makes them, with the files under
 * {@code conf/} that scripts read. Who opens a link gets the stream it leads to, its semaphores included.
 *
 * <p>A link is put in place of another in one step, so whoever opens it gets the old stream or the new one. Runs for
 * one link in one directory come one after the other. Stateless; safe for any thread.
 */
public final class StreamLinks {
    private static final int MOST_LINKS = 40;

    private final Path conf;
    private final StreamTarget link;

    private StreamLinks(String link, String prefix, Path directory) {
        this.conf = directory.resolve("conf");
        this.link = StreamTarget.of(link, prefix).in(directory);
    }

    /**
     * Makes a link.
     *
     * @param source path, or bare name of a stream in the link's directory; need not exist yet. Null for the one that
     *     {@code conf/streamlink_<link>.name.txt} names
     * @param link path or bare name of the link
     * @param prefix what the link's name begins with and the files about it do not; empty for none
     * @param directory where {@code conf/} is
     * @param force whether to remove a stream that has the link's name
     * @return what was done
     * @throws NotFoundException if there is no conf file that names a source
     * @throws AlreadyExistsException if a stream has the link's name and {@code force} is false
     * @throws IncompatibleException if the link would lead to itself, or what has its name is no stream
     * @throws org.shmrt.error.ShmException if link or files cannot be written
     * @throws IllegalArgumentException if name or prefix can be none
     */
    public static LinkReport link(String source, String link, String prefix, Path directory, boolean force) {
        StreamLinks links = new StreamLinks(link, prefix, directory);
        String name = source == null ? links.sourceInConf() : source;
        Path file = links.sourceFile(name, directory);
        links.checkNoCircle(file);
        WorkFiles.makeDirectory(links.conf);
        return FileMutex.during(
                links.conf.resolve(".streamlink_" + links.link.name() + ".lock"),
                () -> links.make(name, file, source != null, force));
    }

    private String sourceInConf() {
        Path file = confFile("name");
        String name = WorkFiles.firstLineOrNull(file, conf.resolve("streamlink." + link.name() + ".name.txt"));
        if (name == null) {
            throw new NotFoundException(
                    "there is no file " + file + ": write the name of a stream into it, or give " + "one");
        }
        return name;
    }

    private Path confFile(String what) {
        return conf.resolve("streamlink_" + link.name() + "." + what + ".txt");
    }

    private Path sourceFile(String source, Path directory) {
        if (source.indexOf('/') >= 0) {
            return directory.resolve(StreamTarget.of(source, "").file());
        }
        String file = source.endsWith(StreamDirectory.SUFFIX) ? source : source + StreamDirectory.SUFFIX;
        return link.file().resolveSibling(StreamTarget.of(file, "").file());
    }

    private void checkNoCircle(Path source) {
        Path own = absolute(link.file());
        Path at = absolute(source);
        for (int i = 0; i < MOST_LINKS; i++) {
            if (at.equals(own)) {
                throw new IncompatibleException(
                        "cannot link " + link.file() + " to " + source + ": the link would lead to itself");
            }
            if (!Files.isSymbolicLink(at)) {
                return;
            }
            at = absolute(at.resolveSibling(WorkFiles.linkTarget(at)));
        }
        throw new IncompatibleException(
                "cannot link " + link.file() + " to " + source + ": the links behind it " + "lead in a circle");
    }

    /** Absolute, and with the directory's links followed, so that two names of one file are the same. */
    private static Path absolute(Path file) {
        Path plain = file.toAbsolutePath().normalize();
        Path directory = plain.getParent();
        return directory == null || !Files.isDirectory(directory)
                ? plain
                : WorkFiles.realPath(directory).resolve(plain.getFileName());
    }

    private LinkReport make(String name, Path source, boolean writesName, boolean force) {
        Path file = link.file();
        Path from = absolute(source);
        Path leadsTo = from.getParent().equals(absolute(file).getParent()) ? from.getFileName() : from;
        Outcome outcome = Outcome.MADE;
        if (Files.isSymbolicLink(file)) {
            outcome = WorkFiles.linkTarget(file).equals(leadsTo) ? Outcome.KEPT : Outcome.CHANGED;
        } else if (FileId.exists(file)) {
            removeStream(file, force);
            outcome = Outcome.STREAM_REPLACED;
        }
        if (outcome != Outcome.KEPT) {
            WorkFiles.link(file, leadsTo);
        }
        if (writesName) {
            WorkFiles.write(confFile("name"), name + "\n");
        }
        return describe(source, leadsTo, outcome);
    }

    private static void removeStream(Path file, boolean force) {
        if (!force) {
            throw new AlreadyExistsException(
                    file + " is a stream and no link: choose another name, or remove it with " + "--force");
        }
        ImageStream.remove(file);
    }

    private LinkReport describe(Path source, Path leadsTo, Outcome outcome) {
        Shape shape = null;
        String remark = null;
        try {
            shape = StreamInfo.of(source).layout().shape();
            WorkFiles.write(confFile("imsize"), LoadState.size(shape));
        } catch (NotFoundException e) {
            remark = "there is no such stream yet";
        } catch (IncompatibleException e) {
            remark = e.getMessage();
        }
        if (shape == null) {
            // the size there was is that of another stream
            WorkFiles.remove(confFile("imsize"));
        }
        return new LinkReport(link.file(), leadsTo, outcome, shape, remark);
    }
}
