package org.shmrt.stream.format.dao;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.stream.format.SemaphoreLayout;
import org.shmrt.stream.format.dao.DaoDescriptor.Variant;

class DaoNamesTest {
    @ParameterizedTest
    @CsvSource({
        "/tmp/cam.im.shm, cam",
        "cam.im.shm, cam",
        "cam, cam",
        "/a/b.c/cam.im.shm, cam",
        "./cam.im.shm, cam",
        "/tmp/cam.one.im.shm, cam",
        "/tmp/cam.two.im.shm, cam",
        "/tmp/.x.im.shm, x",
        "/tmp/..x.y, x",
        "...a, a",
        "/tmp/cam-1_2.im.shm, cam-1_2",
        "/tmp/kamera ä.im.shm, kamera ä",
        "/tmp/.hidden, hidden",
        "/tmp/...., ''",
        "/, ''",
        "/tmp/..im.shm, im"
    })
    void shouldUseTheLastComponentWithoutLeadingDotsUpToTheNextDot(String path, String local) {
        assertEquals(local, DaoNames.local(Path.of(path)));
    }

    @Test
    void shouldNameTenDataSemaphoresAndTheLog() {
        SemaphoreLayout layout = DaoNames.semaphores(Path.of("/tmp/.x.im.shm"), Variant.FIFO, 10);

        assertEquals(
                List.of(
                        "x_sem00", "x_sem01", "x_sem02", "x_sem03", "x_sem04", "x_sem05", "x_sem06", "x_sem07",
                        "x_sem08", "x_sem09"),
                layout.names());
        assertEquals("x_semlog", layout.logName());
        assertEquals(1, layout.cap());
        assertEquals(10, layout.count());
        assertEquals(-1, layout.offset());
        assertEquals(SemaphoreLayout.Claims.SHARED, layout.claims());
        assertEquals(-1, layout.serviceIndex());
    }

    @Test
    void shouldLeaveTheSemaphoreOfTheNetworkServiceAlone() {
        SemaphoreLayout layout = DaoNames.semaphores(Path.of("/tmp/x.im.shm"), Variant.VERSION_2, 16);

        assertEquals("x_sem15", layout.names().getLast());
        assertEquals(SemaphoreLayout.Claims.EXCLUSIVE, layout.claims());
        assertEquals(9, layout.serviceIndex());
    }

    @Test
    void shouldStoreAPathUpToTheSizeOfItsField() {
        Path fits = Path.of("/tmp/" + "x".repeat(67) + ".im.shm");
        Path longer = Path.of("/tmp/" + "x".repeat(68) + ".im.shm");

        assertEquals(fits.toString(), text(DaoNames.stored(fits, Variant.FIFO)));
        assertFalse(DaoNames.isShortened(fits, Variant.FIFO));
        assertEquals(longer.getFileName().toString(), text(DaoNames.stored(longer, Variant.FIFO)));
        assertTrue(DaoNames.isShortened(longer, Variant.FIFO));
        assertEquals(longer.toString(), text(DaoNames.stored(longer, Variant.VERSION_2)));
        assertFalse(DaoNames.isShortened(longer, Variant.VERSION_2));
    }

    @ParameterizedTest
    @CsvSource({"ä, 1", "ä, 2", "€, 1", "€, 2", "€, 3", "😀, 1", "😀, 2", "😀, 3"})
    void shouldTruncateALongerNameBetweenCharacters(String character, int shift) {
        String name = "x".repeat(shift) + character.repeat(80);

        String stored = text(DaoNames.stored(Path.of("/tmp/" + name), Variant.FIFO));

        assertTrue(name.startsWith(stored), stored);
        int bytes = stored.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes <= 79 && bytes > 79 - 4, "bytes " + bytes);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
