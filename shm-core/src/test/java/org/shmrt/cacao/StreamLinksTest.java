package org.shmrt.cacao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cacao.LinkReport.Outcome;
import org.shmrt.cacao.LinkRequest.ExistingStream;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;
import org.shmrt.image.TestImages;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.stream.FrameReader;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.WaitStrategy;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.stream.inspect.StreamInfo;
import org.shmrt.testing.ChildJvm;
import org.shmrt.testing.OwnedFiles;
import org.shmrt.testing.Scratch;

/** Links between streams, the files about them, and frames that are passed through them. */
class StreamLinksTest {
    private static final Shape SHAPE = Shape.of(3, 4);

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    private Path source;
    private Path link;

    @BeforeEach
    void nameStreams() {
        source = scratch.stream("imcam");
        link = scratch.stream("wfsim");
    }

    @Test
    void shouldSayWhichFilesBelongedToAnotherUser() throws IOException {
        Path conf = Files.createDirectory(scratch.directory().resolve("conf"));
        make(from(source));
        Path name = conf.resolve("streamlink_wfsim.name.txt");
        assumeTrue(OwnedFiles.give(name, 65534), "only root may give files away");
        Files.setAttribute(conf, "unix:mode", 01777);

        String remark = make(from(source)).remark().orElseThrow();

        assertTrue(remark.startsWith(name + ": the replaced file belonged to "), remark);
        assertTrue(remark.endsWith("; the stream does not exist yet"), remark);
    }

