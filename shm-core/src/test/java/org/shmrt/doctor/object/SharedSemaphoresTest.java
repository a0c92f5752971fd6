package org.shmrt.doctor.object;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.doctor.Finding;
import org.shmrt.doctor.FindingKind;
import org.shmrt.doctor.Findings;
import org.shmrt.doctor.SystemFiles;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;

/** Two streams with semaphores of the same names, one of which has more of them. */
@Timeout(600)
class SharedSemaphoresTest {
    private static final StreamSpec SPEC = StreamSpec.dao(DataType.UINT8, Shape.of(4, 4));

    @RegisterExtension
    final Scratch scratch = Scratch.inSharedMemory();

    @Test
    void shouldNotOfferToRemoveSemaphoresOfAnotherStream() {
        Path path = scratch.stream("cam");
        ImageStream.create(path, SPEC).close();
        ImageStream.create(scratch.stream("cam.two"), SPEC.withVariant("v2")).close();
        Findings findings = new Findings();

        new ObjectChecks(SystemFiles.local(), List.of(scratch.directory())).streams(List.of(path), findings);

        List<Finding> found = findings.all().stream()
                .filter(finding -> finding.kind() == FindingKind.EXTRANEOUS_SEMAPHORE)
                .toList();
        assertEquals(1, found.size(), findings.all().toString());
        assertFalse(found.getFirst().isFixable());
        assertTrue(found.getFirst().summary().contains("16 instead of 10"), found.toString());
    }
}
