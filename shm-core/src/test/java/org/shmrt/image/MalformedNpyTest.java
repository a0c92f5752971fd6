package org.shmrt.image;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shmrt.error.IncompatibleException;
import org.shmrt.error.ShmException;
import org.shmrt.memory.MemoryImage;

/** Malformed files are refused with a reason, and without memory for missing data. */
class MalformedNpyTest {
    private static final String TAIL = "'fortran_order': False, 'shape': (3,), }";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "object; Python objects",
                "structured; structured",
                "strings; strings",
                "bytes; strings",
                "dates; dates",
                "longdouble; f8",
                "void; structured"
            })
    void shouldRefuseTypesThatAnImageCannotRepresent(String file, String word) {
        refused(TestImages.resource(file + ".npy"), word);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'descr': '<u2', 'fortran_order': False, 'shape': (-3,), };            the length of an axis",
                "{'descr': '<u2', 'fortran_order': False, 'shape': (3), };              not a tuple",
                "{'descr': '<u2', 'fortran_order': False, 'shape': 3, };                expected (",
                "{'descr': '<u2', 'fortran_order': False, 'shape': [3], };              expected (",
                "{'descr': '<u2', 'fortran_order': False, 'shape': (3 3), };            a comma or )",
                "{'descr': '<u2', 'fortran_order': False, 'shape': (,), };              the length of an axis",
                "{'descr': '<u2', 'fortran_order': False, 'shape': (3.0,), };           a comma or )",
                "{'descr': '<u2', 'fortran_order': False, 'shape': (007,), };           the length of an axis",
                "{'descr': '<u2', 'fortran_order': False, 'shape': (True,), };          the length of an axis",
                "{'descr': '<u2', 'fortran_order': False, 'shape': (3,;                 its end",
                "{'descr': '<u2', 'fortran_order': False, 'shape': (99999999999999999999,), };  63 bits",
                "{'descr': '<u2', 'fortran_order': False, 'shape': (4294967296, 4294967296), }; 63 bits",
                "{'descr': '<u2', 'fortran_order': False, 'shape': (0, 4294967296, 4294967296), }; 63 bits",
                "{'descr': '<c16', 'fortran_order': False, 'shape': (4611686018427387904,), }; 63 bits",
                "{'descr': '<u2', 'fortran_order': 0, 'shape': (3,), };                 True or False",
                "{'descr': '<u2', 'fortran_order': 'False', 'shape': (3,), };           True or False",
                "{'descr': '<u2', 'fortran_order': Falsey, 'shape': (3,), };            expected }",
                "{'descr': '<u2', 'shape': (3,), };                                     lacks 'fortran_order'",
                "{'fortran_order': False, 'shape': (3,), };                             lacks 'descr'",
                "{'descr': '<u2', 'fortran_order': False};                              lacks 'shape'",
                "{};                                                                    lacks 'descr'",
                "{'descr': '<u2', 'descr': '<u2', " + TAIL + ";                         twice",
                "{'shape': (2,), 'descr': '<u2', " + TAIL + ";                          twice",
                "{'evil': '<u2', " + TAIL + ";                                          unknown key 'evil'",
                "{'descr': 7, " + TAIL + ";                                             a string",
                "{'descr': '<u2, " + TAIL + ";                                          expected",
                "{'descr': '\\x3cu2', " + TAIL + ";                                     a plain string",
                "{'descr': '', " + TAIL + ";                                            type ''",
                "{'descr': '<', " + TAIL + ";                                           type '<'",
                "{'descr': 'u3', " + TAIL + ";                                          type 'u3'",
                "{'descr': '|', " + TAIL + ";                                           type '|'",
                "{'descr': '<>u2', " + TAIL + ";                                        type '<>u2'",
                "{'descr': '<u3', " + TAIL + ";                                         type '<u3'",
                "{'descr': '<f16', " + TAIL + ";                                        astype('f8')",
                "{'descr': '<c32', " + TAIL + ";                                        astype('c16')",
                "{'descr': ('<u2', (2,)), " + TAIL + ";                                 structured",
                "{'descr': [('a', '<u2')], " + TAIL + ";                                structured",
                "{'descr': '<u2' 'fortran_order': False};                               expected }",
                "{'descr': '<u2', " + TAIL + " os.abort();                              nothing but spaces",
                "os.abort();                                                            expected {",
                "[];                                                                    expected {",
                "{;                                                                     a string",
                "{{{{{{{{{{{{;                                                          a string"
            })
    void shouldRefuseAHeaderThatNumpyDoesNotWrite(String header, String word) {
        refused(concat(header(header), new byte[64]), word);
    }

    @Test
    void shouldReadHeadersThatOtherProgramsWrite() {
        for (String header : new String[] {
            "{\"descr\":\"<u2\",\"fortran_order\":False,\"shape\":(3,)}",
            "{ 'shape' : ( 3 , ) , 'fortran_order' : False , 'descr' : '<u2' , }\t \n",
            "{'descr': '<u2', 'fortran_order': True, 'shape': (3L,), }",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3,)}",
            "{'descr': '<u1', 'fortran_order': False, 'shape': (2, 3)}"
        }) {
            assertDoesNotThrow(() -> read(concat(header(header), new byte[6])), header);
        }
    }

    @Test
    void shouldShowAMaliciousHeaderInOneLineOfPlainCharacters() {
        ShmException failure = refused(header("{'descr': '<" + "\u001b[2J\u0085".repeat(50) + "', " + TAIL), "plain");
        TestImages.assertOneLine(failure);
        failure = refused(header("{'" + "\u0085\u00ff".repeat(1000) + "': 1}"), "unknown key", "...");
        for (int i = 0; i < failure.getMessage().length(); i++) {
            assertTrue(failure.getMessage().charAt(i) < 0x7f);
        }
    }

    @Test
    void shouldRefuseTooManyAxes() {
        refused(header("{'descr': '<u2', 'fortran_order': False, 'shape': (" + "1, ".repeat(65) + "), }"), "64 axes");
    }

    @Test
    void shouldRefuseOtherFiles() {
        refused(new byte[0], "does not start as one");
        refused("P5 640 480 255\n".getBytes(StandardCharsets.US_ASCII), "does not start as one");
        byte[] good = header("{'descr': '<u2', " + TAIL);
        good[6] = 4;
        refused(good, "version 4.0");
        good[6] = 0;
        refused(good, "version 0.0");
        good[6] = 1;
        good[7] = 1;
        refused(good, "version 1.1");
    }

    @Test
    void shouldRefuseAHeaderOfUnboundedLength() {
        for (int length : new int[] {(1 << 20) + 1, Integer.MAX_VALUE, -1}) {
            byte[] file = ByteBuffer.allocate(200)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(NpyHeader.MAGIC)
                    .put((byte) 2)
                    .put((byte) 0)
                    .putInt(length)
                    .array();
            refused(file, Integer.toUnsignedString(length));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uint16", "version-2", "fortran-big-endian-4d"})
    void shouldRefuseTruncatedFiles(String file) throws IOException {
        byte[] whole = TestImages.resource(file + ".npy");
        Path truncated = directory.resolve("truncated.npy");
        for (int length = 0; length < whole.length; length++) {
            byte[] start = Arrays.copyOf(whole, length);
            ShmException fromInput = refused(start);
            Files.write(truncated, start);
            ShmException fromFile = assertThrows(IncompatibleException.class, () -> NpyFile.read(truncated));
            TestImages.assertOneLine(fromFile, truncated.toString());
            assertEquals(fromInput.getMessage(), fromFile.getMessage().replace(truncated.toString(), "malformed"));
        }
    }

    @Test
    void shouldReportExpectedAndFoundBytesOfTruncatedData() throws IOException {
        byte[] file = concat(header("{'descr': '<f8', 'fortran_order': False, 'shape': (480, 640), }"), new byte[1000]);
        refused(file, "2457600", "1000", "480x640", "float64");
    }

    @Test
    void shouldAllocateNoMemoryForMissingData() throws IOException {
        byte[] file = header("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000, 1000), }");
        refused(file, "8000000000000000");
        Path path = directory.resolve("huge.npy");
        Files.write(path, file);
        TestImages.assertOneLine(assertThrows(IncompatibleException.class, () -> NpyFile.read(path)), "truncated");
    }

    @Test
    void shouldReportHowToGiveJavaMoreMemory() throws IOException {
        Path path = directory.resolve("sparse.npy");
        byte[] header = header("{'descr': '>u2', 'fortran_order': False, 'shape': (2000000000000,), }");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(header);
            file.setLength(header.length + 4_000_000_000_000L);
        } catch (IOException e) {
            abort("this file system has no sparse files of this size");
        }
        ShmException failure = assertThrows(ShmException.class, () -> NpyFile.read(path));
        TestImages.assertOneLine(failure, "4000000000000", "MaxDirectMemorySize");
    }

    @Test
    void shouldReadOrRefuseFilesWithFlippedBytes() {
        Random random = new Random(7);
        for (String name : new String[] {"uint16", "version-3", "fortran-2d", "c-order-4d"}) {
            byte[] whole = TestImages.resource(name + ".npy");
            for (int i = 0; i < 4000; i++) {
                byte[] file = whole.clone();
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    file[random.nextInt(file.length)] = (byte) random.nextInt(256);
                }
                try {
                    read(file);
                } catch (ShmException e) {
                    TestImages.assertOneLine(e);
                }
            }
        }
    }

    private static IncompatibleException refused(byte[] file, String... words) {
        IncompatibleException failure = assertThrows(IncompatibleException.class, () -> read(file));
        TestImages.assertOneLine(failure, words);
        TestImages.assertOneLine(failure, "malformed");
        return failure;
    }

    private static MemoryImage read(byte[] file) {
        return NpyFile.read(new ByteArrayInputStream(file), "malformed");
    }

    static byte[] header(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(10 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(NpyHeader.MAGIC)
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) bytes.length)
                .put(bytes)
                .array();
    }

    static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
