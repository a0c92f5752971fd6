package org.shmrt.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.fuzz.FuzzCheck;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.Golden;

/** Lists that are malformed, or become malformed while they are in use. */
@Timeout(600)
class MalformedListTest {
    private static final List<byte[]> VALID = Golden.of("pyshm", "pyshm/manifest.json")
            .filter(golden -> golden.text("kind").contains("list"))
            .map(Golden::bytes)
            .toList();
    private static final long[] SPECIAL = {
        0,
        1,
        7,
        8,
        9,
        16,
        24,
        25,
        100,
        506,
        507,
        4096,
        1L << 31,
        1L << 32,
        1L << 61,
        (1L << 61) + 1,
        1L << 62,
        Long.MAX_VALUE,
        Long.MAX_VALUE - 7,
        -1,
        -8,
        Long.MIN_VALUE,
        0x73_3820L,
        0x7338L
    };

    @RegisterExtension
    final BlockScratch scratch = new BlockScratch();

    private static byte[] mutated(Random random) {
        byte[] bytes = VALID.get(random.nextInt(VALID.size())).clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            if (random.nextInt(3) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            } else if (bytes.length >= 8) {
                // Most words at the beginning are counts and offsets.
                int words = random.nextBoolean() ? Math.min(bytes.length / 8, 22) : bytes.length / 8;
                long word = random.nextBoolean() ? SPECIAL[random.nextInt(SPECIAL.length)] : random.nextInt(600) - 50;
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(8 * random.nextInt(words), word);
            }
        }
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
            case 1 -> Arrays.copyOf(bytes, bytes.length + random.nextInt(100));
            default -> bytes;
        };
    }

    @Test
    void shouldReadOrRejectAnyBytes() {
        Random random = new Random(20261121L);
        int accepted = 0;
        for (int round = 0; round < 6000; round++) {
            byte[] bytes = mutated(random);
            String name = scratch.put("mutated", bytes);
            boolean isList = BlockInfo.of(BlockScratch.file(name)).isList();
            try (ShareableList list = ShareableList.attachReadOnly(name)) {
                accepted++;
                assertTrue(list.size() <= bytes.length / 25);
                for (int item = 0; item < list.size(); item++) {
                    try {
                        list.get(item);
                    } catch (IncompatibleException e) {
                        assertTrue(e.getMessage().contains("not UTF-8"), e.getMessage());
                    }
                }
            } catch (IncompatibleException e) {
                assertFalse(isList, "detected as a list, but " + e.getMessage());
            }
            BlockScratch.remove(name);
        }
        assertTrue(accepted > 100, "only " + accepted + " mutations were valid lists: too few to test reading");
    }

    @Test
    void shouldStayInsideTheItemsOfTheAttachedList() {
        Random random = new Random(7);
        byte[] valid = VALID.stream()
                .max(java.util.Comparator.comparingInt(bytes -> bytes.length))
                .orElseThrow();
        String name = scratch.put("changed", valid);
        Object[] values = {1, 2.5, null, true, "text", new byte[] {1, 2}, "x".repeat(40)};
        try (ShareableList list = ShareableList.attach(name);
                SharedMemory block = SharedMemory.attach(name)) {
            ListLayout layout = ((ListParser.Valid) ListParser.parse(source(valid))).layout();
            for (int round = 0; round < 3000; round++) {
                byte[] before = Arrays.copyOf(mutated(random), valid.length);
                block.write(0, MemorySegment.ofArray(before));
                int item = random.nextInt(list.size());
                tolerate(() -> list.get(item));
                tolerate(() -> list.kind(item));
                tolerate(() -> list.getBytes(item));
                tolerate(() -> list.set(item, values[random.nextInt(values.length)]));

                byte[] after = BlockScratch.bytes(name);
                copyItem(layout, item, before, after);
                assertArrayEquals(before, after, "bytes outside item " + item);
            }
        }
        SharedMemory.remove(name);
    }

    private static void tolerate(Runnable use) {
        try {
            use.run();
        } catch (IncompatibleException | IllegalArgumentException e) {
            // The item is malformed, or the string does not fit.
        }
    }

    private static void copyItem(ListLayout layout, int item, byte[] from, byte[] to) {
        copy(from, to, layout.start(item), layout.storageBytes(item));
        copy(from, to, layout.formatOffset(item), 8);
        copy(from, to, layout.codeOffset(item), 1);
    }

    private static void copy(byte[] from, byte[] to, long offset, long count) {
        System.arraycopy(from, (int) offset, to, (int) offset, (int) count);
    }

    private static ListSource source(byte[] bytes) {
        return new ListSource() {
            @Override
            public void read(long offset, MemorySegment target) {
                target.copyFrom(MemorySegment.ofArray(bytes).asSlice(offset, target.byteSize()));
            }

            @Override
            public long size() {
                return bytes.length;
            }
        };
    }

    @Test
    void shouldUseLittleMemoryForAStringThatIsNotUtf8() {
        String name = scratch.name("broken");
        int stringBytes = 1 << 20;
        try (ShareableList list = ShareableList.create(name, List.of("x".repeat(stringBytes - 1)))) {
            byte[] broken = new byte[stringBytes];
            Arrays.fill(broken, (byte) 0xff);
            list.block().write(list.block().size() - 9 - stringBytes, MemorySegment.ofArray(broken));

            long allocated = FuzzCheck.taken(() -> assertThrows(IncompatibleException.class, () -> list.get(0)));

            assertTrue(allocated < 8L * stringBytes, allocated + " bytes for a string of " + stringBytes);
            assertArrayEquals(broken, list.getBytes(0));
        }
        SharedMemory.remove(name);
    }

    @Test
    void shouldNotAllocateMemoryForAWrongCount() throws IOException {
        String name = scratch.name("sparse");
        try (RandomAccessFile file =
                new RandomAccessFile(BlockScratch.file(name).toFile(), "rw")) {
            file.setLength(40L << 30); // sparse
            file.write(new byte[] {0, 0, 0, 0x40}); // 2^30 items
        }

        assertFalse(BlockInfo.of(BlockScratch.file(name)).isList());
        assertThrows(ShmException.class, () -> ShareableList.attachReadOnly(name));

        SharedMemory.remove(name);
        assertEquals(List.of(), scratch.names());
    }
}
