package org.shmrt.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.BlockScratch;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.PythonVersions;

/** Blocks and lists exchanged in both directions with {@code shared_memory} of each installed CPython. */
@Tag("slow")
@Timeout(600)
class PythonExchangeTest {
    private static final String PEER = "block_peer.py";
    private static final List<Object> ITEMS = Arrays.asList(
            1L,
            -2L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            3.5,
            Double.NEGATIVE_INFINITY,
            -0.0,
            true,
            false,
            "hello",
            "",
            "12345678",
            "päivää €",
            "a".repeat(31),
            new byte[] {0, -1, 'x'},
            new byte[0],
            null);

    @RegisterExtension
    final BlockScratch scratch = new BlockScratch();

    static Stream<String> pythons() {
        Stream<String> all = PythonVersions.all();
        List<String> found = all.toList();
        return found.isEmpty() ? Stream.of("") : found.stream();
    }

    private static void assumePresent(String python) {
        Assumptions.assumeFalse(python.isEmpty(), "no python3 with multiprocessing.shared_memory is installed");
    }

    /** JSON in ASCII, which every locale transfers unchanged. */
    private static String ascii(String json) {
        StringBuilder plain = new StringBuilder();
        json.chars().forEach(c -> plain.append(c < 128 ? String.valueOf((char) c) : String.format("\\u%04x", c)));
        return plain.toString();
    }

    private static String[] described(List<?> values) {
        return values.stream()
                .map(value -> ascii(ListItems.described(value).toString()))
                .toArray(String[]::new);
    }

    private static List<String> run(String python, String command, String name, String... words) {
        List<Object> all = new ArrayList<>(List.of(command, name));
        all.addAll(List.of(words));
        return PythonVersions.run(python, PEER, all.toArray());
    }

