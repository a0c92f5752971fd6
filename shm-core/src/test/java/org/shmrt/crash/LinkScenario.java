package org.shmrt.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.shmrt.cacao.LinkRequest;
import org.shmrt.cacao.StreamLinks;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.inspect.StreamInfo;

/** Redirects a link from one stream to another. After a crash it points to one of them. */
final class LinkScenario implements Scenario {
    @Override
    public String name() {
        return "link";
    }

    @Override
    public void prepare(Workspace workspace) {
        ImageStream.create(source(workspace, "one"), Scenarios.DAO).close();
        ImageStream.create(source(workspace, "two"), Scenarios.MILK).close();
        link(workspace, "one");
    }

    private static Path source(Workspace workspace, String which) {
        return workspace.directory().resolve(workspace.prefix() + which + ".im.shm");
    }

    private static void link(Workspace workspace, String which) {
        StreamLinks.link(
                LinkRequest.builder(workspace.directory().resolve("cam.im.shm").toString())
                        .source(source(workspace, which).toString())
                        .prefix(workspace.prefix())
                        .directory(workspace.directory())
                        .build());
    }

    @Override
    public TargetProcess.Operation open(Workspace workspace) {
        return () -> link(workspace, "two");
    }

    @Override
    public Verifier verifier(Workspace workspace, int ordinal) {
        return new Verifier() {
            @Override
            public void verify(long killedNs) {
                assertTrue(Set.of("dao", "milk")
                        .contains(StreamInfo.of(workspace.stream()).layout().format()));

                link(workspace, "two");

                assertPointsToTwo(workspace);
            }

            @Override
            public void close() {
                // no readers to close
            }
        };
    }

    private static void assertPointsToTwo(Workspace workspace) {
        assertEquals("milk", StreamInfo.of(workspace.stream()).layout().format());
        assertEquals(List.of(), workspace.unfinished(), "unfinished files");
        try {
            assertEquals(
                    source(workspace, "two").toString(),
                    Files.readString(workspace.directory().resolve("conf/streamlink_cam.name.txt"))
                            .strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ImageStream.remove(workspace.stream());
        ImageStream.remove(source(workspace, "one"));
        ImageStream.remove(source(workspace, "two"));
        assertEquals(List.of(), workspace.semaphores());
    }
}
