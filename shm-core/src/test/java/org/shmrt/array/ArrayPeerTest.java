package org.shmrt.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.PythonPeer;
import org.shmrt.testing.Scratch;

/** Arrays exchanged with an independent implementation in Python, in another process. */
@Timeout(600)
class ArrayPeerTest {
    private static final String PEER = "array_peer.py";
    private static final HexFormat HEX = HexFormat.of();

    @RegisterExtension
    final BlockScratch shared = new BlockScratch();

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    private static ChildProcess peer;

    @BeforeAll
    static void startPython() {
        PythonPeer.assumePresent();
        peer = PythonPeer.start(PEER);
    }

    @AfterAll
    static void stopPython() {
        if (peer != null) {
            peer.close();
        }
    }

    private static String ask(Object... words) {
        peer.send(String.join(" ", Stream.of(words).map(Object::toString).toList()));
        return peer.line();
    }

    private static byte[] noise(int count) {
        byte[] bytes = new byte[count];
        new Random(20261121L).nextBytes(bytes);
        return bytes;
    }

    static Stream<Arguments> typesAndVersions() {
        return Stream.of(DataType.values())
                .flatMap(type -> Stream.of(HeaderVersion.values()).map(version -> Arguments.of(type, version)));
    }

    @ParameterizedTest
    @MethodSource("typesAndVersions")
    void shouldExchangeEachTypeWithEachHeaderVersion(DataType type, HeaderVersion version) {
        String ours = shared.name("ours");
        String theirs = shared.name("theirs");
        byte[] data = noise(6 * type.itemBytes());
        String stored = type.numpyTypeNumber() + " " + (version.storesItemSize() ? type.itemBytes() : -1);
        ArraySpec spec = ArraySpec.of(type, Shape.of(2, 3)).withHeaderVersion(version);
        SharedArray.create(ours, spec, MemorySegment.ofArray(data)).close();
        assertEquals(
                "ok",
                ask(
                        "create",
                        BlockScratch.file(theirs),
                        version,
                        type.numpyTypeNumber(),
                        type.itemBytes(),
                        "3,2",
                        HEX.formatHex(data)));

        assertEquals(stored + " 2,3 " + HEX.formatHex(data), ask("read", BlockScratch.file(ours), version));
        try (SharedArray array = SharedArray.attach(theirs)) {
            assertEquals(Optional.of(type), array.type().dataType());
            assertEquals(Shape.of(3, 2), array.shape());
            assertEquals(version, array.info().headerVersion());
            assertArrayEquals(data, array.segment().toArray(ValueLayout.JAVA_BYTE));
        }
        SharedArray.delete(ours);
        SharedArray.delete(theirs);
    }

    @Test
    void shouldSeeStoresOfThePeer() {
        String name = shared.name("live");
        Path file = BlockScratch.file(name);
        try (SharedArray array = SharedArray.create(name, DataType.FLOAT64, Shape.of(4, 2))) {
            array.setDouble(1.0, 3, 1);
            assertEquals("000000000000f03f", ask("peek", file, 56, 8));
            assertEquals("ok", ask("write", file, 8, "000000000000f0bf"));
            assertEquals(-1.0, array.getDouble(0, 1));

            assertEquals("ok", ask("delete", file));
            array.setDouble(2.0, 0, 0);
            assertEquals("0000000000000040", ask("peek", file, 0, 8), "both keep the deleted array");
            assertThrows(NotFoundException.class, () -> SharedArray.attach(name));
        }
    }

    @ParameterizedTest
    @EnumSource(HeaderVersion.class)
    void shouldExchangeEmptyArraysAndScalars(HeaderVersion version) {
        String name = shared.name("empty");
        assertEquals("ok", ask("create", BlockScratch.file(name), version, 3, 2, "3,0,2", "-"));
        try (SharedArray array = SharedArray.attach(name)) {
            assertEquals(Shape.of(3, 0, 2), array.shape());
        }
        SharedArray.delete(name);
        SharedArray.create(name, ArraySpec.of(DataType.INT16, Shape.of()).withHeaderVersion(version))
                .close();
        assertEquals(
                "3 " + (version.storesItemSize() ? 2 : -1) + " - 0000", ask("read", BlockScratch.file(name), version));
        SharedArray.delete(name);
    }

    @Test
    void shouldExchangeArraysInFiles() {
        Path file = scratch.directory().resolve("array");
        byte[] data = noise(40);
        int typeNumber = ArrayType.unicode(5).typeNumber();
        ask("create", file, HeaderVersion.TRAILER_292, typeNumber, 20, "2", HEX.formatHex(data));
        try (SharedArray array = SharedArray.attachReadOnly("file://" + file)) {
            assertEquals(ArrayType.unicode(5), array.type());
            assertArrayEquals(data, array.segment().toArray(ValueLayout.JAVA_BYTE));
        }
        ask("delete", file);
        assertFalse(Files.exists(file));
    }
}
