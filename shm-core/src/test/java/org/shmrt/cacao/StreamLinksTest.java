package org.shmrt.cacao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.cacao.LinkReport.Outcome;
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
import org.shmrt.testing.Scratch;

/** Links between streams, the files about them, and frames that go through them. */
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

    private void create(Path stream, String format) {
        ImageStream.create(stream, StreamSpec.of(format, DataType.UINT16, SHAPE))
                .close();
    }

    /** As {@code shm link -p PREFIX imcam wfsim} does, in the scratch directory. */
    private LinkReport make(String from, boolean force) {
        return StreamLinks.link(
                from, scratch.directory() + "/wfsim.im.shm", scratch.prefix(), scratch.directory(), force);
    }

    private String bare(Path stream) {
        return stream.getFileName().toString().replace(".im.shm", "");
    }

    private String conf(String name) throws IOException {
        return Files.readString(scratch.directory().resolve("conf").resolve(name));
    }

    private void assertRefused(Class<? extends ShmException> type, String from, boolean force, String... words) {
        TestImages.assertOneLine(assertThrows(type, () -> make(from, force)), words);
    }

    @Test
    void shouldLinkWithinTheDirectoryAndNoteItUnderTheNameWithoutPrefix() throws IOException {
        create(source, "dao");

        LinkReport report = make(bare(source), false);

        assertEquals(new LinkReport(link, source.getFileName(), Outcome.MADE, SHAPE, null), report);
        assertEquals(source.getFileName(), Files.readSymbolicLink(link));
        assertEquals(bare(source) + "\n", conf("streamlink_wfsim.name.txt"));
        assertEquals("4 3 \n", conf("streamlink_wfsim.imsize.txt"));
        assertEquals(Outcome.KEPT, make(null, false).outcome());
    }

    @Test
    void shouldPutALinkInPlaceOfAnother() throws IOException {
        create(source, "dao");
        Path other = scratch.stream("simcam");
        make(bare(source), false);

        LinkReport report = make(bare(other), false);

        assertEquals(Outcome.CHANGED, report.outcome());
        assertEquals("there is no such stream yet", report.remark());
        assertEquals(other.getFileName(), Files.readSymbolicLink(link));
        assertFalse(Files.exists(scratch.directory().resolve("conf/streamlink_wfsim.imsize.txt")));
        assertTrue(assertThrows(NotFoundException.class, () -> StreamInfo.of(link))
                .getMessage()
                .endsWith("is a link that leads nowhere, to " + other.getFileName()
                        + ": create what it leads to, or remove the link"));
        Files.delete(link);
    }

    @Test
    void shouldReplaceAStreamOnlyWhereThatIsAskedFor() {
        create(source, "dao");
        create(link, "dao");

        assertRefused(AlreadyExistsException.class, bare(source), false, "is a stream and no link", "--force");
        assertFalse(Files.isSymbolicLink(link));
        assertEquals(Outcome.STREAM_REPLACED, make(bare(source), true).outcome());

        assertTrue(Files.isSymbolicLink(link));
        assertTrue(
                scratch.semaphores().stream().noneMatch(name -> name.startsWith(bare(link))), "semaphores of the old");
    }

    @Test
    void shouldRefuseWhatIsNoStreamInTheLinksPlace() throws IOException {
        create(source, "dao");
        Files.writeString(link, "notes");

        assertRefused(IncompatibleException.class, bare(source), true, "not an image stream");

        assertEquals("notes", Files.readString(link));
        Files.delete(link);
    }

    @Test
    void shouldRefuseCircles() throws IOException {
        assertRefused(IncompatibleException.class, bare(link), false, "would lead to itself");
        Files.createSymbolicLink(source, link.getFileName());
        assertRefused(IncompatibleException.class, bare(source), false, "would lead to itself");
        Files.delete(source);
        Files.createSymbolicLink(source, source.getFileName());
        assertRefused(IncompatibleException.class, bare(source), false, "lead in a circle");
        assertFalse(Files.exists(link));
        Files.delete(source);
    }

    @Test
    void shouldReadTheSourceFromTheConfFileOfEitherSpelling() throws IOException {
        create(source, "dao");
        assertRefused(NotFoundException.class, null, false, "there is no file", "streamlink_wfsim.name.txt");

        Files.createDirectories(scratch.directory().resolve("conf"));
        Files.writeString(scratch.directory().resolve("conf/streamlink.wfsim.name.txt"), bare(source) + "\n");

        assertEquals(Outcome.MADE, make(null, false).outcome());
        assertFalse(Files.exists(scratch.directory().resolve("conf/streamlink_wfsim.name.txt")));
    }

    @Test
    void shouldLinkToAnotherDirectoryByItsWholePath() throws IOException {
        Path elsewhere = Files.createDirectory(scratch.directory().resolve("elsewhere"));
        Path far = elsewhere.resolve(source.getFileName());
        create(far, "dao");

        LinkReport report = make(far.toString(), false);

        assertEquals(far.toRealPath(), report.leadsTo());
        assertEquals(SHAPE, StreamInfo.of(link).layout().shape());
        Files.delete(link);
        ImageStream.remove(far);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dao", "milk"})
    void shouldCarryFramesAndSemaphoresFromAProcessToAnother(String format) {
        create(source, format);
        make(bare(source), false);

        try (ChildProcess reader = ChildJvm.start("await", link, "sem", 1, 20_000_000_000L)) {
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
