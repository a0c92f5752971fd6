package org.shmrt.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.shmrt.error.NotFoundException;

/** Exceptions of java.nio, also those that this JDK does not throw in the same situation. */
class IoErrorsTest {
    private static final Path PATH = Path.of("/tmp/cam.im.shm");

    /** JDK 26 throws a FileSystemLoopException where older ones throw a FileSystemException with the C library's text. */
    @Test
    void shouldSayThatLinksLeadInACircleWhateverTheExceptionOfTheJdk() {
        FileSystemException older =
                new FileSystemException(PATH.toString(), null, "Too many levels of symbolic links or unable to access");
        FileSystemException newer = new FileSystemLoopException(PATH.toString());

        String message = IoErrors.failure("open", PATH, newer).getMessage();

        assertEquals("cannot open " + PATH + ": its links lead in a circle", message);
        assertEquals(message, IoErrors.failure("open", PATH, older).getMessage());
        String reading = IoErrors.reading(PATH, newer).getMessage();
        assertTrue(reading.contains("correct or remove one of them"), reading);
    }

    @Test
    void shouldSayThatTheThreadWasInterrupted() {
        String message =
                IoErrors.failure("open", PATH, new ClosedByInterruptException()).getMessage();

        assertTrue(message.contains("the thread was interrupted"), message);
    }

    @Test
    void shouldReportAMissingFile() {
        assertInstanceOf(
                NotFoundException.class, IoErrors.failure("open", PATH, new NoSuchFileException(PATH.toString())));
    }
}
