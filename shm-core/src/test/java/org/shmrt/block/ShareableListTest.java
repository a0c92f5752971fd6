package org.shmrt.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.error.AccessDeniedException;
import org.shmrt.error.AlreadyExistsException;
import org.shmrt.error.ClosedException;
import org.shmrt.error.IncompatibleException;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.Golden;

@Timeout(600)
class ShareableListTest {
    private static final String MANIFEST = "pyshm/manifest.json";

    @RegisterExtension
    final BlockScratch scratch = new BlockScratch();

    static Stream<Golden> lists() {
        return Golden.of("pyshm", MANIFEST).filter(golden -> golden.text("kind").contains("list"));
    }

    static Stream<Golden> blocks() {
        return Golden.of("pyshm", MANIFEST).filter(golden -> golden.text("kind").equals("pyshm-block"));
    }

    static Stream<Golden> corrupt() {
        return Golden.of("corrupt", MANIFEST);
    }

    private static Golden golden(String name) {
        return lists().filter(golden -> golden.name().equals(name + ".bin"))
                .findFirst()
                .orElseThrow();
    }

    private static List<Object> items(Golden golden) {
        List<Object> values = new ArrayList<>();
        golden.entry().getAsJsonArray("items").forEach(item -> values.add(ListItems.parsed(item.getAsJsonObject())));
        return values;
    }

    @ParameterizedTest
    @MethodSource("lists")
    void shouldReadListsOfPython(Golden golden) {
        String name = scratch.put("golden", golden.bytes());
        try (ShareableList list = ShareableList.attach(name)) {
            assertEquals(golden.entry().get("count").getAsInt(), list.size());
            assertEquals(golden.text("kind").endsWith("lengths"), list.hasPython38Index());
            assertEquals(ListItems.shown(items(golden)), ListItems.shown(list.toList()));
        }
        try (ShareableList list = ShareableList.attachReadOnly(name)) {
            assertEquals(ListItems.shown(items(golden)), ListItems.shown(list.toList()));
            assertThrows(IndexOutOfBoundsException.class, () -> list.get(list.size()));
            assertThrows(IndexOutOfBoundsException.class, () -> list.get(-1));
        }
        assertArrayEquals(golden.bytes(), BlockScratch.bytes(name));
        SharedMemory.remove(name);
    }

