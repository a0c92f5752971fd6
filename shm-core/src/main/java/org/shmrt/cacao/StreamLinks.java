package org.shmrt.cacao;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shmrt.cacao.LinkReport.Outcome;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.files.OutputFile;
import org.shmrt.memory.Shape;
import org.shmrt.posix.FileId;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.inspect.StreamDirectory;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.text.FileNames;

/**
 * Makes the name of a stream a link to another stream, as cacao's {@code streamlink} does, with the files under
 * {@code conf/} that scripts read. A program that opens the link gets the stream it leads to, including its semaphores.
 *
 * <p>A link is replaced in one step, so a program that opens it gets the old or the new stream. Runs that write
 * files for one link in one directory are serialised, across threads and processes. Stateless; safe for any thread.
 */
public final class StreamLinks {
    /** Limit of the kernel for links that lead to links. */
    private static final int MAX_LINKS = 40;

    private final LinkRequest request;
    private final Path conf;
    private final StreamTarget link;

    private StreamLinks(LinkRequest request) {
        this.request = request;
        this.conf = request.directory().resolve("conf");
        this.link = request.target();
    }

    /**
     * Creates or changes a link. Blocks while another run works on the same link, for up to a minute.
     *
     * @param request link and source
     * @return what happened
     * @throws NotFoundException if no conf file names a source
     * @throws AlreadyExistsException if a stream has the name of the link and the request does not allow its removal
     * @throws IncompatibleException if the link would lead to itself, or the file with its name is not a stream
     * @throws org.shmrt.error.BusyException if another run does not end in time
     * @throws ShmException if the link or a file cannot be written
     * @throws IllegalArgumentException if the name of the source is not valid
     */
    public static LinkReport link(LinkRequest request) {
        StreamLinks links = new StreamLinks(request);
        String name = request.source().orElseGet(links::sourceInConf);
        Path file = links.sourceFile(name);
        links.checkNoCycle(file);
        if (!links.writesConfFiles()) {
            return links.make(name, file);
        }
        WorkFiles.createDirectory(links.conf);
        return FileMutex.during(
                links.conf.resolve(".streamlink_" + links.link.name() + ".lock"), () -> links.make(name, file));
    }

    private boolean writesConfFiles() {
        return request.confFiles() == LinkRequest.ConfFiles.ALWAYS || Files.isDirectory(conf);
    }

    private String sourceInConf() {
        Path file = confFile("name");
        return WorkFiles.firstLine(file, conf.resolve("streamlink." + link.name() + ".name.txt"))
                .orElseThrow(() -> new NotFoundException("there is no file " + FileNames.text(file)
                        + ": write the name of a stream into it, or give one"));
    }

    private Path confFile(String what) {
        return conf.resolve("streamlink_" + link.name() + "." + what + ".txt");
    }

    private Path sourceFile(String source) {
        if (source.indexOf('/') >= 0) {
            return request.directory().resolve(StreamTarget.of(source, "").file());
        }
        String file = source.endsWith(StreamDirectory.SUFFIX) ? source : source + StreamDirectory.SUFFIX;
        return link.file().resolveSibling(StreamTarget.of(file, "").file());
    }

    private void checkNoCycle(Path source) {
        Path own = absolute(link.file());
        Path at = absolute(source);
        for (int i = 0; i < MAX_LINKS; i++) {
            if (at.equals(own)) {
                throw new IncompatibleException("cannot link " + FileNames.text(link.file()) + " to "
                        + FileNames.text(source) + ": the link would lead to itself");
            }
            if (!Files.isSymbolicLink(at)) {
                return;
            }
            at = absolute(at.resolveSibling(WorkFiles.linkTarget(at)));
        }
        throw new IncompatibleException("cannot link " + FileNames.text(link.file()) + " to " + FileNames.text(source)
                + ": the links from there form a cycle");
    }

    /** An absolute path with the links of the directory resolved, so that two names of one file are equal. */
    private static Path absolute(Path file) {
        Path plain = file.toAbsolutePath().normalize();
        Path directory = plain.getParent();
        return directory == null || !Files.isDirectory(directory)
                ? plain
                : WorkFiles.realPath(directory).resolve(plain.getFileName());
    }

    private LinkReport make(String name, Path source) {
        Path file = link.file();
        Path from = absolute(source);
        Path leadsTo = from.getParent().equals(absolute(file).getParent()) ? from.getFileName() : from;
        Outcome outcome = Outcome.MADE;
        if (Files.isSymbolicLink(file)) {
            outcome = WorkFiles.linkTarget(file).equals(leadsTo) ? Outcome.KEPT : Outcome.CHANGED;
        } else if (FileId.exists(file)) {
            removeStream(file);
            outcome = Outcome.STREAM_REPLACED;
        }
        List<String> remarks = new ArrayList<>();
        if (outcome != Outcome.KEPT) {
            OutputFile.writeLink(file, leadsTo).ifPresent(remarks::add);
        }
        if (request.source().isPresent() && writesConfFiles()) {
            WorkFiles.write(confFile("name"), name + "\n").ifPresent(remarks::add);
        }
        return report(source, leadsTo, outcome, remarks);
    }

    private void removeStream(Path file) {
        if (request.existingStream() == LinkRequest.ExistingStream.REFUSE) {
            throw new AlreadyExistsException(FileNames.text(file)
                    + " is a stream and not a link: choose another name, or remove the stream with --force");
        }
        ImageStream.remove(file);
    }

    private LinkReport report(Path source, Path leadsTo, Outcome outcome, List<String> remarks) {
        Optional<Shape> shape = Optional.empty();
        try {
            shape = Optional.of(StreamInfo.of(source).layout().shape());
        } catch (NotFoundException | IncompatibleException e) {
            // a recorded size would be that of another stream
            if (writesConfFiles()) {
                WorkFiles.remove(confFile("imsize"));
            }
            remarks.add(e instanceof NotFoundException ? "the stream does not exist yet" : e.getMessage());
        }
        if (shape.isPresent() && writesConfFiles()) {
            WorkFiles.write(confFile("imsize"), LoadState.size(shape.get())).ifPresent(remarks::add);
        }
        Optional<String> remark = remarks.stream().reduce((first, second) -> first + "; " + second);
        return new LinkReport(link.file(), leadsTo, outcome, shape, remark);
    }
}
