package org.shmrt.web.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "a/b", "/etc/passwd", "a\0b", "..\0", "/"})
    void shouldFindNoFileForWhatIsNoName(String name) {
        assertTrue(Scope.ofDirectory(Path.of("/milk/shm")).file(name).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "\\x2f", "\\x2e\\x2e\\x2fx", "\\xe9", "a b"})
    void shouldStayInItsDirectory(String name) {
        Optional<Path> file = Scope.ofDirectory(Path.of("/milk/shm")).file(name);

        assertTrue(file.isEmpty() || file.get().getParent().equals(Path.of("/milk/shm")), name + ": " + file);
    }

    @Test
    void shouldFindNamedStreamsOnly() {
        Scope scope = Scope.ofStreams(List.of(Path.of("/tmp/a.im.shm"), Path.of("/milk/shm/b.im.shm")));

        assertEquals(Optional.of(Path.of("/milk/shm/b.im.shm")), scope.file("b"));
        assertEquals(Optional.empty(), scope.file("c"));
        assertEquals(Set.of("a", "b"), scope.files().keySet());
        assertEquals(Path.of("/tmp"), scope.directory());
        assertEquals("a, b", scope.description());
    }

    @Test
    void shouldRefuseTwoStreamsOfOneName() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> Scope.ofStreams(List.of(Path.of("/tmp/a.im.shm"), Path.of("/milk/shm/a.im.shm"))));

        assertTrue(refused.getMessage().contains("the same name"), refused.getMessage());
    }
}