    @ParameterizedTest
    @MethodSource("lists")
    void shouldDetectAList(Golden golden) {
        BlockInfo info = BlockInfo.of(BlockScratch.file(scratch.put("golden", golden.bytes())));

        assertTrue(info.isList());
        assertEquals(golden.entry().get("count").getAsInt(), info.itemCount());
        assertEquals(golden.bytes().length, info.byteSize());
        assertEquals(
                golden.text("kind").endsWith("lengths") ? BlockContent.PYTHON_38_LIST : BlockContent.LIST,
                info.content());
        assertEquals(List.of(), info.warnings());
        SharedMemory.remove(info.name());
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void shouldNotMistakeARawBlockForAList(Golden golden) {
        BlockInfo info = BlockInfo.of(BlockScratch.file(scratch.put("golden", golden.bytes())));

        assertFalse(info.isList());
        assertEquals(golden.entry().getAsJsonObject("data").get("bytes").getAsLong(), info.byteSize());
        assertThrows(IncompatibleException.class, () -> ShareableList.attach(info.name()));
        try (SharedMemory block = SharedMemory.attach(info.name())) {
            assertEquals(golden.bytes().length, block.size());
            assertArrayEquals(golden.bytes(), block.buf().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
        }
        SharedMemory.remove(info.name());
    }

    @ParameterizedTest
    @MethodSource("corrupt")
    void shouldRejectAMalformedList(Golden golden) {
        assertEquals("reject", golden.text("expect"));
        String name = scratch.put("corrupt", golden.bytes());

        IncompatibleException exception = assertThrows(IncompatibleException.class, () -> ShareableList.attach(name));

        assertTrue(
                exception.getMessage().startsWith("the block " + name + " does not hold a ShareableList: "),
                exception.getMessage());
        assertThrows(IncompatibleException.class, () -> ShareableList.attachReadOnly(name));
        assertFalse(BlockInfo.of(BlockScratch.file(name)).isList());
        assertArrayEquals(golden.bytes(), BlockScratch.bytes(name));
        SharedMemory.remove(name);
    }

    @Test
    void shouldWriteTheSameBytesAsPython() {
        assertWrites("list_empty", List.of());
        assertWrites("list_mixed", items(golden("list_mixed")));
        assertWrites("list_trailing_nul", List.of(new byte[] {'a', 'b', 0, 0}, "x\0"));
    }

    private void assertWrites(String golden, List<?> items) {
        try (ShareableList list = ShareableList.create(scratch.name(golden), items)) {
            assertArrayEquals(
                    golden(golden).bytes(), BlockScratch.bytes(list.block().name()), golden);
            list.block().unlink();
        }
    }

    @Test
    void shouldReplaceItemsAsPythonDoes() {
        try (ShareableList list = ShareableList.create(scratch.name("modified"), Arrays.asList(1, "abc", null, 7))) {
            list.set(0, 2.5);
            list.set(1, null);
            list.set(2, "changed");
            list.set(3, false);

            assertArrayEquals(
                    golden("list_modified").bytes(),
                    BlockScratch.bytes(list.block().name()));
            assertEquals(Arrays.asList(2.5, null, "changed", false), list.toList());
            list.block().unlink();
        }
    }

    @Test
    void shouldReplaceItemsInAListOfPython38() {
        String name = scratch.put("old", golden("list_mixed_py38").bytes());
        try (ShareableList list = ShareableList.attach(name)) {
            List<Object> expected = new ArrayList<>(list.toList());
            for (int item = 0; item < list.size(); item += 2) {
                list.set(item, "new " + item);
                expected.set(item, "new " + item);
            }
            assertEquals(ListItems.shown(expected), ListItems.shown(list.toList()));
        }
        SharedMemory.remove(name);
    }

    @Test
    void shouldNotTruncateStringsAsPythonDoes() {
        String text = "é".repeat(7);
        try (ShareableList list = ShareableList.create(scratch.name("utf8"), List.of(text, "päivää €", "𝄞𝄞"))) {
            assertEquals(List.of(text, "päivää €", "𝄞𝄞"), list.toList());
            assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), list.getBytes(0));
            list.block().unlink();
        }
    }

    @Test
    void shouldReadTheBytesOfAStringThatPythonTruncated() {
        byte[] truncated = golden("list_utf8_truncated").bytes();
        truncated[24] = 'x'; // the first byte of a two-byte character, whose second byte is now invalid
        String name = scratch.put("truncated", truncated);
        try (ShareableList list = ShareableList.attach(name)) {
            IncompatibleException exception = assertThrows(IncompatibleException.class, () -> list.get(0));

            assertTrue(exception.getMessage().contains("not UTF-8"), exception.getMessage());
            assertEquals(ItemKind.STR, list.kind(0));
            assertEquals(8, list.getBytes(0).length);
            assertThrows(IncompatibleException.class, list::toList);
        }
        SharedMemory.remove(name);
    }