    @Test
    void shouldSayThatTheReplacedLinkBelongedToAnotherUser() throws IOException {
        make(from(source));
        try {
            Files.setAttribute(link, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        } catch (FileSystemException e) {
            abort("only root may give files away");
        }

        String remark = make(from(scratch.stream("other"))).remark().orElseThrow();

        assertTrue(remark.startsWith("the replaced link belonged to "), remark);
        assertTrue(make(from(source)).remark().orElseThrow().startsWith("the stream does not exist"));
    }

    private void create(Path stream, String format) {
        ImageStream.create(stream, StreamSpec.of(format, DataType.UINT16, SHAPE))
                .close();
    }

    /** A request like {@code shm link -p PREFIX -c wfsim} in the scratch directory. */
    private LinkRequest.Builder fromConf() {
        return LinkRequest.builder(scratch.directory() + "/wfsim.im.shm")
                .prefix(scratch.prefix())
                .directory(scratch.directory());
    }

    /** A request like {@code shm link -p PREFIX imcam wfsim} in the scratch directory. */
    private LinkRequest.Builder from(Path stream) {
        return fromConf().source(bare(stream));
    }

    private static LinkReport make(LinkRequest.Builder request) {
        return StreamLinks.link(request.build());
    }

    private String bare(Path stream) {
        return stream.getFileName().toString().replace(".im.shm", "");
    }

    private String conf(String name) throws IOException {
        return Files.readString(scratch.directory().resolve("conf").resolve(name));
    }

    private static void assertRefused(
            Class<? extends ShmException> type, LinkRequest.Builder request, String... words) {
        TestImages.assertOneLine(assertThrows(type, () -> make(request)), words);
    }

    @Test
    void shouldLinkWithinTheDirectoryAndRecordItUnderTheNameWithoutPrefix() throws IOException {
        create(source, "dao");

        LinkReport report = make(from(source));

        assertEquals(
                new LinkReport(link, source.getFileName(), Outcome.MADE, Optional.of(SHAPE), Optional.empty()), report);
        assertEquals(source.getFileName(), Files.readSymbolicLink(link));
        assertEquals(bare(source) + "\n", conf("streamlink_wfsim.name.txt"));
        assertEquals("4 3 \n", conf("streamlink_wfsim.imsize.txt"));
        assertEquals(Outcome.KEPT, make(fromConf()).outcome());
    }

    @Test
    void shouldWriteConfFilesOnlyWhereTheirDirectoryExistsIfAsked() throws IOException {
        create(source, "dao");
        Path conf = scratch.directory().resolve("conf");

        LinkReport without = make(from(source).confFiles(LinkRequest.ConfFiles.IF_DIRECTORY_EXISTS));

        assertEquals(Outcome.MADE, without.outcome());
        assertEquals(Optional.of(SHAPE), without.shape());
        assertFalse(Files.exists(conf));
        Files.createDirectory(conf);
        make(from(source).confFiles(LinkRequest.ConfFiles.IF_DIRECTORY_EXISTS));
        assertEquals(bare(source) + "\n", conf("streamlink_wfsim.name.txt"));
        assertEquals("4 3 \n", conf("streamlink_wfsim.imsize.txt"));
    }

    @Test
    void shouldLinkToAStreamThatDoesNotExistYetWhereConfIsAFile() throws IOException {
        Files.writeString(scratch.directory().resolve("conf"), "of another program");

        LinkReport report = make(from(source).confFiles(LinkRequest.ConfFiles.IF_DIRECTORY_EXISTS));

        assertEquals(Outcome.MADE, report.outcome());
        assertEquals(Optional.of("the stream does not exist yet"), report.remark());
        Files.delete(link);
    }

    @Test
    void shouldReplaceALink() throws IOException {
        create(source, "dao");
        Path other = scratch.stream("simcam");
        make(from(source));

        LinkReport report = make(from(other));

        assertEquals(Outcome.CHANGED, report.outcome());
        assertEquals(Optional.of("the stream does not exist yet"), report.remark());
        assertEquals(other.getFileName(), Files.readSymbolicLink(link));
        assertFalse(Files.exists(scratch.directory().resolve("conf/streamlink_wfsim.imsize.txt")));
        assertTrue(assertThrows(NotFoundException.class, () -> StreamInfo.of(link))
                .getMessage()
                .endsWith("is a link that leads nowhere, to " + other.getFileName()
                        + ": create what it leads to, or remove the link"));
        Files.delete(link);
    }

    @Test
    void shouldReplaceAStreamOnlyOnRequest() {
        create(source, "dao");
        create(link, "dao");

        assertRefused(AlreadyExistsException.class, from(source), "is a stream and not a link", "--force");
        assertFalse(Files.isSymbolicLink(link));
        assertEquals(
                Outcome.STREAM_REPLACED,
                make(from(source).existingStream(ExistingStream.REMOVE)).outcome());

        assertTrue(Files.isSymbolicLink(link));
        assertTrue(
                scratch.semaphores().stream().noneMatch(name -> name.startsWith(bare(link))),
                "semaphores of the removed stream");
    }

    @Test
    void shouldRefuseToReplaceAFileThatIsNotAStream() throws IOException {
        create(source, "dao");
        Files.writeString(link, "notes");

        assertRefused(
                IncompatibleException.class, from(source).existingStream(ExistingStream.REMOVE), "not an image stream");

        assertEquals("notes", Files.readString(link));
        Files.delete(link);
    }

    @Test
    void shouldRefuseCycles() throws IOException {
        assertRefused(IncompatibleException.class, from(link), "would lead to itself");
        Files.createSymbolicLink(source, link.getFileName());
        assertRefused(IncompatibleException.class, from(source), "would lead to itself");
        Files.delete(source);
        Files.createSymbolicLink(source, source.getFileName());
        assertRefused(IncompatibleException.class, from(source), "form a cycle");
        assertFalse(Files.exists(link));
        Files.delete(source);
    }

    @Test
    void shouldReadTheSourceFromTheConfFileWithEitherName() throws IOException {
        create(source, "dao");
        assertRefused(NotFoundException.class, fromConf(), "there is no file", "streamlink_wfsim.name.txt");

        Files.createDirectories(scratch.directory().resolve("conf"));
        Files.writeString(scratch.directory().resolve("conf/streamlink.wfsim.name.txt"), bare(source) + "\n");

        assertEquals(Outcome.MADE, make(fromConf()).outcome());
        assertFalse(Files.exists(scratch.directory().resolve("conf/streamlink_wfsim.name.txt")));
    }

    @Test
    void shouldLinkToAnotherDirectoryByAnAbsolutePath() throws IOException {
        Path elsewhere = Files.createDirectory(scratch.directory().resolve("elsewhere"));
        Path far = elsewhere.resolve(source.getFileName());
        create(far, "dao");

        LinkReport report = make(fromConf().source(far.toString()));

        assertEquals(far.toRealPath(), report.leadsTo());
        assertEquals(SHAPE, StreamInfo.of(link).layout().shape());
        Files.delete(link);
        ImageStream.remove(far);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldPassFramesAndSemaphoresBetweenProcesses(String format) {
        create(source, format);
        make(from(source));

        try (ChildProcess reader = ChildJvm.start("await", link, "sem", 1, 60_000_000_000L)) {
            reader.lineWith("ready");
            try (ImageStream stream = ImageStream.open(link);
                    FrameWriter writer = stream.writer()) {
                writer.write(TestImages.of(DataType.UINT16, SHAPE, buffer -> {}).data());
            }
            assertEquals(List.of("FRESH 1"), reader.finish());
        }
        try (ImageStream read = ImageStream.open(source);
                FrameReader reader = read.reader(WaitStrategy.semaphore(WaitStrategy.ANY_SEMAPHORE));
                ImageStream written = ImageStream.open(link);
                FrameWriter writer = written.writer()) {
            writer.write(TestImages.of(DataType.UINT16, SHAPE, buffer -> {}).data());
            assertTrue(reader.awaitNext(5_000_000_000L).hasFrame());
            assertEquals(2, reader.count());
        }
        assertTrue(
                scratch.semaphores().stream().noneMatch(name -> name.startsWith(bare(link))),
                "semaphores are those of the stream, not of the link: " + scratch.semaphores());
        assertEquals(List.of(), StreamInfo.of(link).warnings());
    }
}
