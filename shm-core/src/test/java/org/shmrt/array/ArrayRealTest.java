package org.shmrt.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.PythonPeer;

/**
 * Arrays exchanged with the Python package SharedArray itself, of any release. Runs if the environment variable
 * {@code SHMRT_SHAREDARRAY_PYTHON} names a Python interpreter that can import it.
 */
@Timeout(600)
class ArrayRealTest {
    private static final String VARIABLE = "SHMRT_SHAREDARRAY_PYTHON";
    private static final HexFormat HEX = HexFormat.of();

    @RegisterExtension
    final BlockScratch shared = new BlockScratch();

    private ChildProcess python;
    private HeaderVersion version;

    @BeforeAll
    static void findPython() {
        String program = System.getenv(VARIABLE);
        Assumptions.assumeTrue(
                program != null && ExternalCommand.succeeds(program, "-c", "import SharedArray"),
                VARIABLE + " does not name a Python interpreter that can import SharedArray");
    }

    /** The header version that this release writes follows from an array it creates. */
    @BeforeEach
    void start() {
        String script = PythonPeer.file("sharedarray_real.py").toString();
        python = ChildProcess.start(List.of(System.getenv(VARIABLE), "-B", script));
        String probe = shared.name("probe");
        assertEquals("ok", ask("create", probe, "f8", "2"));
        version = ArrayInfo.of(BlockScratch.file(probe)).headerVersion();
        SharedArray.delete(probe);
    }

    @AfterEach
    void stop() {
        python.close();
    }

    private String ask(Object... words) {
        python.send(String.join(" ", Stream.of(words).map(Object::toString).toList()));
        return python.line();
    }

    private SharedArray create(String name, DataType type, long... lengths) {
        return SharedArray.create(name, ArraySpec.of(type, Shape.of(lengths)).withHeaderVersion(version));
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void shouldAttachArraysOfPython(DataType type) {
        String name = shared.name("theirs");
        assertEquals("ok", ask("create", name, type.npyCode(), "2,3"));

        try (SharedArray array = SharedArray.attach(name)) {
            assertEquals(Optional.of(type), array.type().dataType());
            assertEquals(Shape.of(2, 3), array.shape());
            if (type.isComplex()) {
                assertEquals(6, array.complex().getReal(1, 2));
            } else if (type.isFloating()) {
                assertEquals(6, array.getDouble(1, 2));
                array.setDouble(-2.5, 0, 1);
                assertEquals("-2.5", ask("get", name, 1));
            } else {
                assertEquals(type == DataType.BOOL ? 1 : 6, array.getLong(1, 2));
                array.setLong(0, 0, 1);
                assertEquals(type == DataType.BOOL ? "False" : "0", ask("get", name, 1));
            }
        }
        assertEquals("ok", ask("delete", name));
        assertFalse(Files.exists(BlockScratch.file(name)));
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void shouldCreateArraysThatPythonAttaches(DataType type) {
        String name = shared.name("ours");
        try (SharedArray array = create(name, type, 3, 2)) {
            for (long at = 0; at < array.byteSize(); at++) {
                array.segment().set(ValueLayout.JAVA_BYTE, at, (byte) (type == DataType.BOOL ? at & 1 : at + 1));
            }
            assertEquals(
                    type.numpyName() + " 3,2 " + HEX.formatHex(array.segment().toArray(ValueLayout.JAVA_BYTE)),
                    ask("attach", name));
            assertTrue(Arrays.asList(ask("list").split(" ")).contains(name + ":" + type.numpyName() + ":3,2"));
        }
        assertEquals("ok", ask("delete", name));
    }

    @Test
    void shouldListTheArraysThatPythonLists() {
        String ours = shared.name("ours");
        String theirs = shared.name("theirs");
        String text = shared.name("other");
        create(ours, DataType.UINT16, 7).close();
        assertEquals("ok", ask("create", theirs, "f4", "2,2"));
        shared.put("other", new byte[700]);

        List<String> wanted = Stream.of(ask("list").split(" "))
                .filter(entry -> entry.startsWith(shared.name("")))
                .sorted()
                .toList();
        List<String> found = SharedArray.list().stream()
                .filter(info -> info.name().startsWith(shared.name("")))
                .map(info -> info.name() + ":" + info.type() + ":"
                        + info.shape().toString().replace('x', ','))
                .toList();

        assertEquals(2, found.size());
        assertEquals(wanted, found);
        assertEquals("ok", ask("delete", ours));
        SharedArray.delete(theirs);
        assertEquals(true, ask("attach", theirs).startsWith("OSError"));
        BlockScratch.remove(text);
    }

    @Test
    void shouldKeepAttachedArraysOnBothSidesAfterADelete() {
        String name = shared.name("shared");
        try (SharedArray array = create(name, DataType.FLOAT64, 4)) {
            ask("attach", name);
            SharedArray.delete(name);

            assertEquals("ok", ask("set", name, 3, 1.25));
            assertEquals(1.25, array.getDouble(3));
            array.setDouble(-1, 0);
            assertEquals("-1.0", ask("get", name, 0));
            assertThrows(NotFoundException.class, () -> SharedArray.attach(name));
        }
    }

    @Test
    void shouldAttachAfterPythonHasExited() {
        String name = shared.name("theirs");
        assertEquals("ok", ask("create", name, "i8", "3"));
        python.kill();

        try (SharedArray array = SharedArray.attachReadOnly(name)) {
            assertEquals(3, array.getLong(2));
        }
        SharedArray.delete(name);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "TRAILER_548")
    void shouldCreateOtherHeaderVersionsThatPythonRejects(HeaderVersion other) {
        String name = shared.name("ours");
        Assumptions.assumeTrue(other != version, "this release writes this header version");
        SharedArray.create(name, ArraySpec.of(DataType.FLOAT64, Shape.of(2)).withHeaderVersion(other))
                .close();

        assertTrue(ask("attach", name).startsWith("OSError"));

        SharedArray.delete(name);
    }
}
