package org.shmrt.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.shmrt.cacao.StreamLinks;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.inspect.StreamInfo;

/** Makes a link from one stream lead to another. After the death of who does that it leads to one of them. */
final class LinkProtocol implements Protocol {
    @Override
    public String name() {
        return "link";
    }

    @Override
    public void prepare(Place place) {
        ImageStream.create(source(place, "one"), Protocols.DAO).close();
        ImageStream.create(source(place, "two"), Protocols.MILK).close();
        link(place, "one");
    }

    private static Path source(Place place, String which) {
        return place.directory().resolve(place.prefix() + which + ".im.shm");
    }

    private static void link(Place place, String which) {
        StreamLinks.link(
                source(place, which).toString(),
                place.directory().resolve("cam.im.shm").toString(),
                place.prefix(),
                place.directory(),
                false);
    }

    @Override
    public Victim.Deed enter(Place place) {
        return () -> link(place, "two");
    }

    @Override
    public Judge judge(Place place, int ordinal) {
        return new Judge() {
            @Override
            public void judge(long killedNs) {
                assertTrue(Set.of("dao", "milk")
                        .contains(StreamInfo.of(place.stream()).layout().format()));

                link(place, "two");

                assertLeadsToTwo(place);
            }

            @Override
            public void close() {
                // nobody watches
            }
        };
    }

    private static void assertLeadsToTwo(Place place) {
        assertEquals("milk", StreamInfo.of(place.stream()).layout().format());
        assertEquals(List.of(), place.unfinished(), "unfinished files");
        try {
            assertEquals(
                    source(place, "two").toString(),
                    Files.readString(place.directory().resolve("conf/streamlink_cam.name.txt"))
                            .strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ImageStream.remove(place.stream());
        ImageStream.remove(source(place, "one"));
        ImageStream.remove(source(place, "two"));
        assertEquals(List.of(), place.semaphores());
    }
}