    /** The items that Python reads from a list. */
    private static List<String> pythonSees(String python, String name) {
        return run(python, "list-read", name).stream()
                .map(line -> ListItems.parsed(JsonParser.parseString(line).getAsJsonObject()))
                .map(value -> ListItems.described(value).toString())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void shouldAttachWhatPythonCreated(String python) {
        assumePresent(python);
        String name = scratch.name("python");

        assertEquals(List.of(name + " 4097 0o600"), run(python, "create", name, "4097"));

        try (SharedMemory block = SharedMemory.attach(name)) {
            assertEquals(4097, block.size());
            for (int i = 0; i < 4097; i++) {
                assertEquals(i * i % 251, Byte.toUnsignedInt(block.buf().get(ValueLayout.JAVA_BYTE, i)));
            }
            assertTrue(block.isLinked());
            assertTrue(block.unlink());
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void shouldAttachAnAnonymousBlockOfPython(String python) {
        assumePresent(python);
        String name = run(python, "create", "-", "16").get(0).split(" ")[0];

        try (SharedMemory block = SharedMemory.attach(name)) {
            assertTrue(name.startsWith("psm_"), name);
            assertEquals(16, block.size());
            assertTrue(block.unlink());
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void shouldShareMemoryWithPythonThatAttaches(String python) {
        assumePresent(python);
        try (SharedMemory block = SharedMemory.create(scratch.name("java"), 5)) {
            block.write(0, MemorySegment.ofArray(new byte[] {0, 1, 2, -1, 100}));

            List<String> seen = run(python, "increment", block.name());

            assertEquals(List.of("5 000102ff64"), seen);
            assertEquals("0102030065", HexFormat.of().formatHex(block.buf().toArray(ValueLayout.JAVA_BYTE)));
            assertTrue(block.isLinked());
            block.unlink();
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void shouldReadAndChangeAListOfPython(String python) {
        assumePresent(python);
        String name = scratch.name("list");
        assertEquals(List.of(name + " " + ITEMS.size()), run(python, "list-create", name, described(ITEMS)));

        try (ShareableList list = ShareableList.attach(name)) {
            assertEquals(ListItems.shown(ITEMS), ListItems.shown(list.toList()));

            List<Object> changed = new ArrayList<>(ITEMS);
            changed.set(0, "ß€");
            changed.set(4, null);
            changed.set(5, new byte[] {1, 0, 2});
            changed.set(9, false);
            changed.set(12, "€ äö ü");
            changed.set(13, 7L);
            changed.set(16, 1e300);
            for (int item = 0; item < changed.size(); item++) {
                list.set(item, changed.get(item));
            }
            assertEquals(ListItems.shown(changed), pythonSees(python, name));
            list.block().unlink();
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void shouldLetPythonReadAndChangeAList(String python) {
        assumePresent(python);
        Assumptions.assumeFalse(python.contains("/3.8."), "Python 3.8 reads only its own index of lengths");
        List<Object> items = new ArrayList<>(ITEMS);
        items.add("é".repeat(7)); // which Python itself would truncate
        try (ShareableList list = ShareableList.create(scratch.name("list"), items)) {
            assertEquals(ListItems.shown(items), pythonSees(python, list.block().name()));

            List<String> replies = run(
                    python,
                    "list-set",
                    list.block().name(),
                    "0",
                    described(List.of("ß€")).clone()[0],
                    "1",
                    ListItems.described(null).toString(),
                    "9",
                    described(List.of("12345678"))[0],
                    "13",
                    described(List.of(2.5))[0],
                    "14",
                    described(List.of(new byte[] {9, 8}))[0],
                    "15",
                    described(List.of("123456789"))[0]);

            items.set(0, "ß€");
            items.set(1, null);
            items.set(9, "12345678");
            items.set(13, 2.5);
            items.set(14, new byte[] {9, 8});
            assertEquals(List.of("done", "done", "done", "done", "done"), replies.subList(0, 5));
            assertTrue(replies.get(5).contains("exceeds available storage"), replies.get(5));
            assertEquals(ListItems.shown(items), ListItems.shown(list.toList()));
            list.block().unlink();
        }
    }

    @Test
    void shouldReadAListWhilePythonReplacesItsItems() {
        String python = PythonVersions.any();
        try (ShareableList list = ShareableList.create(scratch.name("flip"), List.of(1, 2, 3));
                ChildProcess child = PythonVersions.start(
                        python,
                        PEER,
                        "list-flip",
                        list.block().name(),
                        1,
                        ListItems.described(1L),
                        ListItems.described("abc"),
                        ListItems.described(null),
                        ListItems.described(2.5))) {
            Assumptions.assumeFalse(python.contains("/3.8."), "Python 3.8 reads only its own index of lengths");
            assertEquals("ready", child.line());
            Set<ItemKind> seen = EnumSet.noneOf(ItemKind.class);

            long endNs = System.nanoTime() + 60_000_000_000L;
            while (seen.size() < 4 && System.nanoTime() < endNs) {
                try {
                    seen.add(list.kind(1));
                    list.get(1);
                } catch (IncompatibleException e) {
                    assertTrue(e.getMessage().contains("item 1"), e.getMessage());
                }
            }
            child.send("end");
            child.finish();

            assertEquals(EnumSet.of(ItemKind.INT, ItemKind.STR, ItemKind.NONE, ItemKind.FLOAT), seen);
            assertEquals(1L, list.get(0));
            assertEquals(3L, list.get(2));
            list.block().unlink();
        }
    }

    @Test
    void shouldShareNumpyArrays() {
        List<String> pythons = PythonVersions.all()
                .filter(python -> ExternalCommand.succeeds(python, "-c", "import numpy"))
                .toList();
        Assumptions.assumeFalse(pythons.isEmpty(), "no installed python3 has numpy");
        for (String python : pythons) {
            try (SharedMemory block = SharedMemory.create(scratch.name("numpy"), 48)) {
                for (int i = 0; i < 6; i++) {
                    block.buf().setAtIndex(ValueLayout.JAVA_DOUBLE, i, 0.5 * i);
                }

                assertEquals(List.of("0.0 0.5 1.0 1.5 2.0 2.5"), run(python, "numpy", block.name()));

                assertEquals(5.0, block.buf().getAtIndex(ValueLayout.JAVA_DOUBLE, 5), "numpy doubled it");
                block.unlink();
            }
        }
    }
}