    @Test
    void shouldUseAllOfTheStorageOfAnItem() {
        try (ShareableList list = ShareableList.create(scratch.name("full"), List.of(1, "x", "0123456789"))) {
            list.set(0, "8 bytes!");
            list.set(1, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
            list.set(2, "ß".repeat(8));
            assertEquals("8 bytes!", list.get(0));
            assertEquals(8, list.getBytes(1).length);
            assertEquals("ß".repeat(8), list.get(2));

            IllegalArgumentException exception =
                    assertThrows(IllegalArgumentException.class, () -> list.set(0, "12345678ß"));

            assertTrue(exception.getMessage().contains("10 bytes does not fit into item 0"), exception.getMessage());
            assertEquals("8 bytes!", list.get(0));
            list.block().unlink();
        }
    }

    @Test
    void shouldRejectUnsupportedTypes() {
        for (Object value : new Object[] {'c', BigInteger.TEN, List.of(), new int[1], "half \uD834 character"}) {
            assertThrows(
                    IllegalArgumentException.class, () -> ShareableList.create(scratch.name("odd"), List.of(1, value)));
        }
        String tooLong = "x".repeat(9_999_992);
        assertThrows(IllegalArgumentException.class, () -> ShareableList.create(scratch.name("odd"), List.of(tooLong)));
        assertEquals(List.of(), scratch.names());
    }

    @Test
    void shouldStoreTheLongestStringOfTheFormat() {
        String longest = "x".repeat(9_999_991);
        try (ShareableList list = ShareableList.create(scratch.name("long"), List.of(longest))) {
            assertEquals(longest, list.get(0));
            list.block().unlink();
        }
    }

    @Test
    void shouldNotChangeAnExistingBlock() {
        String name = scratch.put("precious", new byte[] {1});

        assertThrows(AlreadyExistsException.class, () -> ShareableList.create(name, List.of(1)));

        assertArrayEquals(new byte[] {1}, BlockScratch.bytes(name));
        SharedMemory.remove(name);
    }

    @Test
    void shouldAttachAListInALargerBlock() {
        byte[] mixed = golden("list_mixed").bytes();
        String name = scratch.put("larger", Arrays.copyOf(mixed, 4096));
        try (ShareableList list = ShareableList.attach(name)) {
            assertEquals(ListItems.shown(items(golden("list_mixed"))), ListItems.shown(list.toList()));
        }
        assertFalse(BlockInfo.of(BlockScratch.file(name)).isList());
        SharedMemory.remove(name);
    }

    @Test
    void shouldReadLongListsWithBothIndexes() {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            items.add(i % 3 == 0 ? (Object) (long) i : "x".repeat(i % 100));
        }
        String modern = scratch.name("modern");
        ShareableList.create(modern, items).close();
        String old = scratch.put("old", asPython38(BlockScratch.bytes(modern), items.size()));

        for (String name : List.of(modern, old)) {
            try (ShareableList list = ShareableList.attach(name)) {
                assertEquals(name.equals(old), list.hasPython38Index());
                assertEquals(items, list.toList());
                assertTrue(BlockInfo.of(BlockScratch.file(name)).isList());
            }
            SharedMemory.remove(name);
        }
    }

    /** The same list with an index of N lengths in place of N + 1 offsets. */
    private static byte[] asPython38(byte[] modern, int count) {
        ByteBuffer from = ByteBuffer.wrap(modern).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer to = ByteBuffer.allocate(modern.length - 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(count);
        for (int item = 0; item < count; item++) {
            to.putLong(from.getLong(8 * (item + 2)) - from.getLong(8 * (item + 1)));
        }
        return to.put(modern, 8 * (count + 2), modern.length - 8 * (count + 2)).array();
    }

    @Test
    void shouldRemainUsableWhenItsBlockIsLinkedAgain() {
        try (ShareableList list = ShareableList.create(scratch.name("relinked"), List.of(1, "text"))) {
            SharedMemory.remove(list.block().name());

            assertTrue(list.block().relink());

            try (ShareableList other = ShareableList.attach(list.block().name())) {
                other.set(0, 2);
                list.set(1, "new");
                assertEquals(List.of(2L, "new"), list.toList());
                assertEquals(List.of(2L, "new"), other.toList());
            }
            list.block().unlink();
        }
    }

    @Test
    void shouldRejectUseAfterCloseAndChangesOfAReadOnlyList() {
        ShareableList list = ShareableList.create(scratch.name("closed"), List.of(1, "two"));
        try (ShareableList viewed = ShareableList.attachReadOnly(list.block().name())) {
            assertThrows(AccessDeniedException.class, () -> viewed.set(0, 2));
            assertEquals(1L, viewed.get(0));
        }
        list.close();
        list.close();

        assertThrows(ClosedException.class, () -> list.get(0));
        assertThrows(ClosedException.class, () -> list.set(0, 2));
        assertThrows(ClosedException.class, () -> list.kind(0));
        assertTrue(list.block().unlink());
    }

    @Test
    void shouldWarnAboutABlockOfZeroBytes() {
        String empty = scratch.put("empty", new byte[0]);
        String counter = scratch.put("counter", new byte[8]);

        assertTrue(BlockInfo.of(BlockScratch.file(empty)).warnings().getFirst().contains("0 bytes"));
        assertFalse(
                BlockInfo.of(BlockScratch.file(counter)).isList(),
                "more likely a counter than an empty list of Python 3.8");
        assertThrows(IncompatibleException.class, () -> BlockInfo.of(java.nio.file.Path.of("/dev/shm")));
        scratch.names().forEach(SharedMemory::remove);
    }
}
