package org.shmrt.camera.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.shmrt.error.ShmException;

@Timeout(600)
class ChildProgramTest {
    /** Its errors would not be recognised in another language. */
    @Test
    void shouldLetAProgramReportItsErrorsInEnglish() throws IOException {
        List<String> command = List.of("sh", "-c", "echo LANGUAGE=$LANGUAGE >&2; exit 3");

        try (ChildProgram program =
                ChildProgram.start(command, ChildProgram.Pixels.STANDARD_OUTPUT, "dash", line -> false)) {
            assertEquals(-1, program.pixels().read());
            ShmException failure = assertThrows(ShmException.class, program::checkEnd);
            assertEquals("sh ended with status 3: LANGUAGE=C", failure.getMessage());
        }
    }
}
