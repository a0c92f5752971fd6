package org.shmrt.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.Golden;
import org.shmrt.testing.Scratch;

/** Files written by each release of SharedArray: read with the right values, and created again byte for byte. */
class ArrayGoldenTest {
    static final String MANIFEST = "sharedarray/manifest.json";

    private static final Map<String, HeaderVersion> VERSIONS = Map.of(
            "sharedarray-head160", HeaderVersion.HEADER_160,
            "sharedarray-t160", HeaderVersion.TRAILER_160,
            "sharedarray-t288", HeaderVersion.TRAILER_288,
            "sharedarray-t292", HeaderVersion.TRAILER_292,
            "sharedarray-t548", HeaderVersion.TRAILER_548);

    @RegisterExtension
    final Scratch scratch = Scratch.inTmp();

    @RegisterExtension
    final BlockScratch shared = new BlockScratch();

    static Stream<Golden> files() {
        return Golden.of("sharedarray", MANIFEST);
    }

    private static HeaderVersion version(Golden golden) {
        HeaderVersion version = VERSIONS.get(golden.text("kind"));
        // The file of an empty array is the same with both header versions of 160 bytes.
        return version == HeaderVersion.HEADER_160 && golden.bytes().length == 160
                ? HeaderVersion.TRAILER_160
                : version;
    }

    private static Shape shape(Golden golden) {
        return Shape.of(golden.numbers("numpy_shape").stream()
                .mapToLong(Long::longValue)
                .toArray());
    }

    private static byte[] data(SharedArray array) {
        return array.segment().toArray(ValueLayout.JAVA_BYTE);
    }

    private static void assertElements(Golden golden, SharedArray array) {
        JsonObject data = golden.entry().getAsJsonObject("data");
        Optional<DataType> type = array.type().dataType();
        if (type.isEmpty()) {
            assertEquals(data.get("hex").getAsString(), HexFormat.of().formatHex(data(array)));
        } else {
            assertEquals(golden.expectedElements(data), Golden.elements(type.get(), array.segment()));
        }
    }

    @Test
    void shouldFindAllFilesOfTheManifest() {
        assertEquals(66, files().count());
        assertEquals(
                VERSIONS.keySet(), files().map(golden -> golden.text("kind")).collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldAttachTheFile(Golden golden) throws IOException {
        Path path = golden.copyTo(scratch.directory().resolve(golden.name()));

        try (SharedArray array = SharedArray.attach("file://" + path);
                SharedArray readOnly = SharedArray.attachReadOnly("file://" + path)) {
            assertEquals(version(golden), array.info().headerVersion());
            assertEquals(shape(golden), array.shape());
            assertEquals(golden.number("metadata", "typenum"), array.type().typeNumber());
            assertEquals(golden.entry().get("itemsize").getAsInt(), array.type().itemBytes());
            assertEquals(
                    golden.text("dtype").startsWith("[")
                            ? "|V12"
                            : golden.text("dtype").replaceFirst("\\[s\\]$", ""),
                    array.type().numpyName());
            assertEquals(golden.number("data", "bytes"), array.byteSize());
            assertEquals(golden.bytes().length, array.info().fileBytes());
            assertElements(golden, array);
            assertElements(golden, readOnly);
        }
        assertArrayEquals(golden.bytes(), Files.readAllBytes(path), "attaching changes nothing");
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldFindTheFileInSharedMemory(Golden golden) {
        String name = shared.put(golden.name(), golden.bytes());

        List<ArrayInfo> listed = SharedArray.list().stream()
                .filter(info -> info.name().equals(name))
                .toList();

        assertEquals(1, listed.size());
        assertEquals(shape(golden), listed.getFirst().shape());
        assertEquals(version(golden), listed.getFirst().headerVersion());
        assertEquals(Optional.of(listed.getFirst()), ArrayInfo.detect(BlockScratch.file(name)));
        SharedArray.delete("shm://" + name);
        assertEquals(Optional.empty(), ArrayInfo.detect(BlockScratch.file(name)));
    }

    /** Files without padding: sizes are exact on Linux. */
    static Stream<Golden> filesOfLinux() {
        return files().filter(golden -> !golden.name().contains("pagepadded"));
    }

    @ParameterizedTest
    @MethodSource("filesOfLinux")
    void shouldCreateTheSameFile(Golden golden) throws IOException {
        JsonObject metadata = golden.entry().getAsJsonObject("metadata");
        ArrayType type = new ArrayType(
                metadata.get("typenum").getAsInt(),
                golden.entry().get("itemsize").getAsInt());
        int offset = golden.entry().getAsJsonObject("data").get("offset").getAsInt();
        MemorySegment contents = MemorySegment.ofArray(golden.bytes()).asSlice(offset, golden.number("data", "bytes"));
        Path path = scratch.directory().resolve("created");

        SharedArray.create(
                        "file://" + path,
                        ArraySpec.of(type, shape(golden)).withHeaderVersion(VERSIONS.get(golden.text("kind"))),
                        contents)
                .close();

        assertArrayEquals(golden.bytes(), Files.readAllBytes(path));
    }

    @Test
    void shouldReadFilesWithPadding() {
        Golden golden = Golden.of("sharedarray", MANIFEST)
                .filter(g -> g.name().contains("pagepadded"))
                .findFirst()
                .orElseThrow();
        String name = shared.put("padded", golden.bytes());

        ArrayInfo info = ArrayInfo.of(BlockScratch.file(name));

        assertEquals(4096 - 292 - 48, info.paddingBytes());
        SharedArray.delete(name);
    }

    @Test
    void shouldAcceptBothTypeNumbersOfInt64() {
        String name = shared.put(
                "longlong",
                Golden.of("sharedarray", MANIFEST)
                        .filter(g -> g.name().contains("longlong"))
                        .findFirst()
                        .orElseThrow()
                        .bytes());

        try (SharedArray array = SharedArray.attach(name)) {
            assertEquals(Optional.of(DataType.INT64), array.type().dataType());
            assertEquals(1, array.getLong(0));
            assertEquals(-1, array.getLong(1));
            assertTrue(array.type().typeNumber() != ArrayType.of(DataType.INT64).typeNumber());
        }
        SharedArray.delete(name);
    }
}
